"""Contacts that follow one another: the same customer on the same issue within a span of days."""

import polars as pl

from cx_kpi.engine.pack import ROW_BITS, TIME_BITS, lower, milliseconds, pack, short_hash, upper

_DAY = 86_400_000  # milliseconds


def _sorted(rows: pl.LazyFrame, key: pl.Expr) -> pl.DataFrame:
    """The rows with a key, by key and creation: `key`, `created` and `row` number."""
    row = pl.int_range(pl.len(), dtype=pl.UInt32)
    packed = pack(short_hash(key), (milliseconds(pl.col("created_at")), TIME_BITS), (row, ROW_BITS))
    order = rows.select(key=packed).collect()["key"].drop_nulls().sort().to_frame()
    return order.select(
        key=upper(TIME_BITS + ROW_BITS),
        created=upper(ROW_BITS).cast(pl.Int128) & (2**TIME_BITS - 1),
        row=lower(ROW_BITS),
    ).with_columns(pl.col("created").cast(pl.Int64))


def _flags(length: int, rows: pl.Series) -> pl.Series:
    return pl.repeat(value=False, n=length, eager=True).scatter(rows, values=True)


def followed(rows: pl.LazyFrame, key: pl.Expr, days: int) -> pl.Series:
    """Whether a row's key was created again in `(solved, solved + days]`; Boolean, rows as they came.

    One sort by key and creation; then each solve looks at its next neighbours, of which the first suffices
    save where the customer wrote again while the ticket was open.
    """
    solved = rows.select(milliseconds(pl.col("solved_at"))).collect().to_series()
    order = _sorted(rows, key).with_columns(solved=pl.lit(solved).gather(pl.col("row")))
    hits: list[pl.Series] = []
    waiting: pl.DataFrame | None = None
    for step in range(1, len(order)):
        looked = _look(order, waiting, step)
        hits.append(looked.filter((pl.col("gap") > 0) & (pl.col("gap") <= days * _DAY))["row"])
        waiting = looked.filter(pl.col("gap") <= 0).select("place", "row", "key", "solved")
        if waiting.is_empty():
            break
    return _flags(len(solved), pl.concat(hits) if hits else pl.Series(dtype=pl.Int64))


def _look(order: pl.DataFrame, waiting: pl.DataFrame | None, step: int) -> pl.DataFrame:
    """The time from each solve to the creation `step` places on, where that has the same key."""
    if waiting is None:
        gap = pl.when(pl.col("key") == pl.col("key").shift(-1)).then(
            pl.col("created").shift(-1) - pl.col("solved")
        )
        near = order.with_columns(gap=gap).with_row_index("place")
        return near.filter(pl.col("gap").is_not_null())
    near = waiting.filter(pl.col("place") + step < len(order))
    after = near["place"] + step
    same = order["key"].gather(after) == near["key"]
    return near.with_columns(gap=order["created"].gather(after) - near["solved"]).filter(same)


def preceded(rows: pl.LazyFrame, key: pl.Expr, days: int) -> pl.Series:
    """Whether the key's previous creation lies at most `days` before; Boolean, rows as they came."""
    length = rows.select(pl.len()).collect().item()
    near = (pl.col("key") == pl.col("key").shift()) & (pl.col("created").diff() <= days * _DAY)
    return _flags(length, _sorted(rows, key).filter(near)["row"])
