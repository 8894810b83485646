"""Researchers: who they are, what they guide, with whom they may not work, and when they are absent."""
