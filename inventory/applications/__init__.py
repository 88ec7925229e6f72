"""Which applications run where, and which depend on which."""
