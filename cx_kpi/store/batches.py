"""The rows of a store on the disk: each batch is written under a new name before the list names it."""

import os
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from secrets import token_hex

import polars as pl

from cx_kpi.model.errors import InputProblem, OutputProblem
from cx_kpi.read.containers.columnar import hushed
from cx_kpi.read.raw.source import TextFrame
from cx_kpi.read.store.in_use import nobody_reads
from cx_kpi.read.store.manifest import NAME, SUFFIX, Batch, Manifest, StoredFile, held, written
from cx_kpi.render.files.atomic_write import write_whole

TOGETHER = 250_000  # rows of small files in one batch
_OF_SYSTEM = re.compile(r"\(os error (\d+)\)")  # as polars says that a disk is full
Describe = Callable[[TextFrame, int], StoredFile]  # a file and its rows, as the list names it


def batches_of(folder: Path, frame: TextFrame, described: Describe) -> Iterator[Batch]:
    """The rows of a file, or of several that are read as one, written; raises `InputProblem`, `OutputProblem`."""
    if frame.members and frame.height <= TOGETHER:
        yield _batch(folder, frame, [described(each, each.height) for each in frame.members])
        return
    for each in frame.members or (frame,):
        yield _batch(folder, each, [], described)


def _batch(
    folder: Path, frame: TextFrame, files: Sequence[StoredFile], described: Describe | None = None
) -> Batch:
    path = folder / f"{token_hex(8)}{SUFFIX}"
    with _told(folder, frame.path, path):
        frame.frame.sink_parquet(path, compression="zstd", row_group_size=TOGETHER)
        stored = pl.scan_parquet(path, glob=False)
        rows = int(stored.select(pl.len()).collect().item())
        columns = (*((name, str(kind)) for name, kind in stored.collect_schema().items()),)
        _down(path)
    return Batch(
        path.name,
        path.stat().st_size,
        columns,
        (*files,) if described is None else (described(frame, rows),),
    )


def without(folder: Path, batch: Batch, left: Sequence[StoredFile]) -> Batch:
    """The batch with these of its files alone, its rows written anew; raises as writing does."""
    path, scan = folder / f"{token_hex(8)}{SUFFIX}", pl.scan_parquet(folder / batch.name, glob=False)
    first, pieces = 0, []
    for each in batch.files:
        pieces += [scan.slice(first, each.rows)] if each in left else []
        first += each.rows
    with _told(folder, batch.name, path):
        pl.concat(pieces).sink_parquet(path, compression="zstd", row_group_size=TOGETHER)
        _down(path)
    return Batch(path.name, path.stat().st_size, batch.columns, (*left,))


def commit(folder: Path, manifest: Manifest) -> None:
    """From here on this is what the store holds; raises `OutputProblem`, and then it is as it was."""
    write_whole(str(folder / NAME), written(manifest))
    sweep(folder)


def sweep(folder: Path) -> None:
    """Remove what the list does not name: rows taken out, and what runs that were killed left.

    While somebody reads the store nothing is removed; the next run does it.
    """
    listed = {each.name for each in held(folder).batches}
    with nobody_reads(folder) as free:
        for path in folder.glob(f"*{SUFFIX}") if free else ():
            if path.name not in listed:
                with suppress(OSError):
                    path.unlink()


@contextmanager
def _told(folder: Path, name: str, path: Path) -> Iterator[None]:
    """A problem of reading or writing as one line, and then nothing of the batch is left."""
    try:
        with _none_left(path), hushed():
            yield
    except OSError as problem:
        raise OutputProblem(f"{folder}: cannot be written: {problem.strerror or problem}") from problem
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException) as problem:
        if number := _OF_SYSTEM.search(str(problem)):
            raise OutputProblem(f"{folder}: cannot be written: {os.strerror(int(number[1]))}") from None
        raise InputProblem(f"{name}: cannot be read; export it again or save it as CSV") from None


@contextmanager
def _none_left(path: Path) -> Iterator[None]:
    try:
        yield
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def _down(path: Path) -> None:
    """The rows down to the disk."""
    with path.open("rb") as file:
        os.fsync(file.fileno())
