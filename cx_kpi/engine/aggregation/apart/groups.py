"""Folding what does not add up: order statistics, different keys, favourites and words, cut by cut."""

from collections.abc import Callable
from dataclasses import field, replace
from typing import Any

import polars as pl

from cx_kpi.engine.aggregation.apart import order_statistics
from cx_kpi.engine.aggregation.apart.counted import (
    ERROR,
    counted_lengths,
    counted_numbers,
    last_alike,
    rounded,
    rounded_number,
)
from cx_kpi.engine.aggregation.apart.foremost import Top, foremost
from cx_kpi.engine.aggregation.apart.modal import favourites, runs_by_key, runs_by_value
from cx_kpi.engine.aggregation.apart.words.word_counts import word_counts_of
from cx_kpi.engine.aggregation.cuts import encode
from cx_kpi.engine.packing import group_of_key, keys_of_groups, ordered, runs_of, shares_of
from cx_kpi.engine.ranks.quantile_ranks import ranked_values
from cx_kpi.metrics.definition.metric import Distinct, Foremost, Measure, Mode, Quantiles, Ranked, Terms
from cx_kpi.model.figures import Ordered
from cx_kpi.model.frozen import dataclass
from cx_kpi.normalise.mapping.reading_plan import SPELT


@dataclass(frozen=True, slots=True)
class Groups:
    """The number of each row's group, and how many groups there are.

    `numbers` is None where all rows are one group; `partial` where some are in none (−1).
    """

    numbers: pl.Series | None
    size: int
    partial: bool = False

    def known(self, rows: int) -> pl.Series:
        """A number for each row."""
        return pl.zeros(rows, dtype=pl.Int32, eager=True) if self.numbers is None else self.numbers


Folded = Callable[[Groups], list[Any]]


Place = tuple[str, int]  # a column and groups


@dataclass(frozen=True, slots=True)
class Met:
    """What measures met on their way, for those that come after them: rows of each key, and how many keys there are."""

    runs: dict[Place, pl.DataFrame] = field(default_factory=dict)
    keys: dict[Place, list[int]] = field(default_factory=dict)


def prepare(
    measure: Measure, rows: pl.LazyFrame, met: Met, *, adds_up: bool = False, fast: bool = False
) -> Folded:
    """Compute what the measure reads of each row, once; what comes back folds it by any groups.

    `adds_up`: it is to be added to that of other rows. `fast`: order statistics are by seven bits.
    """
    match measure:
        case Quantiles(expr, censored):
            return _spread(rows, expr, censored, fast=fast)
        case Ranked(expr, q):
            return _ranked(rows, expr, q, fast=fast)
        case Distinct(expr):
            return lambda groups: _distinct(rows, expr, groups, met)
        case Mode():
            return _modal(measure, rows, met)
        case Foremost():
            return _meeting(measure, rows, met, adds_up=adds_up)
        case Terms():
            texts = _texts(measure, rows)
            return lambda groups: (_comments if adds_up else _terms)(texts, groups)
    raise TypeError(measure)


def prepare_counted(
    measure: Quantiles | Ranked, rows: pl.LazyFrame, *, fast: bool
) -> Callable[[Groups], pl.DataFrame]:
    """The same as tables of counted values, which have the number of the group."""
    done = rows.with_columns(measure.expr.alias("value:")).select("value:").collect().to_series()
    if isinstance(measure, Ranked):
        counted = counted_numbers(done, fast=fast)
    else:
        waits = measure.censored
        still = None if waits is None else rows.with_columns(waits.alias("still:")).select("still:").collect()
        counted = counted_lengths(done, None if still is None else still.to_series(), fast=fast)
    return lambda groups: counted(groups.known(len(done)))


def _spread(rows: pl.LazyFrame, expr: pl.Expr, censored: pl.Expr | None, *, fast: bool) -> Folded:
    """Sorted exactly; by seven bits, what is found is rounded, and what waits does so as long as any that is alike."""
    unit, values = order_statistics.in_units(rows, [expr] if censored is None else [expr, censored])
    if fast:
        latest = last_alike(pl.first().cast(pl.Int64) * unit) // unit
        values[1:] = [still.to_frame().lazy().select(latest).collect().to_series() for still in values[1:]]
    longest = order_statistics.longest(values)
    sides = [_Known(each) for each in values]

    def fold(groups: Groups) -> list[order_statistics.OrderStatistics]:
        by = order_statistics.packing(unit, longest, groups.size)
        by = replace(by, near=rounded) if fast else by
        done, *still = (side.packed(groups, by) for side in sides)
        found = order_statistics.order_statistics_of(done, still[0] if still else None, groups.size, by)
        return [replace(each, error=ERROR) if fast and each.n + each.censored else each for each in found]

    return fold


def _ranked(rows: pl.LazyFrame, expr: pl.Expr, q: float, *, fast: bool) -> Folded:
    near = rounded_number(expr.cast(pl.Float64)) if fast else expr
    values = rows.with_columns(near.alias("value:")).select("value:").collect().to_series()

    def fold(groups: Groups) -> list[Ordered]:
        found = ranked_values(values, groups.known(len(values)), groups.size, q)
        return [replace(each, error=ERROR) if fast and each.n else each for each in found]

    return fold


class _Known:
    """The values of a column; where few rows have one, only those and their places."""

    def __init__(self, values: pl.Series) -> None:
        sparse = values.null_count() * 2 > len(values)
        self.places = values.is_not_null().arg_true() if sparse else None
        self.values = values.drop_nulls() if sparse else values

    def packed(self, groups: Groups, by: order_statistics.Packing) -> pl.Series:
        """Sorted, in the groups."""
        numbers = groups.numbers
        if numbers is not None and self.places is not None:
            numbers = numbers.gather(self.places)
        return order_statistics.packed(self.values, numbers, partial=groups.partial, by=by)


def _meeting(measure: Foremost, rows: pl.LazyFrame, met: Met, *, adds_up: bool) -> Folded:
    """The foremost of groups, whose keys need not be counted again."""
    found = foremost(measure, rows, adds_up=adds_up)

    def fold(groups: Groups) -> list[Top]:
        place = str(pl.col(measure.key)), id(groups)
        tops = found(groups.numbers, groups.size, met.runs.pop(place, None))
        met.keys[place] = [top.keys for top in tops]
        return tops

    return fold


def _distinct(rows: pl.LazyFrame, expr: pl.Expr, groups: Groups, met: Met) -> list[int]:
    """Different keys a group, by as many upper bits of their hashes as a packed Int64 has room for."""
    place = str(expr), id(groups)
    if place in met.keys:
        return met.keys[place]
    runs = met.runs.pop(place, None)
    if runs is None:
        keys = rows.select(key=expr).collect()["key"]
        if groups.numbers is None:
            return [keys.n_unique() - (keys.null_count() > 0)]
        runs = runs_of(ordered(keys_of_groups(groups.numbers, keys, groups.size)))
    counts = dict(runs.lazy().group_by(n=group_of_key(groups.size)).len().collect().iter_rows())
    return [counts.get(n, 0) for n in range(groups.size)]


def _modal(measure: Mode, rows: pl.LazyFrame, met: Met) -> Folded:
    """How many keys use each value most, most first."""
    encoded, dimensions = encode(rows.select(measure.of).collect(), [measure.of])
    dimension = dimensions[measure.of]
    names = dimension.values
    coded = (
        pl.concat([rows, encoded.lazy().select(dimension.column)], how="horizontal")
        if dimension.column not in rows.collect_schema()
        else rows
    )
    keys = rows.select(key=measure.per).collect()["key"]

    def fold(groups: Groups) -> list[dict[str, int]]:
        size, met_runs, won = groups.size, [], []
        key = pl.lit(keys_of_groups(groups.numbers, keys, size))
        read = coded.select(key=key, of=dimension.column, at=measure.at)
        for some in shares_of(read, len(keys)):
            runs = runs_by_value(some)
            met_runs.append(runs_by_key(runs))
            known = runs.filter(pl.col("of") != names.index(None)) if None in names else runs
            won.append(favourites(known, size))
        met.runs[str(pl.col(measure.per)), id(groups)] = pl.concat(met_runs)
        found = pl.concat(won).group_by("n", "of").agg(pl.col("keys").sum())
        wins: list[dict[str, int]] = [{} for _ in range(size)]
        for n, value, users in found.sort("keys", "of", descending=[True, False]).iter_rows():
            wins[n][str(names[value])] = users
        return wins

    return fold


def _texts(measure: Terms, rows: pl.LazyFrame) -> pl.DataFrame:
    known = rows.collect_schema().names()
    ids = [pl.col(name + SPELT) for name in measure.ids if name + SPELT in known]
    return rows.select(
        comment=measure.text,
        low=measure.low,
        high=measure.high,
        at=measure.at if measure.at in known else pl.lit(None, pl.Datetime("us", "UTC")),
        id=pl.coalesce(*ids).cast(pl.String) if ids else pl.lit(None, pl.String),
    ).collect()


def _comments(texts: pl.DataFrame, groups: Groups) -> list[pl.DataFrame | None]:
    """The comments of each group as they are, for what their words tell is known of all together; None of none."""
    known = texts.with_columns(n=groups.known(texts.height)).filter(pl.col("comment").is_not_null())
    found = known.partition_by("n", as_dict=True, include_key=False)
    return [found.get((number,)) for number in range(groups.size)]


def _terms(texts: pl.DataFrame, groups: Groups) -> list[Any]:
    known = texts.with_columns(group=groups.known(texts.height)).filter(pl.col("comment").is_not_null())
    return word_counts_of(known, groups.size)
