"""Delimited text: CSV, TSV and their relatives, plain or compressed, in any encoding."""

import csv
import io
from pathlib import Path

import polars as pl

from cx_kpi.errors import InputProblem
from cx_kpi.read.binary import BROKEN, open_bytes
from cx_kpi.read.dialect import Dialect, first_lines, sniff
from cx_kpi.read.encoding import LABELS
from cx_kpi.read.names import unique
from cx_kpi.read.source import TextFrame
from cx_kpi.report import Level, Notice

HEAD = 1 << 18
SAMPLE = 1000
_NOTHING = b"\r\n\t \0\xef\xbb\xbf\xff\xfe"  # blanks and byte order marks


def open_csv(path: Path) -> TextFrame:
    """A delimited file, all columns text, empty cells null; raises `InputProblem`."""
    head, whole = _head(path)
    if not head.strip(_NOTHING):
        raise InputProblem(f"{path}: the file is empty; export it again")
    dialect = sniff(head, whole=whole)
    headers, lines = _header(first_lines(head[dialect.mark :], dialect.encoding, whole=whole), dialect)
    plain = dialect.encoding == "utf-8" and not dialect.mac and len(dialect.separator.encode()) == 1
    source, notices = (path, ()) if plain else _transcode(path, dialect)
    frame = _scan(source, dialect, headers, lines)
    try:
        sample = frame.head(SAMPLE).collect()
    except (pl.exceptions.PolarsError, OSError):
        raise InputProblem(f"{path}: damaged rows; export the file again") from None
    return TextFrame(str(path), frame, headers, sample, LABELS[dialect.encoding], notices)


def _head(path: Path) -> tuple[bytes, bool]:
    try:
        with open_bytes(path) as file:
            head = file.read(HEAD + 1)
    except BROKEN:
        raise InputProblem(f"{path}: cannot be read; check its permissions, or export it again") from None
    return head[:HEAD], len(head) <= HEAD


def _header(text: str, dialect: Dialect) -> tuple[tuple[str, ...], int]:
    """Column names, and how many lines there are before the first row."""
    reader = csv.reader(
        io.StringIO(text, newline=""),
        delimiter=dialect.separator,
        quotechar=dialect.quote or '"',
        quoting=csv.QUOTE_MINIMAL if dialect.quote else csv.QUOTE_NONE,
    )
    if dialect.declared:
        next(reader)
    return unique(next(reader)), reader.line_num


def _transcode(path: Path, dialect: Dialect) -> tuple[bytes, tuple[Notice, ...]]:
    with open_bytes(path) as file:
        raw = file.read()[dialect.mark :]
    text = raw.decode(dialect.encoding, "replace")
    bad = text.count("\ufffd")
    if dialect.mac:
        text = text.translate({13: "\n", 10: "\r"})
    if len(dialect.separator.encode()) > 1:
        text = text.replace(dialect.separator, "\x1f")
    message = f"{bad} characters of {path.name} could not be decoded and were replaced"
    notice = Notice(Level.WARNING, "bad_bytes", message, rows=bad)
    return text.encode(), (notice,) if bad else ()


def _scan(source: Path | bytes, dialect: Dialect, headers: tuple[str, ...], lines: int) -> pl.LazyFrame:
    return pl.scan_csv(
        source,
        has_header=False,
        schema=dict.fromkeys(headers, pl.String),
        skip_lines=lines,
        separator=dialect.separator if len(dialect.separator.encode()) == 1 else "\x1f",
        quote_char=dialect.quote,
        null_values=[""],
        glob=False,
    )
