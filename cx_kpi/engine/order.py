"""Exact order statistics of many groups at once, by one sort of packed integers.

A group number and a duration in milliseconds are packed into one Int64, so that a radix sort orders all
groups together; quantiles are gathered by position, linearly interpolated. The censor-aware quantile is
the Kaplan–Meier estimate: the first duration at which the share still unfinished falls to 1 − q.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil

import polars as pl

BITS = 40  # 2**40 ms are 34 years
_UNIT = 1000  # durations are kept to the millisecond
_LONGEST = 2**BITS - 1
EPSILON = 1e-12


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
    ends = censored.search_sorted(cuts).to_list() if censored is not None else [0] * (groups + 1)
    plain = _quantiles(finished, marks)
    return [
        _order(
            plain[group],
            _Group(finished, censored, marks[group], marks[group + 1], ends[group], ends[group + 1]),
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
    censored: pl.Series | None
    start: int
    end: int
    censored_start: int
    censored_end: int


def _order(plain: tuple[float, float, float] | None, group: _Group) -> Order:
    median, p90, maximum = plain or (None, None, None)
    waiting = group.censored_end - group.censored_start
    if group.censored is None:
        return Order(group.end - group.start, median, p90, maximum)
    middle, ninth = _kaplan_meier(group, (0.5, 0.1))
    return Order(group.end - group.start, median, p90, maximum, waiting, middle, ninth)


def _kaplan_meier(group: _Group, survivals: Sequence[float]) -> list[float | None]:
    """First duration, in seconds, at which the share unfinished is at most each of `survivals`.

    Between two censored rows the estimate telescopes: it falls by (at risk − finished) ÷ at risk.
    """
    events = group.finished.slice(group.start, group.end - group.start)
    n = len(events)
    if not n:
        return [None for _ in survivals]
    steps = _steps(events, group, n)
    return [_reach(events, steps, survival) for survival in survivals]


def _steps(events: pl.Series, group: _Group, n: int) -> pl.DataFrame:
    """Runs between censored rows: events before the run, at risk at its start, survival at its start."""
    waiting = group.censored_end - group.censored_start
    assert group.censored is not None  # noqa: S101 - callers have checked
    censored = group.censored.slice(group.censored_start, waiting)
    done = pl.concat(
        [pl.Series([0], dtype=pl.Int64), events.search_sorted(censored, side="right").cast(pl.Int64)]
    )
    frame = pl.DataFrame({"done": done, "left": pl.int_range(0, waiting + 1, eager=True)})
    risk = n + waiting - pl.col("done") - pl.col("left")
    frame = frame.with_columns(risk=risk, until=pl.col("done").shift(-1, fill_value=n))
    fall = (pl.col("risk") - (pl.col("until") - pl.col("done"))) / pl.col("risk")
    log = pl.when(pl.col("risk") > 0).then(fall.log()).otherwise(0.0)
    return frame.with_columns(
        survival=log.cum_sum().shift(1, fill_value=0.0).exp(), after=log.cum_sum().exp()
    )


def _reach(events: pl.Series, steps: pl.DataFrame, survival: float) -> float | None:
    reached = steps.filter(pl.col("after") <= survival + EPSILON).head(1)
    if not reached.height:
        return None
    run = reached.row(0, named=True)
    if run["survival"] <= survival + EPSILON or not run["risk"]:
        needed = 0
    else:
        needed = ceil(run["risk"] * (1 - survival / run["survival"]) - 1e-9)
    index = run["done"] + max(needed, 1) - 1
    value = events.gather([min(index, len(events) - 1)]).item() & _LONGEST
    return float(value) / _UNIT
