"""Mapping: which table a file is, and which column is which field."""
