"""Decodes a Parquet or Arrow file whole, in a process of its own: a damaged one may abort whatever reads it."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import polars as pl

if TYPE_CHECKING:
    from cx_kpi.read.raw.binary import File

LARGE = 1 << 25  # bytes; to decode such a file twice would cost more than all figures together
Kind = Literal["parquet", "arrow"]
_CELL = 8  # bytes
_TOO_LARGE = 3


def survives(file: "File", kind: Kind) -> bool:
    """Whether reading the whole file harms nobody; a large file is read but once, and trusted.

    Raises `InputProblem` where it holds more than its size allows.
    """
    from cx_kpi.read.raw.sandbox import asked

    if file.piped is None and file.size > LARGE:
        return True
    code, _ = asked(__name__, file, kind, str(file.most_unpacked(file.size)), unpacked=file.size)
    if code == _TOO_LARGE:
        raise file.too_large(file.size)
    return code == 0


def scan(source: Path | bytes, kind: str) -> pl.LazyFrame:
    """The file, lazily."""
    return (pl.scan_parquet if kind == "parquet" else pl.scan_ipc)(source, glob=False)


def unpacked(frame: pl.LazyFrame) -> int:
    """About how many bytes the whole frame takes, told without reading it."""
    rows = frame.select(pl.len()).collect().item()
    return int(rows) * len(frame.collect_schema()) * _CELL


def main(path: str, kind: str, most: str) -> int:
    """Read everything in the file."""
    frame = scan(sys.stdin.buffer.read() if path == "-" else Path(path), kind)
    if unpacked(frame) > int(most):
        return _TOO_LARGE
    frame.sink_batches(lambda _: None)
    return 0
