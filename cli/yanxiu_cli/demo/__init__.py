"""Two synthetic districts under two laws: made up from a seed, entered through the services' own commands."""
