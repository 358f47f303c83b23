"""One quantile of any numbers in many groups, exact, with its interval between the values of two ranks."""

from itertools import pairwise
from math import ceil

import polars as pl

from cx_kpi.engine.quantile_ranks import quantile_ranks
from cx_kpi.model.figures import Ordered


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
