"""What to do about what exists: judge it, plan its move, prove the replacement, switch it off."""
