"""Parquet: read lazily, its types kept."""

import polars as pl

from cx_kpi.errors import InputProblem
from cx_kpi.read.binary import File
from cx_kpi.read.names import unique
from cx_kpi.read.source import SAMPLE, TextFrame


def open_parquet(file: File) -> TextFrame:
    """A Parquet file; raises `InputProblem` in our words, for polars' own may print cells."""
    try:
        frame = pl.scan_parquet(file.source, glob=False)
        old = frame.collect_schema().names()
        names = unique(old)
        frame = frame.rename(dict(zip(old, names, strict=True))) if tuple(old) != names else frame
        sample = frame.head(SAMPLE).collect()
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError):
        raise InputProblem(f"{file.name}: not a readable Parquet file; export it again") from None
    return TextFrame(file.name, frame, names, sample)
