"""The rows that a worker of Spark has at hand, as frames of polars."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from io import BytesIO
from typing import Any

import polars as pl
import pyarrow as pa

from cx_kpi.engine.aggregation.aggregate import fold
from cx_kpi.engine.buckets.bucket_run import Folding
from cx_kpi.engine.buckets.looked_up import Frames, with_theirs
from cx_kpi.engine.buckets.on_disk import PLAIN
from cx_kpi.engine.buckets.pieces import ID, TICKETS, bucket_of, loaded_of
from cx_kpi.engine.compute import INSTEAD, known_in, of_part
from cx_kpi.engine.guards.segment_bounds import MOST
from cx_kpi.engine.results import Work
from cx_kpi.model.options import Options
from cx_kpi.normalise.vocabulary.rules import Mapped

NUMBER = "cxkpi:row"  # the order of the rows: of those of one ticket the last counts


def partition(batches: Iterable[pa.RecordBatch]) -> pl.DataFrame | None:
    """The rows of a partition in the order they had; None where there are none."""
    held = [batch for batch in batches if batch.num_rows]
    if not held:
        return None
    return pl.DataFrame(pa.Table.from_batches(held)).sort(NUMBER)


def blobs_of(
    rows: pl.DataFrame,
    mapped: Mapped,
    wanted: dict[str, set[str]],
    options: Options,
    buckets: int,
    named: pl.Series,
) -> tuple[Any, Iterator[tuple[int, bytes]]]:
    """The account of some rows with those that others name and the values to cut by; and the rows of each bucket."""
    source = replace(mapped.source, frame=rows.drop(NUMBER).lazy(), height=rows.height)
    loaded = loaded_of([replace(mapped, source=source)], wanted, options)
    frame = loaded.frame
    asked = frame.filter(pl.col(ID).is_in(named.implode())) if len(named) else frame.clear()
    by = [name for names in options.by or () for name in names]
    cuts = [name for name in dict.fromkeys(("channel", *INSTEAD, *by)) if name in frame.columns]
    values = {name: frame[name].cast(pl.String).unique().head(MOST + 1).to_list() for name in cuts}
    tallies = tuple(replace(each, plan=None) for each in loaded.tallies)  # type: ignore[arg-type]  # put back there
    account = (replace(loaded, frame=frame.clear(), every=None, tallies=tallies), asked, values)
    counts = pl.concat([each.code for each in loaded.tallies]) == 0
    return account, _split(frame.with_columns(rows[NUMBER].filter(counts)), buckets)


def _split(frame: pl.DataFrame, buckets: int) -> Iterator[tuple[int, bytes]]:
    placed = frame.with_columns(PLAIN).with_columns(bucket=bucket_of(frame, buckets))
    for (bucket,), some in placed.partition_by("bucket", as_dict=True, include_key=False).items():
        yield int(bucket), packed(some)


def packed(frame: pl.DataFrame) -> bytes:
    """A frame as Arrow."""
    data = BytesIO()
    frame.write_ipc(data, compression="lz4")
    return data.getvalue()


def _tables(table: pa.Table, beside: Frames) -> Frames:
    """The tables of a bucket: its tickets in their order, with the columns that tickets have, and the others."""
    like = beside[TICKETS]
    frames = [pl.read_ipc(BytesIO(data)) for data in table.column("data").to_pylist()]
    rows = pl.concat(frames, how="diagonal").sort(NUMBER).select(like.columns)
    words = [name for name, kind in like.schema.items() if kind == pl.Categorical]
    return with_theirs(rows.with_columns(pl.col(words).cast(pl.Categorical)), beside)


def known_of_bucket(
    table: pa.Table, work: Work, beside: Frames, found: dict[str, Any], rank: int
) -> dict[str, Any] | None:
    """What facts have to know of the rows of a bucket."""
    return known_in(replace(work, frames=_tables(table, beside), known=found), rank)


def part_of_bucket(table: pa.Table, work: Work, beside: Frames, by: Folding) -> Any:
    """The part of a bucket, its rows with their facts as Parquet, and their columns as Arrow."""
    part = of_part(work, _tables(table, beside), by.known)
    parts = tuple(
        replace(each, counted={key: _collected(some) for key, some in each.counted.items()})
        for each in fold(part.rows, by.jobs, by.cuts, part.windows, by.way)
    )
    rows = part.rows[TICKETS].lazy()
    data = BytesIO()
    rows.with_columns(PLAIN).collect().write_parquet(data, compression="lz4", statistics=False)
    return parts, data.getvalue(), packed(rows.head(0).collect())


def _collected(table: pl.LazyFrame) -> Any:
    return table.with_columns(pl.col(pl.Categorical).cast(pl.String)).collect()
