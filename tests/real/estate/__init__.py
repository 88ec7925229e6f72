"""An estate of different servers, each with its own root and namespaces, and what is true of it."""
