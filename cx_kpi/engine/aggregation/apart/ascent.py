"""Order statistics of counted values that come in ascending order, some at a time: no more of them need be in memory."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from math import ceil, floor
from typing import Any

import polars as pl

from cx_kpi.engine.aggregation.apart.counted import MOST, NUMBER, STILL, TIMES, VALUE, Key, statistics_at_once
from cx_kpi.engine.aggregation.apart.order_statistics import EPSILON, QUANTILES, UNIT, OrderStatistics
from cx_kpi.engine.ranks.quantile_ranks import between, quantile_places, ranked
from cx_kpi.metrics.definition.metric import Quantiles, Ranked

_AT_ONCE = 2_000_000  # counted values of a range
_FEW = 2_000_000  # values of all places that are sooner sorted
_SOME = 100_000  # that are looked at one by one
SURVIVALS = (0.5, 0.1)


def statistics_by_place(
    measure: Quantiles | Ranked, table: pl.LazyFrame, place: Sequence[str]
) -> Iterator[tuple[Key, Any]]:
    """What a measure comes to in each place, which some columns tell, of a table with those of `counted` besides."""
    ranges = _ranges(table)
    first = ranges[0].collect()
    if isinstance(measure, Quantiles) and len(ranges) == 1 and first[TIMES].sum() <= _FEW:
        yield from statistics_at_once(first, place)
        return
    ascents = _ascents(measure, table if len(ranges) > 1 else first.lazy(), place)
    for rows in chain([first], (some.collect() for some in ranges[1:])):
        sides = rows.partition_by([*place, STILL], as_dict=True, include_key=False)
        for key in dict.fromkeys(each[:-1] for each in sides):
            ascents[key].take(*(sides.get((*key, still), rows.clear()) for still in (False, True)))
    for key, ascent in ascents.items():
        yield key, ranked(ascent, measure.q) if isinstance(measure, Ranked) else statistics_of(ascent)


def _ranges(table: pl.LazyFrame) -> list[pl.LazyFrame]:
    """The rows of a table in ranges of their values, from the smallest on; each fits into memory.

    The rows of each part are in order of their values, so some are taken from all over the table to find the edges.
    """
    turns = table.select(pl.len()).collect().item() // _AT_ONCE + 1
    some = table.select(VALUE).with_row_index(NUMBER).filter(pl.col(NUMBER) % turns == 0)
    values = some.collect()[VALUE].sort() if turns > 1 else pl.Series(dtype=pl.Int64)
    step = max(1, len(values) // turns)
    edges = values.gather_every(step, offset=step).unique(maintain_order=True)
    value, found = pl.col(VALUE), table
    ranges = []
    for edge in edges:
        ranges.append(found.filter(value < edge))
        found = table.filter(value >= edge)
    return [*ranges, found]


def _ascents(measure: Quantiles | Ranked, table: pl.LazyFrame, place: Sequence[str]) -> dict[Key, "Ascent"]:
    """What is to be found in each place, by how many values are done and not there."""
    waits = pl.col(STILL)
    done, waiting = (pl.col(TIMES).filter(side).sum() for side in (~waits, waits))
    sizes = table.group_by(*place).agg(n=done, waiting=waiting).collect()
    quantiles, unit = ((measure.q,), 1) if isinstance(measure, Ranked) else (QUANTILES, UNIT)
    return {
        tuple(key): Ascent(n, waiting, chain(*(quantile_places(n, q) for q in quantiles)), unit)
        for *key, n, waiting in sizes.iter_rows()
    }


class Ascent:
    """What is found of values in ascending order: those at the places from 0 that are asked for, and where survival falls.

    So many are `done`, and so many `waiting`; a value is so many times the `unit`.
    """

    def __init__(self, done: int, waiting: int, places: Iterable[float], unit: int = 1) -> None:
        self.done, self.waiting, self.unit = done, waiting, unit
        self.most: float | None = None
        self.survival = Survival(done + waiting, SURVIVALS if waiting else ())
        self._open = {int(end(place)) for place in places for end in (floor, ceil)}
        self._passed, self._left = 0, 0
        self._found: dict[int, float] = {}

    def __len__(self) -> int:
        return self.done

    def __getitem__(self, place: int) -> float:
        return self._found[place]

    def survived(self) -> list[float]:
        """The values at which survival falls to each level that it reaches."""
        return [self[place] for place in self.survival.places]

    def take(self, done: pl.DataFrame, still: pl.DataFrame) -> None:
        """The values that come next, counted, in any order among themselves."""
        done = done.sort(VALUE)
        ends = done[TIMES].cum_sum() + self._passed
        passed = int(ends[-1]) if len(ends) else self._passed
        for some in still.sort(VALUE).iter_slices(_SOME) if self.survival.levels else ():
            before = done[VALUE].search_sorted(some[VALUE], side="right").cast(pl.Int64)
            left = some[TIMES].cum_sum() + self._left
            stops = pl.concat([pl.Series([self._passed]), ends]).gather(before)
            self.survival.follow(stops.to_list(), left.to_list())
            self._left = int(left[-1])
        self.survival.pass_by(passed)
        self._find(done[VALUE], ends)
        self._passed = passed
        if len(ends):
            self.most = float(done[MOST if MOST in done.columns else VALUE].max()) / self.unit  # type: ignore[arg-type]

    def _find(self, values: pl.Series, ends: pl.Series) -> None:
        """The values at the places that are open."""
        places = [*self._open, *self.survival.places]
        wanted = pl.Series([place for place in places if place not in self._found], dtype=pl.Int64)
        wanted = wanted.filter(wanted < (ends[-1] if len(ends) else 0))
        found = values.gather(ends.search_sorted(wanted, side="right")).to_list()
        self._found.update(zip(wanted.to_list(), (value / self.unit for value in found), strict=True))


class Survival:
    """Where the Kaplan–Meier estimate falls to each of the falling `levels`: the `places` of values from 0.

    As in `order_statistics`, between two that wait it falls by (at risk − finished) ÷ at risk.
    """

    def __init__(self, every: int, levels: Sequence[float]) -> None:
        self.every, self.levels = every, [*levels]
        self.places: list[int] = []
        self._share, self._start, self._left = 1.0, 0, 0

    def follow(self, passed: Iterable[int], left: Iterable[int]) -> None:
        """Up to each value that waits: how many have finished by then, and how many wait no longer with it."""
        for stop, after_it in zip(passed, left, strict=True):
            if stop > self._start:
                self._share, self._start = self._fall(stop), stop
            self._left = after_it

    def pass_by(self, passed: int) -> None:
        """How many have finished by here, where none waits: the step goes on."""
        if self.levels and passed > self._start:
            self._fall(passed)

    def _fall(self, stop: int) -> float:
        """The share left once so many have finished; the levels that it has reached are reached for good."""
        risk = self.every - self._start - self._left
        share = self._share * (risk - (stop - self._start)) / risk
        while self.levels and share <= self.levels[0] + EPSILON:
            fallen = ceil(risk * (1 - self.levels.pop(0) / self._share) - EPSILON)
            self.places.append(self._start + max(fallen, 1) - 1)
        return share


def statistics_of(found: Ascent) -> OrderStatistics:
    """The order statistics of one group."""
    n, waiting = len(found), found.waiting
    if not n:
        return OrderStatistics(0, censored=waiting)
    middle, *others = quantile_places(n, QUANTILES[0])
    median = (found[floor(middle)] + found[ceil(middle)]) / 2
    p90, *ninth = (between(found, place) for place in quantile_places(n, QUANTILES[1]))
    survived = [*found.survived(), None, None][: len(SURVIVALS)] if waiting else [median, p90]
    sure = [tuple(each) or None for each in ([between(found, place) for place in others], ninth)]
    return OrderStatistics(n, median, p90, found.most, waiting, *survived, *sure)
