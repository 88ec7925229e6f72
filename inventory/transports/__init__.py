"""How a server is reached: one verb, ask."""
