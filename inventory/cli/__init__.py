"""One command a file: what the user types to look at what exists."""
