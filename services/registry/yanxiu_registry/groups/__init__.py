"""Research groups with their filing, and the groups that lead research in a district and its schools."""
