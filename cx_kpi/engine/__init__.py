"""The engine: canonical tables, metrics and cuts in, figures out."""
