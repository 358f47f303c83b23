"""Sentences: what the report says of its figures."""
