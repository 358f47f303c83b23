"""Formats for other tools, and files written whole or not at all."""
