"""Statistics in closed form: intervals, changes, targets."""
