"""From the rows of a run to a part."""
