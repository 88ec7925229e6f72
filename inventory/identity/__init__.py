"""Which records are one server: decided over all of them at once, without touching anything."""
