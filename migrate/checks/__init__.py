"""What must be true before something old is switched off: one check a file."""
