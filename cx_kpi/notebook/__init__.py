"""Reports in Python and in notebooks."""
