"""Formats that hold tables of their own: Parquet, spreadsheets, JSON, servers."""
