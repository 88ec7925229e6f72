"""How the tables came to be, one step a file, run by Alembic when a store is opened."""
