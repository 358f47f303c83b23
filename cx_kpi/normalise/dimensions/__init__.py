"""Dimensions and conditions: what figures can be cut and filtered by, and where it comes from."""
