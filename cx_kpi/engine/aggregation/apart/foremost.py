"""The keys with most rows of each group, by name where they are equal, so that the order of rows changes nothing."""

from collections.abc import Callable

import polars as pl

from cx_kpi.engine.packing import group_of_key, keys_of_groups, runs_of
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
        placed = columns.lazy().select("weight", n=numbers, key=keys_of_groups(numbers, columns["key"], size))
        known = placed.with_row_index("row").filter(pl.col("key").is_not_null())
        runs = runs_of(known.select("key").collect()["key"].sort()).with_columns(n=group_of_key(size))
        totals = runs.group_by("n").agg(
            keys=pl.len(), times=pl.col("times").sum(), least=pl.col("times").top_k(measure.most).min()
        )
        ahead = runs.join(totals, on="n").filter(pl.col("times") >= pl.col("least"))
        weights = known.group_by("n").agg(pl.col("weight").sum())
        busy = known.join(ahead, on="key", how="semi").group_by("n", "key")
        counted = busy.agg(times=pl.len(), weight=pl.col("weight").sum(), row=pl.col("row").min())
        whole, each = pl.collect_all([totals.join(weights, on="n"), counted])
        first = _first(each.with_columns(name=columns["name"].gather(each["row"])), measure.most)
        tops = {n: Top((*first[n],), keys, times, weight) for n, keys, times, _, weight in whole.iter_rows()}
        return [tops.get(n, Top()) for n in range(size)]

    return fold


def _first(named: pl.DataFrame, most: int) -> dict[int, list[First]]:
    """The foremost of each group."""
    ordered = named.sort("n", "times", "name", descending=[False, True, False])
    found: dict[int, list[First]] = {}
    head = ordered.group_by("n", maintain_order=True).head(most)
    for n, name, times, weight in head.select("n", "name", "times", "weight").iter_rows():
        found.setdefault(n, []).append(First(str(name), times, weight))
    return found
