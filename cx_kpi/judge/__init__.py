"""Judging: intervals, targets, change and findings; figures in, a report out."""
