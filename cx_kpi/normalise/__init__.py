"""Normalising: text frames, presets and mappings in, canonical tables and notices out."""
