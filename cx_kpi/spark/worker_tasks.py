"""What the workers of Spark do. polars is imported within the tasks alone: Spark forks its workers."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import polars as pl
    import pyarrow as pa

    from cx_kpi.engine.buckets.bucket_run import Folding
    from cx_kpi.engine.results import Work
    from cx_kpi.model.options import Options
    from cx_kpi.normalise.vocabulary.rules import Mapped

BLOBS = "bucket int, data binary"  # rows of a bucket, or what is known of a partition under a bucket below 0
Batches = Callable[[Iterable["pa.RecordBatch"]], Iterator["pa.RecordBatch"]]
Grouped = Callable[["pa.Table"], "pa.Table"]


def reading(
    mapped: "Mapped", wanted: dict[str, set[str]], options: "Options", buckets: int, named: "pl.Series"
) -> Batches:
    """Rows of a partition → the canonical rows of each bucket, and the account of all."""

    def task(batches: Iterable["pa.RecordBatch"]) -> Iterator["pa.RecordBatch"]:
        import pickle

        from cx_kpi.spark.worker_frames import blobs_of, partition

        rows = partition(batches)
        if rows is None:
            return
        account, found = blobs_of(rows, mapped, wanted, options, buckets, named)
        yield _batch([(-1, pickle.dumps(account))])
        for each in found:
            yield _batch([each])

    return task


def knowing(work: "Work", beside: Mapping[str, "pl.DataFrame"], found: dict[str, Any], rank: int) -> Grouped:
    """Rows of a bucket → what facts have to know of them."""

    def task(table: "pa.Table") -> "pa.Table":
        import pickle

        from cx_kpi.spark.worker_frames import known_of_bucket

        return _table(pickle.dumps(known_of_bucket(table, work, beside, found, rank)))

    return task


def folding(work: "Work", beside: Mapping[str, "pl.DataFrame"], by: "Folding") -> Grouped:
    """Rows of a bucket → its part, and the rows with their facts."""

    def task(table: "pa.Table") -> "pa.Table":
        import pickle

        from cx_kpi.spark.worker_frames import part_of_bucket

        return _table(pickle.dumps(part_of_bucket(table, work, beside, by)))

    return task


def _batch(rows: list[tuple[int, bytes]]) -> "pa.RecordBatch":
    import pyarrow as pa

    buckets, data = zip(*rows, strict=True)
    return pa.RecordBatch.from_arrays(
        [pa.array(buckets, pa.int32()), pa.array(data, pa.binary())], ["bucket", "data"]
    )


def _table(data: bytes) -> "pa.Table":
    import pyarrow as pa

    return pa.Table.from_batches([_batch([(0, data)])])
