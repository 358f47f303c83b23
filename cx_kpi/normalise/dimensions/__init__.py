"""Dimensions and conditions: what figures can be cut and filtered by, and the columns for that."""
