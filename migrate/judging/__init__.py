"""What rules are made of: reading facts that may be unknown, and the examples that prove it."""
