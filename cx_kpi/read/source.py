"""What reading a file gives: a lazy frame and what was odd about the file."""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from cx_kpi.report import Level, Notice

SAMPLE = 1000  # rows


@dataclass(frozen=True, slots=True)
class Reject:
    """A row that could not be read and was set aside: its line in the file (from 1), and why."""

    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class TextFrame:
    """One file. Text formats give String columns only; Parquet keeps its types. Nothing has been read yet
    but the headers and a sample of the first rows.
    """

    path: str
    frame: pl.LazyFrame
    headers: tuple[str, ...]  # the frame's column names: stripped, unique, in order
    sample: pl.DataFrame  # the first rows (at most 1,000), same columns
    encoding: str | None = None  # as shown to the user; None where the format has none
    notices: tuple[Notice, ...] = ()
    rejects: tuple[Reject, ...] = ()  # rows of the file that are not in the frame
    apart: int = 0  # rows of the file that its preset dropped or folded into others
    separator: str | None = None  # of delimited text
    above: int | None = None  # lines above the first row, where every row is in the file as it stands


def damage_notice(rejects: Sequence[Reject]) -> Notice:
    """Says how many rows were set aside."""
    first = rejects[0]
    message = f"Damaged rows set aside: {len(rejects)}, the first in line {first.line}: {first.reason}"
    return Notice(Level.WARNING, "damaged_rows", message, rows=len(rejects))
