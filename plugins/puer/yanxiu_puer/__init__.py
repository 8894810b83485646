"""The rule pack of Pu'er (普洱)."""
