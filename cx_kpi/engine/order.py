"""Exact order statistics of many groups at once, by one sort of packed integers.

A group number and a duration in milliseconds are packed into one Int64, so that a radix sort orders all
groups together; quantiles are gathered by position, linearly interpolated. The censor-aware quantile is
the Kaplan–Meier estimate: the first duration at which the share still unfinished falls to 1 − q; where
nothing is unfinished, it is the plain quantile.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil

import polars as pl

BITS = 40  # 2**40 ms are 34 years
_UNIT = 1000  # durations are kept to the millisecond
_LONGEST = 2**BITS - 1
EPSILON = 1e-9
DEEPEST = 0.9  # the share finished at the lowest point of the estimate that is asked for


@dataclass(frozen=True, slots=True)
class Order:
    """Order statistics of one group, in seconds; `n` finished, `censored` not finished."""

    n: int = 0
    median: float | None = None
    p90: float | None = None
    maximum: float | None = None
    censored: int = 0
    censored_median: float | None = None
    censored_p90: float | None = None


EMPTY = Order()


def milliseconds(seconds: pl.Expr) -> pl.Expr:
    """Durations in seconds as whole milliseconds."""
    return (seconds * _UNIT).round().cast(pl.Int64).clip(0, _LONGEST)


def packed(values: pl.Series, groups: pl.Series | None = None, *, partial: bool = True) -> pl.Series:
    """Sorted packed integers of known values in milliseconds, in groups 0 and up; all in group 0 by default.

    With `partial`, a row may be in no group (−1).
    """
    if groups is not None:
        group = pl.col("group").cast(pl.Int64)
        key = group * 2**BITS + pl.col("value")
        if partial:
            key = pl.when(group >= 0).then(key)
        frame = pl.DataFrame({"value": values, "group": groups})
        values = frame.lazy().select(key.alias("value")).collect()["value"]
    return values.sort().slice(values.null_count())


def orders(finished: pl.Series, censored: pl.Series | None, groups: int) -> list[Order]:
    """The order statistics of groups 0 … groups − 1, from packed sorted values."""
    cuts = pl.Series([group * 2**BITS for group in range(groups + 1)], dtype=pl.Int64)
    marks = finished.search_sorted(cuts).to_list()
    waiting = finished.clear() if censored is None else censored
    ends = waiting.search_sorted(cuts).to_list()
    plain = _quantiles(finished, marks)
    return [
        _order(
            plain[group],
            _Group(finished, waiting, marks[group], marks[group + 1], ends[group], ends[group + 1]),
        )
        for group in range(groups)
    ]


def _quantiles(values: pl.Series, marks: Sequence[int]) -> list[tuple[float, float, float] | None]:
    """Median, 90th percentile and maximum of each group, in seconds."""
    positions: list[int] = []
    for start, end in pairwise(marks):
        if end > start:
            middle, ninth = (end - start - 1) * 0.5, (end - start - 1) * 0.9
            positions += [
                start + int(middle),
                start + ceil(middle),
                start + int(ninth),
                start + ceil(ninth),
                end - 1,
            ]
    found = iter((values.gather(positions) & _LONGEST).to_list()) if positions else iter(())
    out: list[tuple[float, float, float] | None] = []
    for start, end in pairwise(marks):
        if end == start:
            out.append(None)
            continue
        low, high, low9, high9, top = (next(found) / _UNIT for _ in range(5))
        ninth = (end - start - 1) * 0.9 % 1
        out.append(((low + high) / 2, low9 + (high9 - low9) * ninth, top))
    return out


@dataclass(frozen=True, slots=True)
class _Group:
    """One group's slices of the finished and the censored values."""

    finished: pl.Series
    censored: pl.Series
    start: int
    end: int
    censored_start: int
    censored_end: int


def _order(plain: tuple[float, float, float] | None, group: _Group) -> Order:
    median, p90, maximum = plain or (None, None, None)
    waiting = group.censored_end - group.censored_start
    if not waiting:
        return Order(group.end - group.start, median, p90, maximum, 0, median, p90)
    middle, ninth = _kaplan_meier(group, (0.5, 0.1))
    return Order(group.end - group.start, median, p90, maximum, waiting, middle, ninth)


def _kaplan_meier(group: _Group, survivals: Sequence[float]) -> list[float | None]:
    """First duration, in seconds, at which the share unfinished is at most each of the falling `survivals`.

    Between two censored rows the estimate telescopes: it falls by (at risk − finished) ÷ at risk.
    """
    n, waiting = group.end - group.start, group.censored_end - group.censored_start
    wanted, found = list(survivals), list[float | None]()
    survival = 1.0
    for left, (start, stop) in enumerate(pairwise(_runs(group)) if n else ()):
        risk = n + waiting - start - left
        after = survival * (risk - (stop - start)) / risk if stop > start else survival
        while wanted and after <= wanted[0] + EPSILON and stop > start:
            fallen = ceil(risk * (1 - wanted.pop(0) / survival) - EPSILON)
            found.append(_seconds(group.finished, group.start + start + max(fallen, 1) - 1))
        if not wanted:
            break
        survival = after
    return found + [None for _ in wanted]


def _runs(group: _Group) -> list[int]:
    """How many have finished by each censored row, from none to all."""
    n, waiting = group.end - group.start, group.censored_end - group.censored_start
    events = group.finished.slice(group.start, n)
    censored = group.censored.slice(group.censored_start, waiting)
    last = min(n, ceil((n + waiting) * DEEPEST)) - 1  # no later step can reach so far down
    early = int(censored.search_sorted(events[last], side="right"))
    return [0, *events.search_sorted(censored.head(early), side="right").to_list(), n]


def _seconds(values: pl.Series, place: int) -> float:
    return float(values[place] & _LONGEST) / _UNIT
