"""Compiled execution: an operation is planned once and answered level by level, each field for all its rows."""
