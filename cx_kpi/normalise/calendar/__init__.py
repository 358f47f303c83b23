"""Calendars: opening hours, holidays and special days."""
