"""Folding what does not add up: order statistics, different keys, favourites and words, cut by cut."""

from collections.abc import Callable
from typing import Any

import polars as pl

from cx_kpi.engine.aggregation.apart import order_statistics
from cx_kpi.engine.aggregation.apart.counted import counted_lengths, counted_numbers
from cx_kpi.engine.aggregation.apart.foremost import Top, foremost
from cx_kpi.engine.aggregation.apart.words.word_counts import word_counts_of
from cx_kpi.engine.aggregation.cuts import encode
from cx_kpi.engine.packing import (
    KEY_BITS,
    TIME_BITS,
    group_of_key,
    keys_of_groups,
    lower,
    ordered,
    pack,
    runs_of,
    short_hash,
    upper,
)
from cx_kpi.engine.packing import milliseconds as moment
from cx_kpi.engine.ranks.quantile_ranks import ranked_values
from cx_kpi.metrics.definition.metric import Distinct, Foremost, Measure, Mode, Quantiles, Ranked, Terms
from cx_kpi.model.frozen import dataclass
from cx_kpi.normalise.mapping.reading_plan import SPELT

OF_BITS = 16
TIMES_BITS = 32
VALUE: pl.Expr = upper(TIME_BITS) & (2**OF_BITS - 1)  # of a packed key


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


Keys = dict[tuple[str, int], list[int]]  # different keys by column and groups, for those that need them again


def prepare(measure: Measure, rows: pl.LazyFrame, met: Keys) -> Folded:
    """Compute what the measure reads of each row, once; what comes back folds it by any groups."""
    match measure:
        case Quantiles(expr, censored):
            return _spread(rows, expr, censored)
        case Ranked(expr, q):
            values = rows.with_columns(expr.alias("value:")).select("value:").collect().to_series()
            return lambda groups: ranked_values(values, groups.known(len(values)), groups.size, q)
        case Distinct(expr):
            return lambda groups: met.get((str(expr), id(groups))) or _distinct(rows, expr, groups)
        case Mode():
            return _modal(measure, rows, met)
        case Foremost():
            height = int(rows.select(pl.len()).collect().item())
            return _meeting(measure, foremost(measure, rows, height), height, met)
        case Terms():
            texts = _texts(measure, rows)
            return lambda groups: _terms(texts, groups)
    raise TypeError(measure)


def prepare_terms(measure: Terms, rows: pl.LazyFrame) -> Folded:
    """The comments of each group as they are, for what their words tell is known of all together; None of none."""
    texts = _texts(measure, rows)

    def fold(groups: Groups) -> list[pl.DataFrame | None]:
        known = texts.with_columns(n=groups.known(texts.height)).filter(pl.col("comment").is_not_null())
        found = known.partition_by("n", as_dict=True, include_key=False)
        return [found.get((number,)) for number in range(groups.size)]

    return fold


def prepare_counted(
    measure: Quantiles | Ranked, rows: pl.LazyFrame, *, fast: bool
) -> Callable[[Groups], pl.DataFrame]:
    """The same as tables of counted values, which have the number of the group."""
    done = rows.with_columns(measure.expr.alias("value:")).select("value:").collect().to_series()
    if isinstance(measure, Ranked):
        return lambda groups: counted_numbers(done, groups.known(len(done)), fast=fast)
    waits = measure.censored
    still = None if waits is None else rows.with_columns(waits.alias("still:")).select("still:").collect()
    side = None if still is None else still.to_series()
    return lambda groups: counted_lengths(done, side, groups.known(len(done)), fast=fast)


def _spread(rows: pl.LazyFrame, expr: pl.Expr, censored: pl.Expr | None) -> Folded:
    unit, values = order_statistics.in_units(rows, [expr] if censored is None else [expr, censored])
    longest = order_statistics.longest(values)
    sides = [_Known(each) for each in values]

    def fold(groups: Groups) -> list[order_statistics.OrderStatistics]:
        by = order_statistics.packing(unit, longest, groups.size)
        done, *still = (side.packed(groups, by) for side in sides)
        return order_statistics.order_statistics_of(done, still[0] if still else None, groups.size, by)

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


def _meeting(
    measure: Foremost, found: Callable[[pl.Series, int], list[Top]], height: int, met: Keys
) -> Folded:
    """The foremost of groups, whose keys need not be counted again."""

    def fold(groups: Groups) -> list[Top]:
        tops = found(groups.known(height), groups.size)
        met[str(pl.col(measure.key)), id(groups)] = [top.keys for top in tops]
        return tops

    return fold


def _distinct(rows: pl.LazyFrame, expr: pl.Expr, groups: Groups) -> list[int]:
    """Different keys a group, by as many upper bits of their hashes as a packed Int64 has room for."""
    keys = rows.select(key=expr).collect()["key"]
    if groups.numbers is None:
        return [keys.n_unique() - (keys.null_count() > 0)]
    runs = runs_of(ordered(keys_of_groups(groups.numbers, keys, groups.size)))
    counts = dict(runs.group_by(n=group_of_key(groups.size)).len().collect().iter_rows())
    return [counts.get(n, 0) for n in range(groups.size)]


def _modal(measure: Mode, rows: pl.LazyFrame, met: Keys) -> Folded:
    """How many keys use each value most, most first; a key's ties go to the value it used last.

    One sort by group, key, value and time gives runs; the greatest (count, last) of a key is a running
    maximum, since later keys are greater anyway.
    """
    encoded, dimensions = encode(rows.select(measure.of).collect(), [measure.of])
    dimension = dimensions[measure.of]
    names = dimension.values
    coded = (
        pl.concat([rows, encoded.lazy().select(dimension.column)], how="horizontal")
        if dimension.column not in rows.collect_schema()
        else rows
    )
    key = (
        (short_hash(pl.col(measure.per)), KEY_BITS),
        (pl.col(dimension.column), OF_BITS),
        (moment(pl.col(measure.at)), TIME_BITS),
    )

    def fold(groups: Groups) -> list[dict[str, int]]:
        number = pl.lit(0) if groups.numbers is None else pl.lit(groups.numbers)
        packed = pack(pl.when(number >= 0).then(number), *key)
        ends = _ends(ordered(coded.select(key=packed).collect()["key"]))
        met[str(pl.col(measure.per)), id(groups)] = _keys(ends, groups.size)
        wins: list[dict[str, int]] = [{} for _ in range(groups.size)]
        for n, value, keys in _winners(_with_value(ends, names)).iter_rows():
            wins[n][str(names[value])] = keys
        return wins

    return fold


def _keys(ends: pl.DataFrame, size: int) -> list[int]:
    """How many keys each group has."""
    number = upper(TIME_BITS + OF_BITS + KEY_BITS)
    counts = dict(ends.lazy().filter("first").group_by(n=number.cast(pl.Int64)).len().collect().iter_rows())
    return [counts.get(n, 0) for n in range(size)]


def _with_value(ends: pl.DataFrame, names: tuple[str | None, ...]) -> pl.DataFrame:
    """Without the runs of an unknown value, which is the last of the names."""
    if None not in names:
        return ends
    return _with_edges(ends.filter(names.index(None) != VALUE))


def _winners(ends: pl.DataFrame) -> pl.DataFrame:
    """Columns: group, rank of the value, number of keys; most keys first."""
    alone = pl.col("first") & pl.col("last")
    number = upper(TIME_BITS + OF_BITS + KEY_BITS).cast(pl.Int32)
    contribution = ends.lazy().filter(alone).select(n=number, of=VALUE.cast(pl.UInt16)).collect()
    won = pl.concat([contribution, _contest(ends.filter(~alone))])
    return won.group_by("n", "of").len().sort("n", "len", "of", descending=[False, True, False])


def _ends(order: pl.Series) -> pl.DataFrame:
    """The last row of each run of a value: how many rows, and whether it is its key's first or last run."""
    rows = order.to_frame().lazy().with_row_index("place")
    end = ((pl.col("key") ^ pl.col("key").shift(-1)) >= 2**TIME_BITS).fill_null(value=True)
    binned = pl.col("place").cast(pl.Int32)
    return _with_edges(rows.filter(end).select("key", times=binned.diff().fill_null(binned + 1)).collect())


def _with_edges(runs: pl.DataFrame) -> pl.DataFrame:
    """With whether a run is its key's first, and its last."""
    other = (pl.col("key") ^ pl.col("key").shift()) >= 2 ** (TIME_BITS + OF_BITS)
    first = runs.lazy().select(first=other.fill_null(value=True)).collect()["first"]
    return runs.with_columns(first, first.shift(-1, fill_value=True).alias("last"))


def _contest(ends: pl.DataFrame) -> pl.DataFrame:
    """Group and value of each key with several values: the run with most rows, the latest of those."""
    who = pl.col("first").cast(pl.Int64).cum_sum()
    score = pack(who, (pl.col("times"), TIMES_BITS), (lower(TIME_BITS), TIME_BITS), (VALUE, OF_BITS))
    number = upper(TIME_BITS + OF_BITS + KEY_BITS).cast(pl.Int32)
    best = ends.lazy().select("last", n=number, key=score.cum_max()).filter("last")
    return best.select("n", of=lower(OF_BITS).cast(pl.UInt16)).collect()


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


def _terms(texts: pl.DataFrame, groups: Groups) -> list[Any]:
    known = texts.with_columns(group=groups.known(texts.height)).filter(pl.col("comment").is_not_null())
    return word_counts_of(known, groups.size)
