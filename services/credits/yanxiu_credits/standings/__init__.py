"""Where teachers stand: judging a period, the lists of who falls short, and what was known on a past day."""
