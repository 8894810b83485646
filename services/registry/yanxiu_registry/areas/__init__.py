"""Areas: the parts of a district in which schools do research together."""
