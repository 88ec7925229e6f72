"""How long exports take to import, beside merely reading them."""
