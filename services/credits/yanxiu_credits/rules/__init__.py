"""The law itself: installed packs, their clauses and examples, comparisons, and decisions that are tried."""
