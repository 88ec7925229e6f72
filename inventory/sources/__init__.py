"""Estates that are asked as a whole: whoever runs many servers tells of all of them."""
