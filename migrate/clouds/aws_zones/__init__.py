"""How AWS is asked of a landing zone: one file for each aspect, by the page."""
