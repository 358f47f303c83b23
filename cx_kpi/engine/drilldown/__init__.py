"""Drill-down: row by row what a metric counts."""
