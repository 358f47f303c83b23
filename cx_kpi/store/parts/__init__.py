"""Part files: what the rows of an export come to, without the rows, and the report of several of them together."""
