"""Exact order statistics of many groups at once, by one sort of packed integers.

A group number and a duration are packed into one integer, so that a sort orders all groups together; quantiles are
gathered by position, linearly interpolated. The censor-aware quantile is the Kaplan–Meier estimate: the first
duration at which the share still unfinished falls to 1 − q; where nothing is unfinished, it is the plain quantile.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import accumulate, compress, pairwise
from math import ceil

import polars as pl

from cx_kpi.engine.packing import FEW, ordered
from cx_kpi.engine.ranks.quantile_ranks import Ranks, ranks_of_each
from cx_kpi.model.frozen import dataclass

BITS = 40  # 2**40 ms are 34 years
UNIT = 1000  # milliseconds of a second
_LONGEST = 2**BITS - 1
_SMALL = 2**31  # numbers below fit into 32 bits, which are sorted in little more than half the time
EPSILON = 1e-9
DEEPEST = 0.9  # the share finished at the lowest point of the estimate that is asked for


@dataclass(frozen=True, slots=True)
class OrderStatistics:
    """Order statistics of one group, in seconds; `n` finished, `censored` not finished."""

    n: int = 0
    median: float | None = None
    p90: float | None = None
    maximum: float | None = None
    censored: int = 0
    censored_median: float | None = None
    censored_p90: float | None = None
    median_interval: tuple[float, float] | None = None  # at 95 %, of the finished alone
    p90_interval: tuple[float, float] | None = None
    error: float = 0.0  # the share of themselves by which they may be off


EMPTY = OrderStatistics()
QUANTILES = (0.5, 0.9)
Intervals = tuple[tuple[float, float] | None, tuple[float, float] | None]
Seconds = Callable[[Sequence[int]], list[float]]  # lengths at some places of all in order
_Plain = tuple[float | None, float | None, float | None]
_Survived = tuple[float | None, float | None]
# from where to where a group's finished values are, and its censored
_Both = tuple[tuple[int, int], tuple[int, int]]
_UNKNOWN: tuple[_Plain, Intervals] = ((None, None, None), (None, None))


@dataclass(frozen=True, slots=True)
class Packing:
    """How a duration and its group share an integer: durations in units of milliseconds, and `room` for each group.

    What is found is rounded by `near`, all but the maximum.
    """

    unit: int = 1
    room: int = 2**BITS
    dtype: type[pl.Int32 | pl.Int64] = pl.Int64
    near: Callable[[pl.Expr], pl.Expr] | None = None

    def seconds(self, number: int) -> float:
        """The duration of a packed number."""
        return number % self.room * self.unit / UNIT

    def all_seconds(self, numbers: pl.Series) -> list[float]:
        """The duration of each of many."""
        found = numbers.cast(pl.Int64) % self.room * self.unit
        return in_seconds(found if self.near is None else pl.select(self.near(pl.lit(found))).to_series())


_PACKING = Packing()


def packing(unit: int, longest: int, groups: int) -> Packing:
    """The narrowest packing for durations up to the longest, in its unit, in this number of groups."""
    room = longest + 1
    return Packing(unit, room, pl.Int32) if groups * room < _SMALL else Packing(unit)


def in_units(rows: pl.LazyFrame, sides: Sequence[pl.Expr]) -> tuple[int, list[pl.Series]]:
    """Durations in seconds as whole numbers, and their unit: whole seconds where all are such, else milliseconds."""
    names = [str(place) for place in range(len(sides))]
    seconds = rows.select(side.alias(name) for side, name in zip(sides, names, strict=True))
    whole = [pl.col(name).cast(pl.Int32, strict=False) for name in names]
    odd = [
        (each.ne_missing(pl.col(name)) | (pl.col(name) < 0)) for each, name in zip(whole, names, strict=True)
    ]
    found = seconds.select(*whole, odd=pl.any_horizontal(odd)).collect()
    if found["odd"].any():
        found = seconds.select(milliseconds(pl.col(name)) for name in names).collect()
        return 1, [found[name] for name in names]
    return UNIT, [found[name] for name in names]


def longest(sides: Sequence[pl.Series]) -> int:
    """The greatest of whole numbers, 0 where there are none."""
    return max((most for side in sides if isinstance(most := side.max(), int)), default=0)


def milliseconds(seconds: pl.Expr) -> pl.Expr:
    """Durations in seconds as whole milliseconds."""
    return (seconds * UNIT).round().cast(pl.Int64).clip(0, _LONGEST)


def packed(
    values: pl.Series, groups: pl.Series | None = None, *, partial: bool = True, by: Packing = _PACKING
) -> pl.Series:
    """Sorted packed integers of known values in their unit, in groups 0 and up; all in group 0 by default.

    With `partial`, a row may be in no group (−1).
    """
    if groups is None:
        values = values.cast(by.dtype)
    elif len(values) < FEW:
        keys = groups.cast(by.dtype) * by.room + values.cast(by.dtype)
        values = keys.filter(groups >= 0) if partial else keys
    else:
        group = pl.col("group").cast(by.dtype)
        key = group * by.room + pl.col("value").cast(by.dtype)
        if partial:
            key = pl.when(group >= 0).then(key)
        frame = pl.DataFrame({"value": values, "group": groups})
        values = frame.lazy().select(key.alias("value")).collect()["value"]
    return ordered(values)


def in_seconds(milliseconds: pl.Series) -> list[float]:
    """Whole milliseconds as seconds: polars would round twice."""
    return [number / UNIT for number in milliseconds.to_list()]


def in_order(
    sizes: Sequence[int], seconds: Seconds, ranks: Sequence[Sequence[Ranks | None]]
) -> list[OrderStatistics]:
    """The order statistics of groups of these sizes that follow one another, each in order; none waits.

    `ranks` are those that bound the quantiles of each.
    """
    ends = [*accumulate(sizes)]
    spans = [(end - size, end) for size, end in zip(sizes, ends, strict=True) if size]
    plain, bounds = (
        iter(_quantiles(seconds, seconds, spans)),
        iter(_intervals(seconds, spans, [*compress(ranks, sizes)])),
    )
    return [_order(size, next(plain), next(bounds)) if size else EMPTY for size in sizes]


def order_statistics_of(
    finished: pl.Series, censored: pl.Series | None, groups: int, by: Packing = _PACKING
) -> list[OrderStatistics]:
    """The order statistics of groups 0 … groups − 1, from packed sorted values."""
    waiting = finished.clear() if censored is None else censored
    spans, ends = ([*pairwise(_ends(side, groups, by))] for side in (finished, waiting))
    filled = [span for span in spans if span[1] > span[0]]
    seconds, most = (_seconds(finished, each) for each in (by, replace(by, near=None)))
    plain, bounds = iter(_quantiles(seconds, most, filled)), iter(_intervals(seconds, filled, _ranks(filled)))
    both = [*zip(spans, ends, strict=True)]
    unsure = [(done, still) for done, still in both if still[1] > still[0]]
    survived = iter(_survived(seconds, unsure, _runs(finished, waiting, unsure)))
    found = []
    for (start, end), (first, last) in both:
        known, sure = (next(plain), next(bounds)) if end > start else _UNKNOWN
        found.append(_order(end - start, known, sure, last - first, next(survived) if last > first else None))
    return found


def _ends(side: pl.Series, groups: int, by: Packing) -> list[int]:
    """Where each group begins and the last ends."""
    cuts = [group * by.room for group in range(groups + 1)]  # the end of a range might not fit
    if len(side) < FEW:
        known = side.to_list()
        return [bisect_left(known, cut) for cut in cuts]
    return side.search_sorted(pl.Series(cuts, dtype=by.dtype), side="left").to_list()


def _seconds(finished: pl.Series, by: Packing) -> Seconds:
    """What gives the lengths at some places."""
    if len(finished) < FEW and by.near is None:
        known = finished.to_list()
        return lambda places: [by.seconds(known[place]) for place in places]
    return lambda places: by.all_seconds(finished.gather([*places]))


def _quantiles(seconds: Seconds, most: Seconds, spans: Sequence[tuple[int, int]]) -> list[_Plain]:
    """Median, 90th percentile and maximum of each group, in seconds; its values are from one place to another."""
    positions: list[int] = []
    for start, end in spans:
        middle, ninth = (end - start - 1) * 0.5, (end - start - 1) * 0.9
        positions += [
            start + int(middle),
            start + ceil(middle),
            start + int(ninth),
            start + ceil(ninth),
        ]
    found = seconds(positions) if positions else []
    tops = most([end - 1 for _, end in spans]) if spans else []
    places = zip(*(found[place::4] for place in range(4)), tops, strict=True)
    return [
        ((low + high) / 2, low9 + (high9 - low9) * ((end - start - 1) * 0.9 % 1), top)
        for (start, end), (low, high, low9, high9, top) in zip(spans, places, strict=True)
    ]


def _ranks(spans: Sequence[tuple[int, int]]) -> list[list[Ranks | None]]:
    """The ranks that bound the quantiles of each group."""
    return ranks_of_each([end - start for start, end in spans], QUANTILES)


def _intervals(
    seconds: Seconds, spans: Sequence[tuple[int, int]], ranks: Sequence[Sequence[Ranks | None]]
) -> list[Intervals]:
    """The 95 % intervals of median and 90th percentile of each group, between the values of two ranks."""
    places = [
        start + rank - 1
        for (start, _), both in zip(spans, ranks, strict=True)
        for pair in both
        for rank in pair or ()
    ]
    ends = [each for place in places for each in (int(place), ceil(place))]
    found = iter(seconds(ends) if ends else ())
    between = iter(
        [low + (next(found) - low) * (place % 1) for place, low in zip(places, found, strict=False)]
    )
    return [tuple(pair and (next(between), next(between)) for pair in both) for both in ranks]  # type: ignore[misc]


def _order(
    n: int, plain: _Plain, bounds: Intervals, waiting: int = 0, survived: _Survived | None = None
) -> OrderStatistics:
    """The order statistics of `n` finished, where others wait with what survival says of all."""
    return OrderStatistics(n, *plain, waiting, *(survived or plain[:2]), *bounds)


def _survived(seconds: Seconds, groups: Sequence[_Both], runs: Iterable[Sequence[int]]) -> list[_Survived]:
    """The censor-aware median and 90th percentile of each group in which rows wait."""
    ranks = [
        _kaplan_meier(end - start, last - first, passed, (0.5, 0.1))
        for ((start, end), (first, last)), passed in zip(groups, runs, strict=True)
    ]
    places = [
        done[0] + rank
        for (done, _), pair in zip(groups, ranks, strict=True)
        for rank in pair
        if rank is not None
    ]
    found = iter(seconds(places) if places else ())
    return [tuple(None if rank is None else next(found) for rank in pair) for pair in ranks]  # type: ignore[misc]


def _kaplan_meier(
    n: int, waiting: int, passed: Sequence[int], survivals: Sequence[float]
) -> list[int | None]:
    """The place from 0 of the first length at which the share unfinished is at most each of the falling `survivals`.

    Between two censored rows the estimate telescopes: it falls by (at risk − finished) ÷ at risk.
    """
    wanted, found = list(survivals), list[int | None]()
    survival = 1.0
    for left, (start, stop) in enumerate(pairwise(passed)):
        if stop == start:
            continue
        risk = n + waiting - start - left
        after = survival * (risk - (stop - start)) / risk
        while wanted and after <= wanted[0] + EPSILON:
            fallen = ceil(risk * (1 - wanted.pop(0) / survival) - EPSILON)
            found.append(start + max(fallen, 1) - 1)
        if not wanted:
            break
        survival = after
    return found + [None for _ in wanted]


def _runs(finished: pl.Series, waiting: pl.Series, groups: Sequence[_Both]) -> Iterator[list[int]]:
    """How many of each group have finished by each of its censored rows, from none to all; small groups ask together."""
    if len(finished) + len(waiting) < FEW * len(groups):
        passed = finished.search_sorted(waiting, side="right").to_list()
        for (start, end), (first, last) in groups:
            yield [0, *(place - start for place in passed[first:last]), end - start]
        return
    for (start, end), (first, last) in groups:
        n, events = end - start, finished.slice(start, end - start)
        censored = waiting.slice(first, last - first)
        asked = min(n, ceil((n + last - first) * DEEPEST))  # later ranks are never asked for
        early = int(censored.search_sorted(events[asked - 1], side="right")) if n else 0
        yield [0, *events.search_sorted(censored.head(early), side="right").to_list(), n]
