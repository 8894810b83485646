"""Findings: what was found at a school, until a second person has seen that it is remedied."""
