"""One verb a file: each reads the store, does one thing, writes the store."""
