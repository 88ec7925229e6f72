"""What can be done to an old server: one destructive act a file."""
