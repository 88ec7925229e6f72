"""One command a file: what the user types to judge, plan, prove and switch off."""
