"""How it is told: one report a file."""
