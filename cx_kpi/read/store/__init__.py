"""A store: exports kept together as they were read, so that each is read from its own format once."""
