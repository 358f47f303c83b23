"""Which of the ordered values bound a quantile at 95 %, by the binomial distribution, and quantiles of any numbers."""

from functools import lru_cache
from itertools import pairwise
from math import ceil, inf, sqrt
from statistics import NormalDist

import polars as pl

from cx_kpi.engine.binomial import binomial_cdf
from cx_kpi.model.figures import Ordered

TAIL = 0.025  # on either side
_LARGE = 100_000  # rows from which the normal distribution tells the same to a rank
_ENOUGH = {0.9: 50}  # rows below which the order statistics of a quantile are too little


@lru_cache(maxsize=4096)
def quantile_ranks(n: int, q: float = 0.5) -> tuple[float, float] | None:
    """Ranks, from 1 and between whole ones, of the ordered values that bound the q-quantile at 95 %.

    Whole ranks (`median_ranks`) cover more than they say where rows are few (Hettmansperger and Sheather 1986, Nyblom
    1992). None where n values cannot bound it.
    """
    if n >= _LARGE:
        reach = -NormalDist().inv_cdf(TAIL) * sqrt(n * q * (1 - q))
        return n * q + 0.5 - reach, n * q + 0.5 + reach
    whole = median_ranks(n, q)
    if whole is None:
        return None
    low, high = whole
    return low + _beyond(n, q, low), high - _beyond(n, 1 - q, n + 1 - high)


def _beyond(n: int, q: float, rank: int) -> float:
    """How far beyond a whole rank the bound is, of the way to the next."""
    miss, more = binomial_cdf(rank - 1, n, q), binomial_cdf(rank, n, q)
    part = (TAIL - miss) / (more - miss)
    odds = (n - rank) * q * part / (rank * (1 - q) * (1 - part)) if part < 1 else inf
    return odds / (1 + odds) if odds < inf else 1.0


def median_ranks(n: int, q: float = 0.5) -> tuple[int, int] | None:
    """Ranks, from 1, of the ordered values that bound the q-quantile; None where n values cannot bound it."""
    if n < _ENOUGH.get(q, 0):
        return None
    low = _successes(n, q)
    high = n + 1 - _successes(n, 1 - q)
    return (low, high) if low > 0 and high <= n else None


@lru_cache(maxsize=4096)
def _successes(n: int, q: float) -> int:
    """How many counts k = 0, 1, … keep P(B ≤ k) within the lower tail of Binomial(n, q)."""
    spread = sqrt(n * q * (1 - q))
    low, high = (
        min(max(0, round(n * q - reach * spread) + more), n + 1) for reach, more in ((2.2, -3), (1.8, 3))
    )
    low = low if low and binomial_cdf(low - 1, n, q) <= TAIL else 0
    high = high if binomial_cdf(high, n, q) > TAIL else n + 1
    while low < high:
        middle = (low + high) // 2
        if binomial_cdf(middle, n, q) <= TAIL:
            low = middle + 1
        else:
            high = middle
    return low


def ranked_values(values: pl.Series, numbers: pl.Series, groups: int, q: float) -> list[Ordered]:
    """The q-quantile of groups 0 … groups − 1, linearly interpolated; `numbers` are the groups of the rows, −1 none."""
    rows = pl.DataFrame({"number": numbers, "value": values}).drop_nulls().filter(pl.col("number") >= 0)
    ordered = rows.sort("number", "value")
    marks = ordered["number"].search_sorted(pl.Series(range(groups + 1), dtype=numbers.dtype)).to_list()
    return [_ordered(ordered["value"].slice(start, end - start), q) for start, end in pairwise(marks)]


def _ordered(values: pl.Series, q: float) -> Ordered:
    n = len(values)
    if not n:
        return Ordered(0)
    ranks = quantile_ranks(n, q)
    bounds = (_between(values, ranks[0] - 1), _between(values, ranks[1] - 1)) if ranks else None
    return Ordered(n, _between(values, (n - 1) * q), bounds)


def _between(values: pl.Series, place: float) -> float:
    """The value at a place from 0, between its neighbours where it is not whole."""
    place = min(place, len(values) - 1)
    low, high = float(values[int(place)]), float(values[ceil(place)])
    return low + (high - low) * (place % 1)
