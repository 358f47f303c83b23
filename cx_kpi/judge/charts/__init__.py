"""Charts as numbers: what every renderer draws."""
