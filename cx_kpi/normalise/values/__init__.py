"""Cells to values: dates, lengths of time, numbers, answers and words."""
