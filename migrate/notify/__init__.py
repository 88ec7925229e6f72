"""Telling people elsewhere what happened: by webhook and by e-mail. It never stops anything."""
