"""Parquet and Arrow: read lazily, their types kept."""

import contextlib
import os
from collections.abc import Iterator

import polars as pl

from cx_kpi.model.errors import InputProblem
from cx_kpi.read.containers.calendar_bounds import bounded
from cx_kpi.read.containers.probe import BEYOND, Kind, proved, scan
from cx_kpi.read.raw.binary import File
from cx_kpi.read.raw.column_names import unique
from cx_kpi.read.raw.source import SAMPLE, TextFrame


def open_parquet(file: File) -> TextFrame:
    """A Parquet file; raises `InputProblem` in our words, for polars' own may print cells."""
    return _open(file, "parquet")


def open_arrow(file: File) -> TextFrame:
    """An Arrow IPC (Feather) file; raises `InputProblem`."""
    return _open(file, "arrow")


def _open(file: File, kind: Kind) -> TextFrame:
    problem = InputProblem(f"{file.name}: not a readable {kind.capitalize()} file; export it again")
    state = proved(file, kind)
    if state is None:
        raise problem
    try:
        with hushed():
            frame = _named(scan(file.source, kind))
            frame, remarks = bounded(frame) if state == BEYOND else (frame, ())
            names = tuple(frame.collect_schema().names())
            return TextFrame(file.name, frame, names, frame.head(SAMPLE).collect(), remarks=remarks)
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError):
        raise problem from None


def _named(frame: pl.LazyFrame) -> pl.LazyFrame:
    """The frame with clean names."""
    names = frame.collect_schema().names()
    return frame.rename(dict(zip(names, unique(names), strict=True)))


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
