"""What becomes of each application: grouped, judged as one, decided by a table, or by people."""
