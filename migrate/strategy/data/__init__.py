"""The shipped decision table and its JSON Schema."""
