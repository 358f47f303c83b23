"""Which of the ordered values bound a quantile at 95 %, by the binomial distribution, and quantiles of any numbers."""

from collections.abc import Callable, Collection, Sequence
from functools import lru_cache
from itertools import pairwise
from math import ceil, inf, sqrt
from statistics import NormalDist
from typing import Any, NamedTuple, Protocol

import polars as pl

from cx_kpi.engine.ranks.binomial import binomial_chance
from cx_kpi.model.figures import Ordered

TAIL = 0.025  # on either side
_EPSILON = 1e-17
_LARGE = 100_000  # rows from which the normal distribution tells the same to a rank
_ENOUGH = {0.9: 50}  # rows below which the order statistics of a quantile are too little
_MANY = 150  # sizes whose chances are sooner added up in columns
_TERMS = 32  # that are added before it is looked whether they still make a difference
Ranks = tuple[float, float]


@lru_cache(maxsize=20_000)
def quantile_ranks(n: int, q: float = 0.5) -> Ranks | None:
    """Ranks, from 1 and between whole ones, of the ordered values that bound the q-quantile at 95 %.

    Whole ranks (`median_ranks`) cover more than they say where rows are few (Hettmansperger and Sheather 1986, Nyblom
    1992). None where n values cannot bound it.
    """
    return _ranks(n, q, _tail)


def ranks_of_each(sizes: Sequence[int], quantiles: Sequence[float]) -> list[list[Ranks | None]]:
    """The same of each of many sizes and several quantiles; None of no values."""
    different = {*sizes} - {0}
    tail = _tail_of(different, quantiles)
    found = {n: [_ranks(n, q, tail) for q in quantiles] for n in different}
    return [found.get(n) or [None for _ in quantiles] for n in sizes]


def _tail_of(sizes: Collection[int], quantiles: Sequence[float]) -> "_Tails":
    """What gives the tails of some sizes; of many they are found together."""
    if len(sizes) <= _MANY:
        return _tail
    parts = {part for q in quantiles for part in (q, 1 - q)}
    asked = [(n, part) for n in sizes if n < _LARGE for part in parts]
    tails = dict(zip(asked, _tails(asked), strict=True))
    return lambda n, part: tails[n, part]


def _ranks(n: int, q: float, tail: "_Tails") -> Ranks | None:
    if n >= _LARGE:
        reach = -NormalDist().inv_cdf(TAIL) * sqrt(n * q * (1 - q))
        return n * q + 0.5 - reach, n * q + 0.5 + reach
    if n < _ENOUGH.get(q, 0):
        return None
    below, above = tail(n, q), tail(n, 1 - q)
    if not below.rank or not above.rank:
        return None
    return below.place(n, q), n + 1 - above.place(n, 1 - q)


def median_ranks(n: int, q: float = 0.5) -> tuple[int, int] | None:
    """Ranks, from 1, of the ordered values that bound the q-quantile; None where n values cannot bound it."""
    low, high = _tail(n, q).rank, n + 1 - _tail(n, 1 - q).rank
    return (low, high) if n >= _ENOUGH.get(q, 0) and low > 0 and high <= n else None


class _Tail(NamedTuple):
    """The first count k with P(B ≤ k) above the lower tail of Binomial(n, q), and the chances of fewer and of at most k."""

    rank: int
    fewer: float
    most: float

    def place(self, n: int, q: float) -> float:
        """Between which ranks the bound is: the whole one, and how far it is on the way to the next."""
        part = (TAIL - self.fewer) / (self.most - self.fewer)
        odds = (n - self.rank) * q * part / (self.rank * (1 - q) * (1 - part)) if part < 1 else inf
        return self.rank + (odds / (1 + odds) if odds < inf else 1.0)


_Tails = Callable[[int, float], _Tail]


@lru_cache(maxsize=20_000)
def _tail(n: int, q: float) -> _Tail:
    k, chance = _near(n, q)
    return _from_near(k, n, q, chance, _below(k, n, q, chance))


def _tails(asked: Sequence[tuple[int, float]]) -> list[_Tail]:
    """The tails of many sizes n, each at its q."""
    near = [_near(n, q) for n, q in asked]
    fewer = _all_below([(k, n, q, chance) for (n, q), (k, chance) in zip(asked, near, strict=True)])
    return [
        _from_near(k, n, q, chance, less)
        for (n, q), (k, chance), less in zip(asked, near, fewer, strict=True)
    ]


def _near(n: int, q: float) -> tuple[int, float]:
    """A count near the bound, and its chance."""
    k = max(0, min(n - 1, round(n * q - 2 * sqrt(n * q * (1 - q)))))
    return k, binomial_chance(k, n, q)


def _from_near(k: int, n: int, q: float, chance: float, fewer: float) -> _Tail:
    """Looked for from near it, step by step: the chances of neighbouring counts follow from each other."""
    while fewer > TAIL:
        k -= 1
        chance *= (k + 1) * (1 - q) / ((n - k) * q)
        fewer -= chance
    while fewer + chance <= TAIL:
        fewer += chance
        k += 1
        chance *= (n - k + 1) * q / (k * (1 - q))
    return _Tail(k, fewer, fewer + chance)


def _below(k: int, n: int, q: float, chance: float) -> float:
    """P(B < k), added up from k − 1 down to where it makes no difference, given the chance of k."""
    total, odds = 0.0, (1 - q) / q
    while k and chance > _EPSILON * total:
        chance *= odds * k / (n - k + 1)
        total += chance
        k -= 1
    return total


def _all_below(counts: Sequence[tuple[int, int, float, float]]) -> list[float]:
    """`_below` of many, added up in the same order; a term that makes no difference adds none."""
    k, n, q, chance = (pl.Series(each, dtype=pl.Float64) for each in zip(*counts, strict=True))
    total, odds = chance * 0.0, (1 - q) / q
    while (chance > _EPSILON * total).any():
        for _ in range(_TERMS):
            chance *= odds * k / (n - k + 1)
            total += chance
            k -= 1
    return total.to_list()


def ranked_values(values: pl.Series, numbers: pl.Series, groups: int, q: float) -> list[Ordered]:
    """The q-quantile of groups 0 … groups − 1, linearly interpolated; `numbers` are the groups of the rows, −1 none."""
    rows = pl.DataFrame({"number": numbers, "value": values}).drop_nulls().filter(pl.col("number") >= 0)
    ordered = rows.sort("number", "value")
    marks = ordered["number"].search_sorted(pl.Series(range(groups + 1), dtype=numbers.dtype)).to_list()
    return [ranked(ordered["value"].slice(start, end - start), q) for start, end in pairwise(marks)]


class InOrder(Protocol):
    """Values in order, by their places from 0."""

    def __len__(self) -> int: ...
    def __getitem__(self, place: int, /) -> Any: ...


def ranked(values: InOrder, q: float) -> Ordered:
    """The q-quantile of values in order, and its interval."""
    n = len(values)
    if not n:
        return Ordered(0)
    value, *bounds = (between(values, place) for place in quantile_places(n, q))
    return Ordered(n, value, (bounds[0], bounds[1]) if bounds else None)


def quantile_places(n: int, q: float) -> list[float]:
    """The place from 0 of the q-quantile among n values, and of what bounds it at 95 % where they can bound it."""
    if not n:
        return []
    return [(n - 1) * q, *(min(rank, n) - 1 for rank in quantile_ranks(n, q) or ())]


def between(values: InOrder, place: float) -> float:
    """The value at a place from 0, between its neighbours where it is not whole."""
    low, high = float(values[int(place)]), float(values[ceil(place)])
    return low + (high - low) * (place % 1)
