"""A whole district at once: its ledger as columns, sealed years, and what is judged from them."""
