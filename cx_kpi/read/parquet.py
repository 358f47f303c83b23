"""Parquet: read lazily, its types kept."""

from pathlib import Path

import polars as pl

from cx_kpi.errors import InputProblem
from cx_kpi.read.names import unique
from cx_kpi.read.source import TextFrame

SAMPLE = 1000


def open_parquet(path: Path) -> TextFrame:
    """A Parquet file; raises `InputProblem` in our words, for polars' own may print cells."""
    try:
        frame = pl.scan_parquet(path, glob=False)
        old = frame.collect_schema().names()
        names = unique(old)
        frame = frame.rename(dict(zip(old, names, strict=True))) if tuple(old) != names else frame
        sample = frame.head(SAMPLE).collect()
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError):
        raise InputProblem(f"{path}: not a readable Parquet file; export it again") from None
    return TextFrame(str(path), frame, names, sample)
