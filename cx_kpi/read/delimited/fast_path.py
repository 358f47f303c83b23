"""The quick proof for a plain UTF-8 file: every line is one row, by one scan of its lines in parallel."""

import polars as pl

from cx_kpi.read.containers.columnar import hushed
from cx_kpi.read.delimited.well_formed import row_pattern
from cx_kpi.read.raw.binary import File
from cx_kpi.read.rows.grammar import Grammar
from cx_kpi.read.rows.repair import LONGEST
from cx_kpi.read.rows.table_start import Layout
from cx_kpi.read.rows.totals import is_total

_WIDEST = 500  # columns
_SMALL = 1 << 20  # bytes of a file that is looked at whole at once
_FIRST = 2000  # lines looked at alone, not to read a large file in vain
_UNUSED = "\x01"  # separates nothing; a line that holds it ends the scan with an error
_NEWLINE = "\\n"
_LOST = (
    "\\x{0}\\x{fffd}\\x{feff}"  # in no cell: NUL, what stands for characters already lost, a byte order mark
)


def is_exact(file: File, layout: Layout, grammar: Grammar) -> bool:
    """Whether polars will read every line as one row exactly as it is; `False` proves nothing.

    It is `False` also for rows of several lines, repeated headers, totals, blank rows and packed files.
    """
    if not grammar.is_ascii or layout.width > _WIDEST or file.is_packed:
        return False
    lines = pl.scan_csv(
        file.source,
        has_header=False,
        schema={"line": pl.String},
        separator=_UNUSED,
        quote_char=None,
        skip_lines=layout.lines,
        glob=False,
    )
    try:
        with hushed():
            begins = file.size < _SMALL or _holds(lines.head(_FIRST), layout, grammar, whole=False)
            return begins and _holds(lines, layout, grammar)
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError):
        return False


def row_holds(layout: Layout, grammar: Grammar) -> pl.Expr:
    """Whether every value of the column `line` is one row as it is, and none is blank or the header again."""
    line, begins = pl.col("line"), layout.begins(grammar.separator) if layout.width > 1 else ()
    pattern = f"\\A{row_pattern(grammar, layout.width, inside=_NEWLINE + _LOST, outside=_LOST)}\\z"
    rows = (line.str.contains(pattern) & (line.str.len_bytes() <= LONGEST)).all(ignore_nulls=False)
    header = pl.any_horizontal(line == layout.text, *map(line.str.starts_with, begins)).any()
    blank = (line == grammar.blank(layout.width)).any()
    return rows & ~blank & ~header if layout.text else rows & ~blank


def _holds(lines: pl.LazyFrame, layout: Layout, grammar: Grammar, *, whole: bool = True) -> bool:
    found = lines.select(rows=row_holds(layout, grammar), last=pl.col("line").last()).collect()
    rows, last = found.row(0)
    return bool(rows) and not (whole and is_total(grammar.cells(last or "") or []))
