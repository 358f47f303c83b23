"""Configuration: read, checked and written; calendars and opening hours."""
