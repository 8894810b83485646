"""The books: entries and their reversal, locked periods, the tree over the ledger and its signed heads."""
