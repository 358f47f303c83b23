"""The choice: which table a file is, which of its sheets, lists and columns are read, and the evidence."""
