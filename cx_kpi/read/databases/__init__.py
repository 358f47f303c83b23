"""Databases: files of SQLite and DuckDB, servers of PostgreSQL and MySQL."""
