"""How fast proof is: parity, data, and the gates of an estate."""
