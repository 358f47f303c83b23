"""The rows of tickets split into buckets: all of one customer, and their events, in one."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import polars as pl

from cx_kpi.engine.buckets.on_disk import PLAIN
from cx_kpi.engine.buckets.piece_accounts import ID, TICKETS


def placed(frames: Mapping[str, pl.DataFrame], buckets: int) -> Iterator[tuple[str, int, pl.DataFrame]]:
    """The rows of each bucket, by the customer of the ticket; those without one anyhow."""
    tickets = frames[TICKETS].with_columns(bucket=_bucket_of(frames[TICKETS], buckets))
    for name, frame in frames.items():
        rows = tickets if name == TICKETS else _beside(frame, tickets)
        parts = rows.with_columns(PLAIN).partition_by("bucket", as_dict=True, include_key=False)
        yield from ((name, int(bucket), some) for (bucket,), some in parts.items())


def _beside(events: pl.DataFrame, tickets: pl.DataFrame) -> pl.DataFrame:
    """Events in the buckets of their tickets."""
    of_tickets = tickets.select(ID, "bucket").unique(ID, keep="any")
    return events.join(of_tickets, on=ID, how="inner", maintain_order="left")


def _bucket_of(rows: pl.DataFrame, buckets: int) -> pl.Expr:
    """The bucket of each row, by its customer; of those without one anyhow."""
    ids = [name for name in ("customer_id", ID) if name in rows.columns]
    return pl.coalesce(*ids, pl.int_range(pl.len()).cast(pl.UInt64)).hash(11) % buckets


def written(frames: Mapping[str, pl.DataFrame], folder: Path, number: int, buckets: int) -> None:
    """The rows of a piece, split into buckets."""
    for name, bucket, some in placed(frames, buckets):
        path = folder / f"{name}-{bucket:04d}-{number:04d}.parquet"
        some.write_parquet(path, compression="lz4", statistics=False)
