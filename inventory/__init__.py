"""What exists: servers, applications and their connections, and how each is known."""
