"""Which size a server would run on, and for how much: storage, network, compute, cheapest."""
