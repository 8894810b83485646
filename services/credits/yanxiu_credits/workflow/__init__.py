"""The workflows that regulations order: processes run from the rule pack's data, each step signed."""
