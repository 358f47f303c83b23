"""Conditions: checked, and compiled to expressions."""
