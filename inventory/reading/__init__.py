"""Others' files opened safely: bytes become text, tables and trees, in bounded memory."""
