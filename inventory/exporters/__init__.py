"""What other tools read: one format a file, written from the inventory."""
