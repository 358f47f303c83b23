"""The sheets of a workbook that hold tables. Runs in a process of its own: readers of sheets panic."""

import json
import sys
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import polars as pl

from cx_kpi.model.frozen import dataclass
from cx_kpi.read.rows.first_rows import Row
from cx_kpi.read.rows.table_start import Layout, lay_out

if TYPE_CHECKING:
    from fastexcel import ExcelReader

LOOKED_AT = 100  # rows of each sheet, to find the table
LONGEST = 1 << 20  # bytes of a cell; spreadsheets themselves keep to 32,767 characters
TOO_LONG = 4  # exit code: a cell is longer
_DAY_ZERO = r"^1899-12-3[01] "  # how a time of day is stored
_EARLY = (
    r"^((?:1899|190\d)-\d\d-\d\d \d\d:\d\d:\d\d)"  # how elapsed time is stored: as a date soon after 1900
)
_LATE = r"^(?:19[1-9]|2\d\d)\d-\d\d-\d\d"
_NEVER = "1900-01-01 00:00:00"
_FORMAT = "%Y-%m-%d %H:%M:%S"
_FIRST, _LEAP_DAY = (
    datetime.fromisoformat("1899-12-31"),
    datetime.fromisoformat("1900-03-01"),
)  # before which spreadsheets count a day that never was


class _TooLong(Exception):
    """A cell that no spreadsheet holds."""


@dataclass(frozen=True, slots=True)
class _Sheet:
    name: str
    layout: Layout
    rows: int  # seen below the header

    @property
    def is_table(self) -> bool:
        """Whether there are rows of more than one column."""
        return self.rows > 0 and sum(self.layout.named) > 1


def main(path: str, wanted: str = "") -> int:
    """Write the names of all sheets, and of each table its sheet and size, as a line of JSON, then their cells as Arrow.

    The tables in the order of the workbook; where there is none, the fullest sheet. With a `wanted` sheet, that alone.
    """
    from fastexcel import read_excel

    book = read_excel(sys.stdin.buffer.read() if path == "-" else path)
    try:
        sheets, tables = _tables(book, wanted)
        written = [_written(_cells(book, sheet)) for sheet in tables]
    except _TooLong:
        return TOO_LONG
    sizes = [[sheet.name, len(cells)] for sheet, cells in zip(tables, written, strict=True)]
    head = json.dumps({"sheets": sheets, "tables": sizes})
    sys.stdout.buffer.writelines([head.encode(), b"\n", *written])
    sys.stdout.buffer.flush()
    return 0


def _tables(book: "ExcelReader", wanted: str) -> tuple[list[str], list[_Sheet]]:
    """The names of all sheets, and those that hold tables, else the fullest."""
    names = [name for name in book.sheet_names if wanted in ("", name)]
    sheets = [sheet for name in names if (sheet := _look(book, name))]
    return book.sheet_names, [sheet for sheet in sheets if sheet.is_table] or sorted(sheets, key=_fullness)[
        -1:
    ]


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


def _written(cells: pl.DataFrame) -> bytes:
    from io import BytesIO

    out = BytesIO()
    cells.write_ipc_stream(out)
    return out.getvalue()


def _cells(book: "ExcelReader", sheet: _Sheet) -> pl.DataFrame:
    """All cells as text; below the header, elapsed time as hours, minutes and seconds."""
    table, lines = _load(book, sheet.name), sheet.layout.lines
    body = table.slice(lines)
    early = pl.all().str.contains(_EARLY) & (pl.all() != _NEVER)
    elapsed = body.select(early.any() & ~pl.all().str.contains(_LATE).any())
    columns = [
        _clock(name) if elapsed[name].item() else pl.col(name).str.replace(_DAY_ZERO, "")
        for name in body.columns
    ]
    return pl.concat([table.head(lines), body.with_columns(columns)])


def _clock(name: str) -> pl.Expr:
    """Dates soon after 1900 as the time elapsed; other cells as they are."""
    moment = pl.col(name).str.extract(_EARLY).str.to_datetime(_FORMAT, strict=False)
    shifted = (moment < _FIRST) | (moment >= _LEAP_DAY)
    since = pl.when(shifted).then(pl.lit(_FIRST - timedelta(days=1))).otherwise(pl.lit(_FIRST))
    seconds = (moment - since).dt.total_seconds()
    parts = [(seconds // 3600), seconds // 60 % 60, seconds % 60]
    clock = pl.concat_str([part.cast(pl.String).str.zfill(2) for part in parts], separator=":")
    return pl.coalesce(clock, pl.col(name)).alias(name)
