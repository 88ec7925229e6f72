"""Others' exports: one format a file, how it is recognised and what it says of the estate."""
