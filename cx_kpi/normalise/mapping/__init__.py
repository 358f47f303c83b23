"""Mapping: which column of a file is which field."""
