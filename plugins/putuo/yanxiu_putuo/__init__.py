"""The rule pack of Putuo (普陀)."""
