"""The history: what runs with `--record` keep, in a SQLite file that others can read meanwhile."""
