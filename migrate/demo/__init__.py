"""The whole flow on a small estate of its own."""
