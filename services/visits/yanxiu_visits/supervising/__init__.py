"""Supervision: teams of both sides, the published draw, inspections and their reports, and how a year stands."""
