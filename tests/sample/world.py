"""The invented world the sample data is drawn from: its story, its dates, and how to draw."""

import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

HERE = Path(__file__).parent
STORY: dict[str, Any] = tomllib.loads((HERE / "story.toml").read_text(encoding="utf-8"))
WORDS: dict[str, Any] = tomllib.loads((HERE / "words.toml").read_text(encoding="utf-8"))

START = datetime(2024, 10, 1)
END = datetime(2026, 4, 1)  # the first instant after the data
EXPORTED = END + timedelta(
    minutes=15
)  # the nightly job has closed what was solved; then the files are written


@dataclass(frozen=True, slots=True)
class Month:
    """One month of the story."""

    start: datetime
    tickets: int
    slowness: float
    complaints: float
    mood: float
    joiners: int
    churn: float

    @property
    def end(self) -> datetime:
        """The first instant of the next month."""
        return (self.start + timedelta(days=32)).replace(day=1)

    @property
    def days(self) -> list[datetime]:
        """Every day of the month, at midnight."""
        return [self.start + timedelta(days=n) for n in range((self.end - self.start).days)]


MONTHS = [Month(datetime.strptime(name, "%Y-%m"), *rest) for name, *rest in STORY["months"]]


def month_of(moment: datetime) -> Month:
    """The story of the month a moment lies in; the first or the last one for moments outside."""
    index = (moment.year - START.year) * 12 + moment.month - START.month
    return MONTHS[min(max(index, 0), len(MONTHS) - 1)]


def stream(name: str) -> Random:
    """A generator of its own for each table, so that a change in one leaves the others alone."""
    return Random(f"{STORY['seed']}:{name}")


def pick(rng: Random, weights: Mapping[str, float]) -> str:
    """One of the words, by its weight."""
    return rng.choices(list(weights), list(weights.values()))[0]


def pick_by(rng: Random, rows: Mapping[str, Mapping[str, Any]], weight: str) -> str:
    """One of the names, by the named number in its row."""
    return pick(rng, {name: row[weight] for name, row in rows.items()})


def skewed(rng: Random, median: float, spread: float) -> float:
    """A log-normal draw: what waiting and working times look like."""
    return median * math.exp(rng.gauss(0, spread))


def chance(odds: float) -> float:
    """The probability at these log-odds."""
    return 1 / (1 + math.exp(-odds))


def within(rng: Random, start: datetime, end: datetime) -> datetime:
    """A moment between two others, to the second."""
    return start + timedelta(seconds=int(rng.random() * (end - start).total_seconds()))
