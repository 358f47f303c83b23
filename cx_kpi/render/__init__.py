"""Rendering: a report in, text out. Nothing here knows a metric by name."""
