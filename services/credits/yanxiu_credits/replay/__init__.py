"""Replaying: every stored decision is judged again from what was stored with it, and compared."""
