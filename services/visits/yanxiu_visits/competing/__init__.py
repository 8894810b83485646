"""The competition: stages that take turns, three rounds a term, entries led by principals, rank lists by category."""
