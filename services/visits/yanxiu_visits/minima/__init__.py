"""What a term of field work owes: minima with what can still be done, coverage, and what an assessment rests on."""
