"""Time: periods, windows, and the hours a desk is open."""
