"""The shipped playbooks and their schema."""
