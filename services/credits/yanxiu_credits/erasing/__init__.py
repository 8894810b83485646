"""Erasing a person, as far as it concerns credits: what stands against it, and the receipt."""
