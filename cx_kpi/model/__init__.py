"""What all stages share: the vocabulary of tables, options and errors, and the report as plain values."""
