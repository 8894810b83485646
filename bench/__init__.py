"""Benchmarks: Yanxiu beside a peer, on the same data, in one run, as ratios."""
