"""What is learnt of resources in AWS: one aspect a file."""
