"""Reports that are made by the clock, and what they leave: profiles, schedules, the history."""
