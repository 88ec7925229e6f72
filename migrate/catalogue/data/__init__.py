"""The catalogue's data as shipped; ``datasets.json`` says what each file is and how old."""
