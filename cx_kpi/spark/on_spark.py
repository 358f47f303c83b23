"""Tickets in buckets on the workers of Spark: read with their events, sent to the bucket of their customer, folded there."""

import pickle
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from io import BytesIO
from typing import TYPE_CHECKING, Any

import polars as pl

from cx_kpi.engine.aggregation.parts import Parts, add
from cx_kpi.engine.buckets.bucket_run import Folding, with_facts
from cx_kpi.engine.buckets.looked_up import Frames, bare, looked_up
from cx_kpi.engine.buckets.on_disk import counted_on_disk
from cx_kpi.engine.buckets.piece_accounts import EVENTS, ID, NUMBER, TICKETS, Reading, gathered
from cx_kpi.engine.buckets.pieces import earliest, read_of
from cx_kpi.engine.buckets.spill import Spill
from cx_kpi.engine.compute import known_in
from cx_kpi.engine.facts.fact import Rows
from cx_kpi.engine.facts.known import add_known
from cx_kpi.engine.results import Work
from cx_kpi.model.errors import InputProblem
from cx_kpi.model.options import Options
from cx_kpi.normalise.load import Loaded
from cx_kpi.normalise.vocabulary.rules import Mapped
from cx_kpi.spark.worker_frames import TURN, Asked
from cx_kpi.spark.worker_tasks import BLOBS, beginning, folding, knowing, reading, reading_together, together
from cx_kpi.wording.language import Language

if TYPE_CHECKING:
    from pyspark.sql import DataFrame


class OnSpark:
    """The workers that hold the tables of tickets and of their events."""

    def __init__(self, tables: "Mapping[str, DataFrame]", spill: Spill) -> None:
        self.tables, self.spill = tables, spill
        self.values: dict[str, list[Any]] = {}

    @cached_property
    def number(self) -> int:
        """How many buckets there are: a few for each core."""
        tickets = self.tables[TICKETS]
        spark = tickets.sparkSession
        shuffled = int(spark.conf.get("spark.sql.shuffle.partitions", "200") or 200)
        cores = spark.sparkContext.defaultParallelism
        pieces = int(tickets.rdd.getNumPartitions())
        return max(2 * int(cores), shuffled if shuffled != 200 else 0, pieces)

    def read(
        self, mapped: Sequence[Mapped], wanted: Mapping[str, set[str]], options: Options, named: pl.Series
    ) -> dict[str, Loaded]:
        """The account of all tickets and events, whose rows are in buckets from here on."""
        from pyspark import StorageLevel

        files = {each.table: each for each in mapped}
        asked = Asked(files, dict(wanted), options, self.number, named)
        self.blobs = self._blobs(asked).persist(StorageLevel.DISK_ONLY)
        accounts: list[Reading] = []
        starts = dict.fromkeys(files, 0)
        for row in self.blobs.where("bucket < 0").select("data").toLocalIterator():
            account, values = pickle.loads(row["data"])  # noqa: S301 - of our own workers
            pieces = {name: asked.back(each, starts[name]) for name, each in account.pieces.items()}
            starts |= {name: each.start + len(each.masks[0]) for name, each in pieces.items()}
            accounts.append(replace(account, pieces=pieces))
            for name, each in values.items():
                self.values[name] = [*{*self.values.get(name, ()), *each}]
        if not accounts:
            raise InputProblem("tickets: the table has no rows; name another")
        return gathered(accounts, Language(options.language))

    def _blobs(self, asked: Asked) -> "DataFrame":
        """Tickets, with the events of each in one piece, read and put into the blobs of their buckets."""
        bare = replace(asked, files={name: _bare(file) for name, file in asked.files.items()})
        tickets = self._rows(asked, TICKETS)
        if EVENTS not in asked.files:
            return tickets.repartition(self.number, TURN).mapInArrow(reading(bare), BLOBS)
        first = self._rows(asked, EVENTS).mapInArrow(beginning(bare), BLOBS).collect()
        since = earliest(pickle.loads(row["data"]) for row in first)  # noqa: S301 - of our own workers
        groups = (rows.groupBy(TURN) for rows in (tickets, self._rows(asked, EVENTS)))
        return (
            next(groups)
            .cogroup(next(groups))
            .applyInArrow(reading_together(replace(bare, since=since)), BLOBS)
        )

    def _rows(self, asked: Asked, name: str) -> "DataFrame":
        """The columns of a table that are read, the number of each row, and its turn: one for all rows of a ticket."""
        from pyspark.sql import functions as f

        file = asked.files[name]
        headers = dict.fromkeys(file.source.headers)
        known = read_of(file, asked.wanted, asked.options) | {each.header for each in file.fields.values()}
        columns = [f.col(f"`{each}`") for each in headers if each in known]
        number = f.monotonically_increasing_id().alias(NUMBER)
        ticket = f.lower(f.trim(f.col(f"`{file.fields[ID].header}`").cast("string")))
        turn = f.pmod(f.hash(ticket), f.lit(self.number)).alias(TURN)
        return self.tables[name].toDF(*headers).select(*columns, number, turn)

    def _over_buckets(self, task: Any) -> Iterator[bytes]:
        rows = self.blobs.where("bucket >= 0").groupBy("bucket").applyInArrow(task, BLOBS)
        return together((row["bucket"], row["data"]) for row in rows.toLocalIterator())

    def known(self, work: Work, whole: Frames) -> dict[str, Any]:
        """What facts have to know of all rows."""
        found: dict[str, Any] = {}
        for rank in (0, 1):
            told = known_in(replace(work, frames=whole, known=found), rank)
            if told is None:
                continue
            for data in self._over_buckets(knowing(_plain(work), bare(whole), found, rank)):
                told = add_known(told, pickle.loads(data) or {})  # noqa: S301 - of our own workers
            found |= told
        return found

    def every(self, like: pl.DataFrame) -> Rows:
        """Rows with all values of the columns to cut by."""
        known = {name: values for name, values in self.values.items() if name in like.columns}
        size = max(map(len, known.values()), default=0)
        filled = {name: [*values, *[values[0]] * (size - len(values))] for name, values in known.items()}
        return Rows(pl.DataFrame(filled, dict.fromkeys(filled, pl.String)).cast(pl.Categorical))

    def folded(self, work: Work, whole: Frames, by: Folding) -> tuple[Parts, dict[str, Rows]]:
        """The parts of all buckets added up, and the rows of each table with their facts, on the disk here."""
        parts: list[Parts] = []
        for place, data in enumerate(self._over_buckets(folding(_plain(work), looked_up(whole), by))):
            part, facts, like = pickle.loads(data)  # noqa: S301 - of our own workers
            for name, rows in facts.items():
                (self.spill.path / f"facts-{name}-{place:04d}.parquet").write_bytes(rows)
            folded = tuple(replace(each, counted=_lazy(each.counted)) for each in part)
            parts.append(counted_on_disk(folded, self.spill, place))
        self.blobs.unpersist()
        return add(*parts), with_facts(
            self.spill, {name: pl.read_ipc(BytesIO(each)) for name, each in like.items()}
        )


def _bare(file: Mapped) -> Mapped:
    """A file without its rows."""
    return replace(file, source=replace(file.source, frame=pl.LazyFrame()))


def _plain(work: Work) -> Work:
    """The work without what stays here."""
    return replace(work, frames={}, rows={}, notices=())


def _lazy(counted: Mapping[Any, bytes]) -> dict[Any, pl.LazyFrame]:
    frames = {key: pl.read_ipc(BytesIO(table)).lazy() for key, table in counted.items()}
    return {
        (name, (group, cut)): frame.with_columns(pl.col(cut).cast(pl.Categorical) if cut else [])
        for (name, (group, cut)), frame in frames.items()
    }
