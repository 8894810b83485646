"""The planner itself: pure, from a problem to a plan with its score explained, or to the proof that none exists."""
