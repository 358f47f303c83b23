"""What the workers of Spark do. polars is imported within the tasks alone: Spark forks its workers."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import polars as pl
    import pyarrow as pa

    from cx_kpi.engine.buckets.bucket_run import Folding
    from cx_kpi.engine.results import Work
    from cx_kpi.spark.worker_frames import Asked

# rows of a table in a bucket, or what is known of some rows under a bucket below 0; of what a task found, a piece under
# the byte that it begins with
BLOBS = "bucket int, name string, data binary"
PIECE = 8 * 2**20  # bytes of what a task found in one row
Batches = Callable[[Iterable["pa.RecordBatch"]], Iterator["pa.RecordBatch"]]
Grouped = Callable[["pa.Table"], "pa.Table"]
Cogrouped = Callable[["pa.Table", "pa.Table"], "pa.Table"]


def reading(asked: "Asked") -> Batches:
    """Tickets of a partition → the canonical rows of each bucket, and the account of all."""

    def task(batches: Iterable["pa.RecordBatch"]) -> Iterator["pa.RecordBatch"]:
        from cx_kpi.engine.buckets.piece_accounts import TICKETS
        from cx_kpi.spark.worker_frames import blobs_of, partition

        rows = partition(batches)
        if rows is None:
            return
        account, found = blobs_of({TICKETS: rows}, asked)
        yield _batch([(-1, "", account)])
        for each in found:
            yield _batch([each])

    return task


def reading_together(asked: "Asked") -> Cogrouped:
    """Some tickets and their events → the canonical rows of each bucket, and the account of all."""

    def task(tickets: "pa.Table", events: "pa.Table") -> "pa.Table":
        import pyarrow as pa

        from cx_kpi.engine.buckets.piece_accounts import EVENTS, TICKETS
        from cx_kpi.spark.worker_frames import blobs_of, rows_of

        account, found = blobs_of({TICKETS: rows_of(tickets), EVENTS: rows_of(events)}, asked)
        return pa.Table.from_batches([_batch([(-1, "", account), *found])])

    return task


def beginning(asked: "Asked") -> Batches:
    """Events of a partition → when the first of them was."""

    def task(batches: Iterable["pa.RecordBatch"]) -> Iterator["pa.RecordBatch"]:
        import pickle

        from cx_kpi.spark.worker_frames import first_of, partition

        rows = partition(batches)
        if rows is not None:
            yield _batch([(-1, "", pickle.dumps(first_of(rows, asked)))])

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


def _batch(rows: list[tuple[int, str, bytes]]) -> "pa.RecordBatch":
    import pyarrow as pa

    columns = zip(*rows, strict=True)
    kinds = (pa.int32(), pa.string(), pa.binary())
    arrays = [pa.array(column, kind) for column, kind in zip(columns, kinds, strict=True)]
    return pa.RecordBatch.from_arrays(arrays, ["bucket", "name", "data"])


def _table(data: bytes) -> "pa.Table":
    """What a task found, in pieces: Spark doubles the room of a row until it fits."""
    import pyarrow as pa

    starts = range(0, len(data), PIECE)
    return pa.Table.from_batches([_batch([(at, "", data[at : at + PIECE]) for at in starts])])


def together(pieces: Iterable[tuple[int, bytes]]) -> Iterator[bytes]:
    """What each task found, of its pieces, each with where it starts."""
    found: list[bytes] = []
    for at, data in pieces:
        if at == 0 and found:
            yield b"".join(found)
            found = []
        found.append(data)
    if found:
        yield b"".join(found)
