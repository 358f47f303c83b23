"""Contacts that follow one another: the same customer on the same issue within a span of days."""

import polars as pl

_DAY = 86_400_000_000  # microseconds


def issue_key(frame: pl.DataFrame, columns: list[str]) -> pl.Expr:
    """One UInt64 for customer and issue; null without a customer. The issue is the first known column."""
    customer = pl.col("customer_id")
    present = [pl.col(name).cast(pl.String) for name in columns if name in frame.columns]
    if not present:
        return customer
    return pl.when(customer.is_not_null()).then(pl.struct(customer, pl.coalesce(present)).hash())


def followed(created: pl.Series, solved: pl.Series, key: pl.Series, days: int) -> pl.Series:
    """Whether a row's key was created again in `(solved, solved + days]`; Boolean, rows as they came.

    One sort by key and creation; then each solve looks at its next neighbours, of which the first suffices
    save where the customer wrote again while the ticket was open.
    """
    frame = pl.DataFrame({"key": key, "created": created.to_physical(), "solved": solved.to_physical()})
    frame = frame.with_row_index("row").filter(pl.col("key").is_not_null() & pl.col("created").is_not_null())
    frame = frame.sort("key", "created", "row")
    waiting = frame.with_row_index("place").filter(pl.col("solved").is_not_null())
    hits: list[pl.Series] = []
    for step in range(1, len(frame) + 1):
        waiting = waiting.filter(pl.col("place") + step < len(frame))
        if waiting.is_empty():
            break
        after = waiting["place"] + step
        same = frame["key"].gather(after) == waiting["key"]
        gap = frame["created"].gather(after) - waiting["solved"]
        hits.append(waiting.filter(same & (gap > 0) & (gap <= days * _DAY))["row"])
        waiting = waiting.filter(same & (gap <= 0))
    found = pl.concat(hits) if hits else pl.Series(dtype=pl.get_index_type())
    return pl.repeat(value=False, n=len(created), eager=True).scatter(found, values=True)


def preceded(created: pl.Series, key: pl.Series, days: int) -> pl.Series:
    """Whether the key's previous creation lies at most `days` before; Boolean, rows as they came."""
    frame = pl.DataFrame({"key": key, "created": created.to_physical()}).with_row_index("row")
    frame = frame.filter(pl.col("key").is_not_null() & pl.col("created").is_not_null())
    frame = frame.sort("key", "created", "row")
    near = (pl.col("key") == pl.col("key").shift()) & (pl.col("created").diff() <= days * _DAY)
    return pl.repeat(value=False, n=len(created), eager=True).scatter(frame.filter(near)["row"], values=True)
