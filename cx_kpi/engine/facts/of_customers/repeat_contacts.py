"""Contacts that follow one another: the same customer on the same issue within a span of days."""

from collections.abc import Iterator

import polars as pl

from cx_kpi.engine.packing import (
    ROW_BITS,
    TIME_BITS,
    milliseconds,
    ordered,
    pack,
    shares_of,
    short_hash,
)

_DAY = 86_400_000  # milliseconds
_REST = TIME_BITS + ROW_BITS
_ROW = 2**ROW_BITS - 1
_TIME = 2**TIME_BITS - 1


def _sorted(rows: pl.LazyFrame, key: pl.Expr) -> Iterator[pl.Series]:
    """Key, creation and row number of the rows with a key, packed and in that order, some keys at a time."""
    found = rows.select("created_at", key=short_hash(key)).with_row_index("row").collect()
    packed = pack(pl.col("key"), (milliseconds(pl.col("created_at")), TIME_BITS), (pl.col("row"), ROW_BITS))
    for some in shares_of(found.lazy(), found.height):
        yield ordered(some.select(key=packed).collect()["key"])


def _created(packed: pl.Expr) -> pl.Expr:
    created: pl.Expr = packed // 2**ROW_BITS & _TIME
    return created.cast(pl.Int64)


def _row(packed: pl.Expr) -> pl.Expr:
    row: pl.Expr = packed & _ROW
    return row.cast(pl.UInt32)


def _pairs(places: pl.DataFrame) -> pl.DataFrame:
    """Of rows with packed `this` and `after`, those with one key: `place`, row and the later creation."""
    same = (pl.col("this") ^ pl.col("after")) < 2**_REST
    near = places.lazy().filter(same)
    return near.select("place", row=_row(pl.col("this")), created=_created(pl.col("after"))).collect()


def _flags(length: int, rows: pl.Series) -> pl.Series:
    return pl.repeat(value=False, n=length, eager=True).scatter(rows, values=True)


def followed(rows: pl.LazyFrame, key: pl.Expr, days: int) -> pl.Series:
    """Whether a row's key was created again in `(solved, solved + days]`; Boolean, rows as they came.

    One sort by key and creation; then each solve looks at its next neighbour, which suffices save where the
    customer wrote again while the ticket was open: there the first creation after the solve is searched for.
    """
    solved = rows.select(milliseconds(pl.col("solved_at"))).collect().to_series()
    hits = [_followed(order, solved, days) for order in _sorted(rows, key)]
    return _flags(len(solved), pl.concat(hits))


def _followed(order: pl.Series, solved: pl.Series, days: int) -> pl.Series:
    """The rows of some keys in order that are followed."""
    places = pl.DataFrame({"this": order, "after": order.shift(-1)}).with_row_index("place")
    near = _gaps(places, solved)
    waiting = near.filter(pl.col("gap") <= 0)["place"]
    far = _gaps(_after_solve(order, waiting, solved), solved)
    hits = pl.concat([near, far]).filter((pl.col("gap") > 0) & (pl.col("gap") <= days * _DAY))
    return hits["row"]


def _gaps(places: pl.DataFrame, solved: pl.Series) -> pl.DataFrame:
    """Of rows whose later one has the same key: `place`, row, and the milliseconds from the solve to that one."""
    pairs = _pairs(places)
    return pairs.select("place", "row", gap=pairs["created"] - solved.gather(pairs["row"]))


def _after_solve(order: pl.Series, places: pl.Series, solved: pl.Series) -> pl.DataFrame:
    """The rows at some places of the order, with the first after each that came later than it was solved."""
    waiting = pl.DataFrame({"place": places, "this": order.gather(places)})
    ends = solved.gather(waiting.select(_row(pl.col("this"))).to_series())
    sought = waiting.select(
        pack(pl.col("this") // 2**_REST, (pl.lit(ends), TIME_BITS), (pl.lit(_ROW), ROW_BITS))
    )
    found = order.search_sorted(sought.to_series(), side="right")
    later = pl.select(pl.max_horizontal(found.cast(pl.Int64), places.cast(pl.Int64) + 1)).to_series()
    return waiting.with_columns(after=order.gather(later, null_on_oob=True))


def preceded(rows: pl.LazyFrame, key: pl.Expr, days: int) -> pl.Series:
    """Whether the key was created at most `days` before, not at the same moment; Boolean, rows as they came."""
    length = rows.select(pl.len()).collect().item()
    this, before = pl.col("key"), pl.col("key").shift()
    near = (this ^ before) < 2**_REST
    near &= _created(this) - _created(before) <= days * _DAY
    together = (this ^ before) < 2**ROW_BITS
    near = pl.when(~together).then(near).forward_fill()
    found = [
        order.alias("key").to_frame().lazy().filter(near).select(row=_row(this)).collect()["row"]
        for order in _sorted(rows, key)
    ]
    return _flags(length, pl.concat(found))
