"""The history of tickets as their events show."""
