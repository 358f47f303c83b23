"""Rows of delimited text: their grammar, where the table starts, and the repair of damaged ones."""
