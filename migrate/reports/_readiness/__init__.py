"""The readiness report's parts: the figures, the words, and each format."""
