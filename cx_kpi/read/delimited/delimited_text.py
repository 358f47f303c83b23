"""Delimited text: CSV, TSV and their relatives, plain or compressed, in any encoding."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import polars as pl

from cx_kpi.model.errors import InputProblem
from cx_kpi.read.delimited.canonical import Tidied, tidy
from cx_kpi.read.delimited.decoded import Text
from cx_kpi.read.delimited.dialect import Dialect, first_lines, sniff, universal
from cx_kpi.read.delimited.wrapped import unwrapped
from cx_kpi.read.raw.binary import File
from cx_kpi.read.raw.encoding import LABELS
from cx_kpi.read.raw.source import SAMPLE, Phrase, Reject, Remark, TextFrame, counted, damage
from cx_kpi.read.rows.first_rows import first_rows
from cx_kpi.read.rows.grammar import Grammar
from cx_kpi.read.rows.repair import WIDTH, footer
from cx_kpi.read.rows.table_start import Layout, lay_out
from cx_kpi.wording.language import mark

_HEAD = 1 << 18
_LOST = mark("Characters that could not be decoded, replaced: {rows}, the first in line {line}.")
_REPEATED = mark("Header rows repeated among the others, left out: {rows}.")
_NOTHING = b"\r\n\t \0\xef\xbb\xbf\xff\xfe"  # blanks and byte order marks


def open_csv(file: File) -> TextFrame:
    """A delimited file, all columns text, empty cells null; raises `InputProblem`."""
    head = next(file.chunks(_HEAD), b"")
    if not head.strip(_NOTHING):
        raise file.empty()
    file.refuse_endless()
    file, said = unwrapped(file, head)
    head = next(file.chunks(_HEAD), b"") if said else head
    dialect = sniff(head, whole=len(head) < _HEAD)
    grammar = Grammar(dialect.separator, dialect.quote)
    skip = int(dialect.declared)
    layout = lay_out(first_rows(_first(head, dialect), grammar, skip), skip)
    if layout is None:
        raise InputProblem(f"{file.name}:1: no header row can be read; export it again")
    text = Text(file, dialect, dialect.encoding, settled=not head.isascii())
    tidied = tidy(text, layout, grammar)
    return _frame(file, replace(layout, remarks=(*said, *layout.remarks)), tidied)


def _why(rejects: Sequence[Reject], layout: Layout) -> str:
    """Why no row of a file can be read; where each has more cells than the header has names, names ran together."""
    widths = {each.reason.values.get("cells") for each in rejects if each.reason.text == WIDTH}
    wide = widths.pop() if len(widths) == 1 and layout.header else None
    if isinstance(wide, int) and wide > layout.width:
        return (
            f"every row has {wide} cells, but the header has {layout.width} names, which may have run together; "
            "check the header"
        )
    return str(rejects[0].reason)


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
        raise InputProblem(f"{file.name}:{rejects[0].line}: no row can be read: {_why(rejects, layout)}")
    kept = layout.headers[: _used(layout, sample)]
    remarks = (*layout.remarks, *_remarks(tidied))
    return TextFrame(
        file.name,
        frame.select(kept),
        kept,
        sample.select(kept),
        LABELS[tidied.text.encoding],
        remarks,
        rejects=rejects,
        separator=tidied.text.dialect.separator,
        above=layout.lines,
        shifts=tuple(tidied.mender.shifts),
        labels=layout.labels,
        unplaced=layout.unplaced,
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


def _remarks(tidied: Tidied) -> Iterator[Remark]:
    mender, text = tidied.mender, tidied.text
    if text.lost:
        values = {"rows": text.lost, "line": text.first_lost}
        yield Remark("bad_bytes", Phrase(_LOST, values), text.lost)
    yield from counted("repeated_header", _REPEATED, mender.repeated)
    yield from footer(mender.footers)
    yield from damage(mender.rejects)
