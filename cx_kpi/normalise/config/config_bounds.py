"""How much a configuration may hold, and how large its numbers may be: more is a mistake, or meant to harm."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from typing import Any

from cx_kpi.model.errors import UsageProblem
from cx_kpi.model.options import Config

DAYS = (1, 36_525)  # a century
NUMBERS = {
    "repeat_days": DAYS,
    "complaint_repeat_days": DAYS,
    "inactivity_days": DAYS,
    "repurchase_days": DAYS,
    "fiscal_year_starts": (1, 12),
    "costs.hourly_rate": (0, 10**9),
    "costs.per_month": (0, 10**12),
}
LARGEST = 10**15  # of any number
LONGEST = 10_000  # characters of any text
MOST = {  # most entries of lists that cost time for each row or metric
    "target": 500,
    "calendar": 100,
    "metric": 100,
    "presets": 50,
    "calendar.holidays": 50,
    "calendar.days": 5_000,
    "calendar.when": 20,
    "target.when": 20,
    "surveys.questions": 2_000,
    "cohorts": 500,
}
MOST_ITEMS = 50_000  # of any other list or table
DEEPEST = 12  # parts of a dotted key
_PART = r"""(?:[\w-]++|"[^"\n]*+"|'[^'\n]*+')"""
_DEEP = re.compile(rf"(?:^|[\[{{,])[ \t]*+({_PART}(?:[ \t]*+\.[ \t]*+{_PART}){{{DEEPEST}}})", re.MULTILINE)


def line_too_deep(text: str) -> int | None:
    """The line of a key with more parts than any of ours; the reader of TOML takes minutes for thousands."""
    found = _DEEP.search(text)
    return text.count("\n", 0, found.start(1)) + 1 if found else None


def bounds_problems(config: Config) -> Iterator[str]:
    """Values out of bounds, one line each: the key, and the range."""
    for key, value in _walk(config, ""):
        if isinstance(value, str):
            if len(value) > LONGEST:
                yield f"{key}: longer than {LONGEST:,} characters; shorten it"
        elif isinstance(value, Sequence | Mapping):
            most = MOST.get(key, MOST_ITEMS)
            if len(value) > most:
                yield f"{key}: {len(value):,} in all, and at most {most:,} are taken"
        else:
            yield from _number(key, value)


def refuse_unbounded(config: Config) -> None:
    """Raises `UsageProblem` for the first of them."""
    for problem in bounds_problems(config):
        raise UsageProblem(problem)


def _number(key: str, value: float) -> Iterator[str]:
    low, high = NUMBERS.get(key, (-LARGEST, LARGEST))
    if not low <= value <= high:  # also true of NaN
        yield f"{key}: has to be a number from {low:,} to {high:,}"


def _walk(value: Any, key: str) -> Iterator[tuple[str, Any]]:
    """Every text, number, list and table, with the key it is under; the members of a list share its key."""
    if is_dataclass(value):
        for each in fields(value):
            yield from _walk(getattr(value, each.name), f"{key}.{each.name}".strip("."))
    elif isinstance(value, str):
        yield key, value
    elif isinstance(value, Mapping):
        yield key, value
        for name, inner in value.items():
            yield from _walk(name, key)
            yield from _walk(inner, f"{key}.{name}" if len(name) < LONGEST else key)
    elif isinstance(value, list | tuple):
        yield key, value
        for inner in value:
            yield from _walk(inner, key)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield key, value
