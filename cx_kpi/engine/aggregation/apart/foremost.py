"""The keys with most rows of each group, by name where they are equal, so that the order of rows changes nothing."""

from collections.abc import Callable, Iterable
from dataclasses import replace

import polars as pl

from cx_kpi.engine.packing import FEW, group_of_key, keys_of_groups, ordered, runs_of
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
    """The foremost keys of a group, their rows and weight together, and all its keys, rows and weight."""

    first: tuple[First, ...] = ()
    keys: int = 0
    n: int = 0
    weight: float = 0.0
    n_ahead: int = 0
    weight_ahead: float = 0.0

    @staticmethod
    def of(first: Iterable[First], keys: int, n: int, weight: float) -> "Top":
        """With what the foremost add up to."""
        first = tuple(first)
        ahead = sum(each.n for each in first), sum(each.weight for each in first)
        return Top(first, keys, n, weight, *ahead)

    def unnamed(self) -> "Top":
        """The same without a list of the foremost."""
        return replace(self, first=()) if self.first else self


NOBODY = Top()


def together(measure: Foremost, one: Top, other: Top) -> Top:
    """The foremost of two groups that have no key in common."""
    first = sorted((*one.first, *other.first), key=lambda each: (-each.n, each.name))
    return Top.of(first[: measure.most], one.keys + other.keys, one.n + other.n, one.weight + other.weight)


Finder = Callable[[pl.Series | None, int, pl.DataFrame | None], list[Top]]


def foremost(measure: Foremost, rows: pl.LazyFrame, *, adds_up: bool) -> Finder:
    """What finds the foremost by the number of each row's group (−1: none; None: all in one) and how many groups there are.

    It takes the runs of their keys where these are known. Only what adds up names them in each group.
    """
    height = int(rows.select(pl.len()).collect().item())
    if height >= FEW:
        return _by_runs(measure, rows, adds_up=adds_up)
    columns = rows.select(key=measure.key, name=measure.name, weight=measure.weight).collect()
    none = pl.zeros(height, dtype=pl.Int32, eager=True)
    return lambda numbers, size, _: _by_row(columns, none if numbers is None else numbers, size, measure.most)


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
    first = (First(name, times, weight) for times, name, weight in ordered)
    return Top.of(first, len(keys), sum(each[0] for each in keys), sum(each[2] for each in keys))


def _by_runs(measure: Foremost, rows: pl.LazyFrame, *, adds_up: bool) -> Finder:
    """Of many rows, by the runs of their sorted keys; only rows of those that may be the foremost are looked at.

    One group alone names them, and weights, which go by their names where they are equal; and what adds up.
    """
    columns = rows.select(key=measure.key, weight=measure.weight).collect()
    weighed = columns["weight"].null_count() < columns.height
    named = weighed or adds_up

    def fold(numbers: pl.Series | None, size: int, met: pl.DataFrame | None) -> list[Top]:
        known = runs_of(ordered(keys_of_groups(numbers, columns["key"], size))) if met is None else met
        runs = known.lazy().with_columns(n=group_of_key(size)).collect()
        totals = _totals(runs, measure.most)
        if size > 1 and not named:
            counted = {n: Top((), keys, times, 0.0, ahead) for n, keys, times, ahead, _ in totals.iter_rows()}
            return [counted.get(n, NOBODY) for n in range(size)]
        least = pl.lit(_by_number(totals, "least", size)).gather("n")
        ahead = runs.lazy().filter(pl.col("times") >= least).collect()
        packed = keys_of_groups(numbers, columns["key"], size)
        found = _named(measure, rows, columns.with_columns(packed=packed), ahead)
        weights = _weights(columns, numbers, size) if weighed else [0.0] * size
        tops = [Top(weight=weight) for weight in weights]
        first = _first(found, measure.most)
        for n, keys, times, *_ in totals.iter_rows():
            tops[n] = Top.of(first[n], keys, times, weights[n])
        return tops

    return fold


def _by_number(table: pl.DataFrame, name: str, size: int) -> pl.Series:
    """A column of a table of groups, by their numbers; 0 of those that are not in it."""
    return pl.zeros(size, dtype=table.schema[name], eager=True).scatter(table["n"], table[name])


def _totals(runs: pl.DataFrame, most: int) -> pl.DataFrame:
    """Columns: the group, its keys, their rows, those of its foremost, and how many the last of these has."""
    alike = runs.lazy().group_by("n", "times").agg(keys=pl.len()).sort("n", "times", descending=[False, True])
    before = (pl.col("keys").cum_sum() - pl.col("keys")).over("n").cast(pl.Int64)
    return (
        alike.with_columns(before=before)
        .group_by("n")
        .agg(
            pl.col("keys").sum(),
            times=(pl.col("times") * pl.col("keys")).sum(),
            ahead=(pl.col("times") * pl.min_horizontal("keys", most - pl.col("before")).clip(0)).sum(),
            least=pl.col("times").filter(pl.col("before") < most).min(),
        )
        .collect()
    )


def _named(measure: Foremost, rows: pl.LazyFrame, columns: pl.DataFrame, ahead: pl.DataFrame) -> pl.DataFrame:
    """Those that may be the foremost with their names and weights."""
    busy = columns.lazy().filter(pl.col("packed").is_in(ahead["key"].implode()))
    found = busy.group_by(packed="packed").agg(pl.col("key").first(), pl.col("weight").sum()).collect()
    called = rows.filter(pl.col(measure.key).is_in(found["key"].implode()))
    names = called.group_by(key=measure.key).agg(name=pl.col(measure.name).first()).collect()
    return ahead.join(found, left_on="key", right_on="packed").join(
        names, left_on="key_right", right_on="key"
    )


def _weights(columns: pl.DataFrame, numbers: pl.Series | None, size: int) -> list[float]:
    """The weight of all rows with a key of each group."""
    known = (
        columns.lazy()
        .with_columns(n=pl.lit(0, pl.Int32) if numbers is None else numbers)
        .filter((pl.col("n") >= 0) & pl.col("key").is_not_null())
    )
    return _by_number(known.group_by("n").agg(pl.col("weight").sum()).collect(), "weight", size).to_list()


def _first(named: pl.DataFrame, most: int) -> dict[int, list[First]]:
    """The foremost of each group."""
    ordered = named.sort("n", "times", "name", descending=[False, True, False])
    found: dict[int, list[First]] = {}
    head = ordered.group_by("n", maintain_order=True).head(most)
    for n, name, times, weight in head.select("n", "name", "times", "weight").iter_rows():
        found.setdefault(n, []).append(First(str(name), times, weight))
    return found
