"""Parquet and Arrow: read lazily, their types kept."""

import contextlib
import os
from collections.abc import Callable, Iterator

import polars as pl

from cx_kpi.errors import InputProblem
from cx_kpi.read.binary import File
from cx_kpi.read.names import unique
from cx_kpi.read.source import SAMPLE, TextFrame

_SMALL = 1 << 22  # bytes; a file this small is decoded whole at once, so that all damage shows here
_MOST_CELLS = 1 << 24


def open_parquet(file: File) -> TextFrame:
    """A Parquet file; raises `InputProblem` in our words, for polars' own may print cells."""
    return _open(file, lambda: pl.scan_parquet(file.source, glob=False), "Parquet")


def open_arrow(file: File) -> TextFrame:
    """An Arrow IPC (Feather) file; raises `InputProblem`."""
    return _open(file, lambda: pl.scan_ipc(file.source, glob=False), "Arrow")


def _open(file: File, scan: Callable[[], pl.LazyFrame], kind: str) -> TextFrame:
    try:
        with hushed():
            frame = _checked(scan(), file)
            names = tuple(frame.collect_schema().names())
            return TextFrame(file.name, frame, names, frame.head(SAMPLE).collect())
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError):
        raise InputProblem(f"{file.name}: not a readable {kind} file; export it again") from None


def _checked(frame: pl.LazyFrame, file: File) -> pl.LazyFrame:
    """The frame with clean names; a small one held in memory, decoded without fault."""
    names = frame.collect_schema().names()
    frame = frame.rename(dict(zip(names, unique(names), strict=True)))
    if file.size > _SMALL or frame.select(pl.len()).collect().item() * max(1, len(names)) > _MOST_CELLS:
        return frame
    return frame.collect().lazy()


@contextlib.contextmanager
def hushed() -> Iterator[None]:
    """Keep what a panicking library prints from standard error."""
    try:
        saved = os.dup(2)
    except OSError:  # standard error is closed
        yield
        return
    with open(os.devnull, "wb") as nothing:  # noqa: PTH123
        os.dup2(nothing.fileno(), 2)
    try:
        yield
    finally:
        os.dup2(saved, 2)
        os.close(saved)
