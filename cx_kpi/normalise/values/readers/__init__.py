"""Readers of columns: one for each kind of value."""
