"""Plans of who is placed where: solved, explained, adopted, and turned into residencies."""
