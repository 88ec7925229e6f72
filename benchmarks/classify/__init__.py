"""How long classification takes over large estates, and how much memory, as they grow."""
