"""Reading: paths in, text frames out. Nothing here knows what a ticket is."""
