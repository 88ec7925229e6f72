"""What must be true of a landing zone before anything is moved there: one condition a file."""
