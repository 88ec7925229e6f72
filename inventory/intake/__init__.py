"""Exports taken into the inventory: recognised, read, and kept beside what servers said."""
