"""Databases: SQLite files, and PostgreSQL servers."""
