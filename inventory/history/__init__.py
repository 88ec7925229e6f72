"""What changed between two states of the estate, and how each server came to be what it is."""
