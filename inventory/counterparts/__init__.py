"""Which resources of clouds may be what a server, or something on it, became."""
