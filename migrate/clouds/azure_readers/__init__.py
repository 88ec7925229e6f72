"""What is learnt of resources in Azure: one aspect a file."""
