"""What discovery costs, what it knows and what it survives, measured beside its peers."""
