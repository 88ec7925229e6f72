"""A newer catalogue out of what the services answer: asked page by page, checked, applied whole."""
