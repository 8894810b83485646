"""Years that are over, kept as columns beside the ledger, and believed only while the ledger says the same."""
