"""Reports that are described once and made by the clock."""
