"""What reading a file gives: a lazy frame and what was odd about the file."""

from dataclasses import dataclass

import polars as pl

from cx_kpi.report import Notice


@dataclass(frozen=True, slots=True)
class TextFrame:
    """One file. Text formats give String columns only; Parquet keeps its types. Nothing has been read yet
    but the headers and a sample of the first rows."""

    path: str
    frame: pl.LazyFrame
    headers: tuple[str, ...]  # the frame's column names: stripped, unique, in order
    sample: pl.DataFrame  # the first rows (at most 1,000), same columns
    encoding: str | None = None  # as shown to the user; None where the format has none
    notices: tuple[Notice, ...] = ()
