"""Planning: which metrics the columns allow, and what has to be read for them."""
