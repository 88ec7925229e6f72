"""What servers cost, where they stand and in each cloud, and what carbon they cause."""
