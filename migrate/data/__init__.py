"""Whether two stores of data hold the same: read, summed up where they lie, and never changed."""
