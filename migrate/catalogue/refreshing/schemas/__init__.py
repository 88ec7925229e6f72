"""The shapes of the services' pages; see ``shapes.py``."""
