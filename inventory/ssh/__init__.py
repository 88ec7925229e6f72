"""How SSH servers are reached and verified."""
