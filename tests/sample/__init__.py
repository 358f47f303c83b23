"""The generator of sample_data: one invented company, the same bytes for the same seed."""
