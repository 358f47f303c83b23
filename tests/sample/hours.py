"""When the desk is open, and when people write to it."""

from datetime import datetime, timedelta
from random import Random

_ARRIVALS = [3, 2, 1, 1, 1, 2, 4, 8, 16, 24, 28, 29, 26, 24, 24, 24, 24, 25, 26, 27, 25, 20, 14, 8]
_WEEKDAYS = [1.20, 1.10, 1.05, 1.00, 1.00, 0.42, 0.38]


def shift(day: datetime) -> tuple[datetime, datetime]:
    """When the desk opens and closes on the day of this moment."""
    midnight = day.replace(hour=0, minute=0, second=0)
    opens, closes = (8, 22) if day.weekday() < 5 else (10, 18)
    return midnight + timedelta(hours=opens), midnight + timedelta(hours=closes)


def is_open(moment: datetime) -> bool:
    """Is somebody at the desk?"""
    opens, closes = shift(moment)
    return opens <= moment < closes


def worked(start: datetime, seconds: float) -> datetime:
    """The moment when this much opening time has passed."""
    while True:
        opens, closes = shift(start)
        start = max(start, opens)
        left = max((closes - start).total_seconds(), 0.0)
        if seconds < left:
            return start + timedelta(seconds=int(seconds))
        seconds -= left
        start = opens.replace(hour=0) + timedelta(days=1)


def open_seconds(start: datetime, end: datetime) -> float:
    """How much opening time lies between two moments."""
    total = 0.0
    while start < end:
        opens, closes = shift(start)
        total += max((min(closes, end) - max(opens, start)).total_seconds(), 0.0)
        start = opens.replace(hour=0) + timedelta(days=1)
    return total


def arrivals(rng: Random, days: list[datetime], number: int) -> list[datetime]:
    """That many moments over the days: busy mornings and evenings, quiet nights and weekends."""
    weights = [_WEEKDAYS[day.weekday()] for day in days]
    hours = rng.choices(range(24), _ARRIVALS, k=number)
    return [
        day + timedelta(hours=hour, seconds=rng.randrange(3600))
        for day, hour in zip(rng.choices(days, weights, k=number), hours, strict=True)
    ]
