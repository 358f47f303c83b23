"""The keys with most rows of each group, by name where they are equal, so that the order of rows changes nothing."""

from collections.abc import Callable

import polars as pl

from cx_kpi.metrics.definition.metric import Foremost
from cx_kpi.model.frozen import dataclass


@dataclass(frozen=True, slots=True)
class First:
    """One of the foremost: its name, its rows, and their weight."""

    name: str
    n: int
    weight: float


@dataclass(frozen=True, slots=True)
class Top:
    """The foremost keys of a group, and all its keys, rows and weight."""

    first: tuple[First, ...] = ()
    keys: int = 0
    n: int = 0
    weight: float = 0.0


def together(measure: Foremost, one: Top, other: Top) -> Top:
    """The foremost of two groups that have no key in common."""
    first = sorted((*one.first, *other.first), key=lambda each: (-each.n, each.name))
    return Top(
        tuple(first[: measure.most]), one.keys + other.keys, one.n + other.n, one.weight + other.weight
    )


def foremost(measure: Foremost, rows: pl.LazyFrame) -> Callable[[pl.Series, int], list[Top]]:
    """What finds the foremost by the number of each row's group (−1: none) and how many groups there are."""
    columns = rows.select(key=measure.key, name=measure.name, weight=measure.weight).collect()

    def fold(numbers: pl.Series, size: int) -> list[Top]:
        placed = columns.select("key", "weight").with_columns(n=numbers).with_row_index("row")
        known = placed.lazy().filter(pl.col("n") >= 0, pl.col("key").is_not_null())
        counted = known.group_by("n", "key").agg(
            times=pl.len(), weight=pl.col("weight").sum(), row=pl.col("row").min()
        )
        each = counted.collect()
        least = pl.col("times").top_k(measure.most).min().over("n")
        ahead = each.filter(pl.col("times") >= least)
        named = ahead.with_columns(name=columns["name"].gather(ahead["row"]))
        first = named.sort("n", "times", "name", descending=[False, True, False]).group_by(
            "n", maintain_order=True
        )
        found: dict[int, list[First]] = {}
        for n, name, times, weight in (
            first.head(measure.most).select("n", "name", "times", "weight").iter_rows()
        ):
            found.setdefault(n, []).append(First(str(name), times, weight))
        totals = each.group_by("n").agg(
            keys=pl.len(), times=pl.col("times").sum(), weight=pl.col("weight").sum()
        )
        tops = {n: Top(tuple(found[n]), keys, times, weight) for n, keys, times, weight in totals.iter_rows()}
        return [tops.get(n, Top()) for n in range(size)]

    return fold
