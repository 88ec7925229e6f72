"""Evidence, appended and chained so that tampering shows."""
