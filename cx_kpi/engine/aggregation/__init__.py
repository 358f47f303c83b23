"""Aggregation: rows to bins, bins to figures."""
