"""The value that each key of a group uses most: one sort by group, key, value and time gives runs of each."""

import polars as pl

from cx_kpi.engine.packing import group_of_key, lower, milliseconds, ordered, pack, upper

OF_BITS, TIME_BITS, TIMES_BITS = 21, 42, 32  # a value and a time fit into an Int64


def runs_by_value(rows: pl.LazyFrame) -> pl.DataFrame:
    """Runs of rows of one `key` and value `of` in the order of both: how many `times`, and the latest time `at`."""
    packed = rows.select(
        key=pack(pl.col("key"), (pl.col("of"), OF_BITS), (milliseconds(pl.col("at")), TIME_BITS))
    )
    order = ordered(packed.collect()["key"])
    end = ((pl.col("key") ^ pl.col("key").shift(-1)) >= 2**TIME_BITS).fill_null(value=True)
    ends = order.to_frame().lazy().with_row_index("place").filter(end)
    place, rest = pl.col("place").cast(pl.Int32), lower(TIME_BITS + OF_BITS)
    return ends.select(
        key=upper(TIME_BITS + OF_BITS).cast(pl.Int64),
        of=(rest // 2**TIME_BITS).cast(pl.UInt32),
        at=rest & (2**TIME_BITS - 1),
        times=place.diff().fill_null(place + 1),
    ).collect()


def runs_by_key(runs: pl.DataFrame) -> pl.DataFrame:
    """The same without values: each `key`, and how many `times` it comes."""
    last = pl.col("key").ne_missing(pl.col("key").shift(-1))
    ends = runs.lazy().select("key", end=pl.col("times").cum_sum()).filter(last)
    return ends.select("key", times=pl.col("end").diff().fill_null(pl.col("end"))).collect()


def favourites(runs: pl.DataFrame, size: int) -> pl.DataFrame:
    """How many keys use each value most; a key's ties go to the value it used last.

    Columns: the group, of so many, the value, and the keys.
    """
    first, last = (pl.col("key").ne_missing(pl.col("key").shift(step)) for step in (1, -1))
    number = group_of_key(size).alias("n")
    placed = runs.lazy().with_columns(first=first, last=last)
    alone = pl.col("first") & pl.col("last")
    won = [placed.filter(alone).select(number, "of"), _contest(placed.filter(~alone), number)]
    return pl.concat(won).group_by("n", "of").agg(keys=pl.len()).collect()


def _contest(runs: pl.LazyFrame, number: pl.Expr) -> pl.LazyFrame:
    """Group and value of each key with several values: the run with most rows, the latest of those.

    The greatest (rows, time) of a key is a running maximum, since later keys are greater anyway.
    """
    who = pl.col("first").cast(pl.Int64).cum_sum()
    rest = ((pl.col("times"), TIMES_BITS), (pl.col("at"), TIME_BITS), (pl.col("of"), OF_BITS))
    best = runs.select("last", number, key=pack(who, *rest).cum_max()).filter("last")
    return best.select("n", of=lower(OF_BITS).cast(pl.UInt32))
