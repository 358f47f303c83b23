"""Verdicts: the whole judging procedure, what a change is made of, and what comes next."""
