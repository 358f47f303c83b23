"""From several parts to a report."""
