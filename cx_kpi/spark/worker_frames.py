"""The rows that a worker of Spark has at hand, as frames of polars."""

import pickle
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from io import BytesIO
from typing import Any

import polars as pl
import pyarrow as pa

from cx_kpi.engine.aggregation.aggregate import fold
from cx_kpi.engine.buckets.bucket_run import Folding, spread_in
from cx_kpi.engine.buckets.into_buckets import placed
from cx_kpi.engine.buckets.looked_up import Frames, with_theirs
from cx_kpi.engine.buckets.on_disk import PLAIN
from cx_kpi.engine.buckets.piece_accounts import EVENTS, NUMBER, TICKETS, Piece, Reading, in_order, numbered
from cx_kpi.engine.buckets.pieces import first_event, is_rated, loaded_of
from cx_kpi.engine.compute import INSTEAD, known_in, of_part
from cx_kpi.engine.guards.segment_bounds import MOST
from cx_kpi.engine.results import Work
from cx_kpi.model.frozen import dataclass
from cx_kpi.model.options import Options
from cx_kpi.normalise.mapping.reading_plan import plan
from cx_kpi.normalise.vocabulary.rules import Mapped

TURN = "cxkpi:turn"  # the same for all rows of a ticket


@dataclass(frozen=True, slots=True)
class Asked:
    """How rows are read: the file that each table is, and into how many buckets; see `loaded_of`."""

    files: Mapping[str, Mapped]
    wanted: dict[str, set[str]]
    options: Options
    buckets: int
    named: pl.Series  # the tickets that rows of other tables name
    since: datetime | None = None

    def back(self, piece: Piece, start: int) -> Piece:
        """A piece as it came from a worker, with what stayed here."""
        name = piece.loaded.table
        file, rated = self.files[name], is_rated(self.files.values(), self.wanted)
        known = plan(file, self.wanted[name], self.options, rated=rated)
        tallies = tuple(replace(each, plan=known) for each in piece.loaded.tallies)
        height = sum(len(each.code) for each in tallies)
        masks = (pl.repeat(value=True, n=height, eager=True),)
        return Piece(replace(piece.loaded, tallies=tallies), (file,), masks, start)


def partition(batches: Iterable[pa.RecordBatch]) -> pl.DataFrame | None:
    """The rows of a partition in the order they had; None where there are none."""
    held = [batch for batch in batches if batch.num_rows]
    return rows_of(pa.Table.from_batches(held)) if held else None


def rows_of(table: pa.Table) -> pl.DataFrame:
    """The rows of a table of Arrow in the order they had."""
    return pl.DataFrame(table).drop(TURN).sort(NUMBER)


def blobs_of(rows: Frames, asked: Asked) -> tuple[bytes, Iterator[tuple[int, str, bytes]]]:
    """The account of some rows with the values to cut by; and the rows of each bucket, by the name of their table."""
    mapped = [_read(asked.files[name], frame) for name, frame in rows.items()]
    loaded, ratings = loaded_of(mapped, asked.wanted, asked.options, asked.since)
    loaded, ratings = numbered(loaded, ratings, rows[TICKETS][NUMBER])
    pieces = {name: Piece(each, (), (), 0) for name, each in loaded.items()}
    account = Reading(pieces, ratings).account(asked.named)
    slim = {name: _without_plan(each) for name, each in account.pieces.items()}
    frames = {name: each.frame for name, each in loaded.items()}
    blobs = ((bucket, name, packed(some)) for name, bucket, some in placed(frames, asked.buckets))
    return pickle.dumps((replace(account, pieces=slim), _values(frames[TICKETS], asked.options))), blobs


def first_of(rows: pl.DataFrame, asked: Asked) -> datetime | None:
    """When the first of some events was."""
    return first_event(_read(asked.files[EVENTS], rows), asked.options)


def _read(file: Mapped, rows: pl.DataFrame) -> Mapped:
    source = replace(file.source, frame=rows.drop(NUMBER).lazy(), height=rows.height)
    return replace(file, source=source)


def _without_plan(piece: Piece) -> Piece:
    tallies = tuple(replace(each, plan=None) for each in piece.loaded.tallies)  # type: ignore[arg-type]  # put back there
    return replace(piece, loaded=replace(piece.loaded, tallies=tallies))


def _values(frame: pl.DataFrame, options: Options) -> dict[str, list[Any]]:
    """The values of each column to cut by."""
    by = [name for names in options.by or () for name in names]
    cuts = [name for name in dict.fromkeys(("channel", *INSTEAD, *by)) if name in frame.columns]
    return {name: frame[name].cast(pl.String).unique().head(MOST + 1).to_list() for name in cuts}


def packed(frame: pl.DataFrame) -> bytes:
    """A frame as Arrow."""
    data = BytesIO()
    frame.write_ipc(data, compression="lz4")
    return data.getvalue()


def _tables(table: pa.Table, beside: Frames) -> Frames:
    """The tables of a bucket: tickets in their order and their events, with the columns that these have, and the others."""
    blobs = [*zip(table.column("name").to_pylist(), table.column("data").to_pylist(), strict=True)]
    found = {
        name: _unpacked([data for of, data in blobs if of == name], beside[name])
        for name in spread_in(beside)
    }
    return with_theirs(found, beside)


def _unpacked(blobs: Sequence[bytes], like: pl.DataFrame) -> pl.DataFrame:
    if not blobs:
        return like
    rows = in_order(pl.concat([pl.read_ipc(BytesIO(data)) for data in blobs], how="diagonal"))
    words = [name for name, kind in like.schema.items() if kind == pl.Categorical]
    return rows.select(like.columns).with_columns(pl.col(words).cast(pl.Categorical))


def known_of_bucket(
    table: pa.Table, work: Work, beside: Frames, found: dict[str, Any], rank: int
) -> dict[str, Any] | None:
    """What facts have to know of the rows of a bucket."""
    return known_in(replace(work, frames=_tables(table, beside), known=found), rank)


def part_of_bucket(table: pa.Table, work: Work, beside: Frames, by: Folding) -> Any:
    """The part of a bucket, the rows of each table with their facts as Parquet, and their columns as Arrow."""
    part = of_part(work, _tables(table, beside), by.known)
    parts = tuple(
        replace(each, counted={key: _collected(some) for key, some in each.counted.items()})
        for each in fold(part.rows, by.jobs, by.cuts, part.windows, by.way)
    )
    rows = {name: part.rows[name].lazy() for name in spread_in(part.rows)}
    facts = {name: _as_parquet(each) for name, each in rows.items()}
    return parts, facts, {name: packed(each.head(0).collect()) for name, each in rows.items()}


def _as_parquet(rows: pl.LazyFrame) -> bytes:
    data = BytesIO()
    rows.with_columns(PLAIN).collect().write_parquet(data, compression="lz4", statistics=False)
    return data.getvalue()


def _collected(table: pl.LazyFrame) -> Any:
    return packed(table.with_columns(pl.col(pl.Categorical).cast(pl.String)).collect())
