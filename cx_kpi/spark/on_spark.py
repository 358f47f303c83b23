"""Tickets in buckets on the workers of Spark: read by partition, sent to the bucket of their customer, folded there."""

import pickle
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from io import BytesIO
from typing import TYPE_CHECKING, Any

import polars as pl

from cx_kpi.engine.aggregation.parts import Parts, add
from cx_kpi.engine.buckets.bucket_run import Folding
from cx_kpi.engine.buckets.looked_up import Frames, bare, looked_up
from cx_kpi.engine.buckets.on_disk import on_disk
from cx_kpi.engine.buckets.pieces import ID, TICKETS, Piece, joined
from cx_kpi.engine.buckets.spill import Spill
from cx_kpi.engine.compute import known_in
from cx_kpi.engine.facts.fact import Rows
from cx_kpi.engine.facts.known import add_known
from cx_kpi.engine.results import Work
from cx_kpi.model.errors import InputProblem
from cx_kpi.model.options import Options
from cx_kpi.normalise.load import Loaded
from cx_kpi.normalise.mapping.reading_plan import plan
from cx_kpi.normalise.vocabulary.rules import Mapped
from cx_kpi.spark.worker_frames import NUMBER
from cx_kpi.spark.worker_tasks import BLOBS, folding, knowing, reading
from cx_kpi.wording.language import Language

if TYPE_CHECKING:
    from pyspark.sql import DataFrame


class OnSpark:
    """The workers that hold a table of tickets."""

    def __init__(self, tickets: "DataFrame", spill: Spill) -> None:
        self.tickets, self.spill = tickets, spill
        self.values: dict[str, list[Any]] = {}

    @cached_property
    def number(self) -> int:
        """How many buckets there are: a few for each core."""
        spark = self.tickets.sparkSession
        shuffled = int(spark.conf.get("spark.sql.shuffle.partitions", "200") or 200)
        cores = spark.sparkContext.defaultParallelism
        pieces = int(self.tickets.rdd.getNumPartitions())
        return max(2 * int(cores), shuffled if shuffled != 200 else 0, pieces)

    def read(
        self, mapped: Sequence[Mapped], wanted: Mapping[str, set[str]], options: Options, named: pl.Series
    ) -> Loaded:
        """The account of all tickets, whose rows are in buckets from here on; in memory are those that others name."""
        from pyspark import StorageLevel

        (file,) = mapped
        bare = replace(file, source=replace(file.source, frame=pl.LazyFrame()))
        task = reading(bare, dict(wanted), options, self.number, named)
        self.blobs = (
            self._by_ticket(file, wanted, options).mapInArrow(task, BLOBS).persist(StorageLevel.DISK_ONLY)
        )
        found: list[Piece] = []
        asked: list[pl.DataFrame] = []
        start = 0
        for row in self.blobs.where("bucket < 0").select("data").toLocalIterator():
            loaded, some, values = pickle.loads(row["data"])  # noqa: S301 - of our own workers
            height = sum(len(tally.code) for tally in loaded.tallies)
            masks = (pl.repeat(value=True, n=height, eager=True),)
            tallies = tuple(
                replace(each, plan=plan(file, wanted[TICKETS], options, rated=False))
                for each in loaded.tallies
            )
            found.append(Piece(replace(loaded, tallies=tallies), (file,), masks, start))
            asked.append(some)
            start += height
            for name, each in values.items():
                self.values[name] = [*{*self.values.get(name, ()), *each}]
        if not found:
            raise InputProblem("tickets: the table has no rows; name another")
        every = pl.concat(asked, how="diagonal")
        return replace(joined(found, Language(options.language)), every=every)

    def _by_ticket(self, file: Mapped, wanted: Mapping[str, set[str]], options: Options) -> "DataFrame":
        """The columns that are read, all rows of a ticket in one partition."""
        from pyspark.sql import functions as f

        readers = plan(file, wanted[TICKETS], options, rated=False).readers
        headers = dict.fromkeys(file.source.headers)
        read = {each.header for each in readers} | {
            rule.header for rule in file.fields.values() if rule.header in headers
        }
        columns = [f.col(f"`{name}`") for name in headers if name in read]
        rows = self.tickets.toDF(*headers).select(*columns, f.monotonically_increasing_id().alias(NUMBER))
        ticket = f.lower(f.trim(f.col(f"`{file.fields[ID].header}`").cast("string")))
        return rows.repartition(self.number, ticket)

    def _over_buckets(self, task: Any) -> Iterator[bytes]:
        rows = self.blobs.where("bucket >= 0").groupBy("bucket").applyInArrow(task, BLOBS)
        return (bytes(row["data"]) for row in rows.select("data").toLocalIterator())

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

    def folded(self, work: Work, whole: Frames, by: Folding) -> tuple[Parts, Rows]:
        """The parts of all buckets added up, and the rows with their facts, on the disk here."""
        parts: list[Parts] = []
        for place, data in enumerate(self._over_buckets(folding(_plain(work), looked_up(whole), by))):
            part, facts, like = pickle.loads(data)  # noqa: S301 - of our own workers
            (self.spill.path / f"facts-{place:04d}.parquet").write_bytes(facts)
            parts.append(tuple(replace(each, counted=_lazy(each.counted)) for each in part))
        self.blobs.unpersist()
        return add(*parts), on_disk(self.spill, "facts-*", pl.read_ipc(BytesIO(like)))


def _plain(work: Work) -> Work:
    """The work without what stays here."""
    return replace(work, frames={}, rows={}, notices=())


def _lazy(counted: Mapping[Any, pl.DataFrame]) -> dict[Any, pl.LazyFrame]:
    return {
        (name, (group, cut)): table.with_columns(pl.col(cut).cast(pl.Categorical) if cut else []).lazy()
        for (name, (group, cut)), table in counted.items()
    }
