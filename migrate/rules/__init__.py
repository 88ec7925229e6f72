"""Why a server can or cannot move: one rule a file."""
