"""Facts about what customers do: contacts and orders that follow one another."""
