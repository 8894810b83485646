"""Mutation test of a rule pack: what its cases would not notice if a formula or a parameter were wrong."""
