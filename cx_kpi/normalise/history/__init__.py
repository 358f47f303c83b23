"""The history of tickets as their events tell it."""
