"""The keys with most rows of each group, by name where they are equal, so that the order of rows changes nothing."""

from collections.abc import Callable

import polars as pl

from cx_kpi.engine.packing import group_of_key, keys_of_groups, runs_of
from cx_kpi.metrics.definition.metric import Foremost
from cx_kpi.model.frozen import dataclass

_FEW = 2_000  # rows below which they are counted one by one sooner than as columns


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

    counted = _by_row if columns.height < _FEW else _by_runs
    return lambda numbers, size: counted(columns, numbers, size, measure.most)


def _by_row(columns: pl.DataFrame, numbers: pl.Series, size: int, most: int) -> list[Top]:
    """Of few rows, one after the other."""
    groups: list[dict[int, tuple[int, str, float]]] = [{} for _ in range(size)]
    for number, (key, name, weight) in zip(numbers, columns.iter_rows(), strict=True):
        if number >= 0 and key is not None:
            times, called, whole = groups[number].get(key, (0, str(name), 0.0))
            groups[number][key] = times + 1, called, whole + (weight or 0.0)
    return [_top([*each.values()], most) for each in groups]


def _top(keys: list[tuple[int, str, float]], most: int) -> Top:
    ordered = sorted(keys, key=lambda each: (-each[0], each[1]))[:most]
    first = tuple(First(name, times, weight) for times, name, weight in ordered)
    return Top(first, len(keys), sum(each[0] for each in keys), sum(each[2] for each in keys))


def _by_runs(columns: pl.DataFrame, numbers: pl.Series, size: int, most: int) -> list[Top]:
    """Of many rows, by the runs of their sorted keys; only rows of those that may be the foremost are looked at."""
    placed = columns.lazy().select("weight", n=numbers, key=keys_of_groups(numbers, columns["key"], size))
    known = placed.with_row_index("row").filter(pl.col("key").is_not_null())
    runs = runs_of(known.select("key").collect()["key"].sort()).with_columns(n=group_of_key(size))
    totals = runs.group_by("n").agg(
        keys=pl.len(), times=pl.col("times").sum(), least=pl.col("times").top_k(most).min()
    )
    ahead = runs.join(totals, on="n").filter(pl.col("times") >= pl.col("least"))
    weights = known.group_by("n").agg(pl.col("weight").sum())
    busy = known.join(ahead, on="key", how="semi").group_by("n", "key")
    counted = busy.agg(times=pl.len(), weight=pl.col("weight").sum(), row=pl.col("row").min())
    whole, each = pl.collect_all([totals.join(weights, on="n"), counted])
    first = _first(each.with_columns(name=columns["name"].gather(each["row"])), most)
    tops = {n: Top((*first[n],), keys, times, weight) for n, keys, times, _, weight in whole.iter_rows()}
    return [tops.get(n, Top()) for n in range(size)]


def _first(named: pl.DataFrame, most: int) -> dict[int, list[First]]:
    """The foremost of each group."""
    ordered = named.sort("n", "times", "name", descending=[False, True, False])
    found: dict[int, list[First]] = {}
    head = ordered.group_by("n", maintain_order=True).head(most)
    for n, name, times, weight in head.select("n", "name", "times", "weight").iter_rows():
        found.setdefault(n, []).append(First(str(name), times, weight))
    return found
