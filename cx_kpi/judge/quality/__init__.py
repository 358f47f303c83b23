"""Data quality: what is odd in the files, and which metrics it moves."""
