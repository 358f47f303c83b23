"""CSV and its relatives: dialect, check, and the exact rows."""
