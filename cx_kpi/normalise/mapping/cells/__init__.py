"""What the cells of a column can be: whether they fit a field, and how many can be read."""
