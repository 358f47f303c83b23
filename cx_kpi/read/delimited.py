"""Delimited text: CSV, TSV and their relatives, plain or compressed, in any encoding."""

import polars as pl

from cx_kpi.errors import InputProblem
from cx_kpi.read.binary import File
from cx_kpi.read.dialect import Dialect, first_lines, sniff, universal
from cx_kpi.read.encoding import LABELS
from cx_kpi.read.grammar import Grammar
from cx_kpi.read.layout import Layout, first_rows, lay_out
from cx_kpi.read.mend import footer_notice
from cx_kpi.read.source import SAMPLE, TextFrame, damage_notice
from cx_kpi.read.text import Text
from cx_kpi.read.tidy import Tidied, tidy
from cx_kpi.report import Level, Notice

_HEAD = 1 << 18
_NOTHING = b"\r\n\t \0\xef\xbb\xbf\xff\xfe"  # blanks and byte order marks


def open_csv(file: File) -> TextFrame:
    """A delimited file, all columns text, empty cells null; raises `InputProblem`."""
    head = next(file.chunks(_HEAD), b"")
    if not head.strip(_NOTHING):
        raise InputProblem(f"{file.name}: the file is empty; export it again")
    dialect = sniff(head, whole=len(head) < _HEAD)
    grammar = Grammar(dialect.separator, dialect.quote)
    layout = lay_out(first_rows(_first(head, dialect), grammar, skip=int(dialect.declared)))
    if layout is None:
        raise InputProblem(f"{file.name}:1: no header row can be read; export it again")
    text = Text(file, dialect, dialect.encoding, settled=not head.isascii())
    tidied = tidy(text, layout, grammar)
    return _frame(file, layout, tidied)


def _first(head: bytes, dialect: Dialect) -> str:
    text = first_lines(head[dialect.mark :], dialect.encoding, whole=len(head) < _HEAD)
    return universal(text) if dialect.mac else text


def _frame(file: File, layout: Layout, tidied: Tidied) -> TextFrame:
    frame = _scan(file, layout, tidied)
    try:
        sample = frame.head(SAMPLE).collect()
    except (pl.exceptions.PolarsError, OSError) as error:
        raise file.problem(error) from None
    rejects = tuple(tidied.mender.rejects)
    if rejects and sample.is_empty():
        raise InputProblem(f"{file.name}:{rejects[0].line}: no row can be read: {rejects[0].reason}")
    kept = layout.headers[: _used(layout, sample)]
    notices = (*layout.notices, *_notices(tidied))
    return TextFrame(
        file.name,
        frame.select(kept),
        kept,
        sample.select(kept),
        LABELS[tidied.text.encoding],
        notices,
        rejects,
        separator=tidied.text.dialect.separator,
        above=layout.lines if tidied.rows is None else None,
    )


def _scan(file: File, layout: Layout, tidied: Tidied) -> pl.LazyFrame:
    return pl.scan_csv(
        file.source if tidied.rows is None else tidied.rows,
        has_header=False,
        schema=dict.fromkeys(layout.headers, pl.String),
        skip_lines=layout.lines if tidied.rows is None else 0,
        separator=tidied.grammar.separator,
        quote_char=tidied.grammar.quote,
        null_values=[""],
        glob=False,
    )


def _used(layout: Layout, sample: pl.DataFrame) -> int:
    """How many columns there are, not counting empty ones without a name that trailing separators make."""
    used = layout.width
    while used > 1 and not layout.named[used - 1] and sample.to_series(used - 1).is_null().all():
        used -= 1
    return used


def _notices(tidied: Tidied) -> list[Notice]:
    mender, text = tidied.mender, tidied.text
    found = []
    if text.lost:
        message = f"Characters that could not be decoded, replaced: {text.lost}, the first in line {text.first_lost}"
        found.append(Notice(Level.WARNING, "bad_bytes", message, rows=text.lost))
    if mender.repeated:
        message = f"Header rows repeated among the others, left out: {mender.repeated}"
        found.append(Notice(Level.INFO, "repeated_header", message, rows=mender.repeated))
    if mender.footers:
        found.append(footer_notice(mender.footers))
    if mender.rejects:
        found.append(damage_notice(mender.rejects))
    return found
