"""Visits to schools: what was noted of each, in whatever order it came, and what it therefore is."""
