"""The sheet of a workbook that holds the table. Runs in a process of its own: readers of sheets panic."""

import json
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from cx_kpi.read.rows.table_start import Layout, Row, lay_out

if TYPE_CHECKING:
    from fastexcel import DTypeMap, ExcelReader

LOOKED_AT = 100  # rows of each sheet, to find the table
LONGEST = 1 << 20  # bytes of a cell; spreadsheets themselves keep to 32,767 characters
TOO_LONG = 4  # exit code: a cell is longer
_DAY_ZERO = r"^1899-12-3[01] "  # how a time of day is stored


class _TooLong(Exception):
    """A cell that no spreadsheet holds."""


@dataclass(frozen=True, slots=True)
class _Sheet:
    name: str
    layout: Layout
    rows: int  # seen below the header


def main(path: str) -> int:
    """Write the names of all sheets and of the one with the table as a line of JSON, then its cells as Arrow."""
    from fastexcel import read_excel

    book = read_excel(sys.stdin.buffer.read() if path == "-" else path)
    try:
        names, chosen = _chosen(book)
    except _TooLong:
        return TOO_LONG
    sys.stdout.buffer.write(json.dumps(names).encode() + b"\n")
    if chosen is not None:
        chosen.write_ipc_stream(sys.stdout.buffer)
    sys.stdout.buffer.flush()
    return 0


def _chosen(book: "ExcelReader") -> tuple[dict[str, Any], pl.DataFrame | None]:
    """The names of the sheets and of the one with the table, and its cells, where there is one."""
    sheets = [sheet for name in book.sheet_names if (sheet := _look(book, name))]
    chosen = max(sheets, key=_fullness, default=None)
    names = {"sheets": book.sheet_names, "sheet": chosen.name if chosen else None}
    return names, _cells(book, chosen) if chosen else None


def rows_of(head: pl.DataFrame) -> list[Row]:
    """The first rows that are not blank, for a layout."""
    cells = ([cell or "" for cell in row] for row in head.head(LOOKED_AT).iter_rows())
    return [Row(row, "", place, place + 1) for place, row in enumerate(cells) if any(row)]


def _fullness(sheet: _Sheet) -> tuple[bool, int, int]:
    """The sheet with the most named columns, and of those the one with the most rows."""
    return sheet.rows > 0, sum(sheet.layout.named), sheet.rows


def _look(book: "ExcelReader", name: str) -> _Sheet | None:
    head = _load(book, name, LOOKED_AT)
    layout = lay_out(rows_of(head))
    return _Sheet(name, layout, head.height - layout.lines) if layout else None


def _load(book: "ExcelReader", name: str, rows: int | None = None) -> pl.DataFrame:
    sheet = book.load_sheet(name, header_row=None, dtypes="string", n_rows=rows, whitespace_as_null=True)
    frame: pl.DataFrame = sheet.to_polars()
    longest = frame.select(pl.max_horizontal(pl.all().str.len_bytes().max())).item() if frame.width else 0
    if (longest or 0) > LONGEST:
        raise _TooLong
    return frame


def _cells(book: "ExcelReader", sheet: _Sheet) -> pl.DataFrame:
    """All cells as text; below the header, elapsed time as hours, minutes and seconds."""
    table, lines = _load(book, sheet.name), sheet.layout.lines
    body = table.slice(lines).with_columns(pl.all().str.replace(_DAY_ZERO, ""))
    return pl.concat([table.head(lines), body.with_columns(_durations(book, sheet, table.columns))])


def _durations(book: "ExcelReader", sheet: _Sheet, names: list[str]) -> list[pl.Series]:
    """The columns of elapsed time, which would read as dates."""
    lines = sheet.layout.lines
    first = book.load_sheet(sheet.name, header_row=None, skip_rows=lines, n_rows=LOOKED_AT)
    places = [column.index for column in first.available_columns() if column.dtype == "duration"]
    if not places:
        return []
    kinds: DTypeMap = dict.fromkeys(places, "duration")
    columns = book.load_sheet(
        sheet.name, header_row=None, skip_rows=lines, use_columns=places, dtypes=kinds
    ).to_polars()
    return [_clock(column).alias(names[place]) for place, column in zip(places, columns, strict=True)]


def _clock(column: pl.Series) -> pl.Series:
    seconds = column.dt.total_seconds()
    parts = (seconds // 3600, seconds // 60 % 60, seconds % 60)
    return pl.select(
        pl.concat_str([part.cast(pl.String).str.zfill(2) for part in parts], separator=":")
    ).to_series()
