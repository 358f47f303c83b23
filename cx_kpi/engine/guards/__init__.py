"""Guards: figures that the data cannot carry are withheld, and the backlog is reconciled."""
