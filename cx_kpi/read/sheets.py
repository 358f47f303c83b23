"""Spreadsheets: the sheet that holds the table, every cell as text."""

import zipfile
from dataclasses import dataclass
from itertools import takewhile
from typing import TYPE_CHECKING

import polars as pl

from cx_kpi.errors import InputProblem
from cx_kpi.read.binary import MOST_RATIO, MOST_UNPACKED, File, printable
from cx_kpi.read.columnar import hushed
from cx_kpi.read.layout import Layout, Row, lay_out
from cx_kpi.read.mend import footer_notice, is_total
from cx_kpi.read.source import SAMPLE, TextFrame
from cx_kpi.report import Level, Notice

if TYPE_CHECKING:
    import fastexcel
    from fastexcel import DTypeMap

_LOOKED_AT = 100  # rows of each sheet, to find the table
_MOST_TOTALS = 3
_DAY_ZERO = r"^1899-12-3[01] "  # how a time of day is stored


@dataclass(frozen=True, slots=True)
class _Sheet:
    name: str
    layout: Layout
    rows: int  # seen below the header


def open_sheets(file: File) -> TextFrame:
    """The fullest sheet of a workbook, all columns text, empty cells null; raises `InputProblem`."""
    from fastexcel import FastExcelError, read_excel

    _check_size(file)
    try:
        with hushed():
            book = read_excel(file.piped or file.path)
            sheet = _fullest(file, book)
            return _frame(file, book, sheet)
    except (FastExcelError, pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError):
        raise InputProblem(
            f"{file.name}: not a readable spreadsheet; remove its password or save it as CSV"
        ) from None


def _check_size(file: File) -> None:
    try:
        with file.raw() as raw, zipfile.ZipFile(raw) as parts:
            unpacked = sum(part.file_size for part in parts.infolist())
    except (zipfile.BadZipFile, OSError, ValueError):
        return  # an older format, or broken: the reader will say
    if unpacked > max(MOST_UNPACKED, MOST_RATIO * file.size):
        raise InputProblem(f"{file.name}: unpacks to over {MOST_RATIO} times its size; save it as CSV")


def _fullest(file: File, book: "fastexcel.ExcelReader") -> _Sheet:
    """The sheet with the most named columns, and of those the one with the most rows."""
    sheets = [sheet for name in book.sheet_names if (sheet := _look(book, name))]
    if not sheets:
        raise InputProblem(f"{file.name}: no sheet holds a table; export it again")
    return max(sheets, key=lambda sheet: (sheet.rows > 0, sum(sheet.layout.named), sheet.rows))


def _look(book: "fastexcel.ExcelReader", name: str) -> _Sheet | None:
    head = _load(book, name, _LOOKED_AT)
    rows = [Row(cells, "", place, place + 1) for place, cells in enumerate(_cells(head)) if any(cells)]
    layout = lay_out(rows)
    return _Sheet(name, layout, head.height - layout.lines) if layout else None


def _load(book: "fastexcel.ExcelReader", name: str, rows: int | None = None) -> pl.DataFrame:
    sheet = book.load_sheet(name, header_row=None, dtypes="string", n_rows=rows, whitespace_as_null=True)
    frame: pl.DataFrame = sheet.to_polars()
    return frame


def _cells(frame: pl.DataFrame) -> list[list[str]]:
    return [[cell or "" for cell in row] for row in frame.iter_rows()]


def _frame(file: File, book: "fastexcel.ExcelReader", sheet: _Sheet) -> TextFrame:
    layout = sheet.layout
    table = _load(book, sheet.name)
    table.columns = list(layout.headers)
    body = table.slice(layout.lines).with_columns(pl.all().str.replace(_DAY_ZERO, ""))
    filled = body.with_columns(_durations(book, sheet)).filter(~pl.all_horizontal(pl.all().is_null()))
    totals = sum(1 for _ in takewhile(is_total, _cells(filled.reverse().head(_MOST_TOTALS))))
    rows = filled.head(filled.height - totals)
    used = [
        name for name, named in zip(layout.headers, layout.named, strict=True) if named or rows[name].count()
    ]
    notices = (*layout.notices, *_notices(book, sheet, totals))
    return TextFrame(
        file.name, rows.lazy().select(used), tuple(used), rows.head(SAMPLE).select(used), None, notices
    )


def _durations(book: "fastexcel.ExcelReader", sheet: _Sheet) -> list[pl.Series]:
    """The columns of elapsed time, which would read as dates, as hours, minutes and seconds."""
    first = book.load_sheet(sheet.name, header_row=None, skip_rows=sheet.layout.lines, n_rows=_LOOKED_AT)
    places = [column.index for column in first.available_columns() if column.dtype == "duration"]
    if not places:
        return []
    kinds: DTypeMap = dict.fromkeys(places, "duration")
    columns = book.load_sheet(
        sheet.name, header_row=None, skip_rows=sheet.layout.lines, use_columns=places, dtypes=kinds
    ).to_polars()
    return [
        _clock(column).alias(sheet.layout.headers[place])
        for place, column in zip(places, columns, strict=True)
    ]


def _clock(column: pl.Series) -> pl.Series:
    seconds = column.dt.total_seconds()
    parts = (seconds // 3600, seconds // 60 % 60, seconds % 60)
    return pl.select(
        pl.concat_str([part.cast(pl.String).str.zfill(2) for part in parts], separator=":")
    ).to_series()


def _notices(book: "fastexcel.ExcelReader", sheet: _Sheet, totals: int) -> list[Notice]:
    others = [printable(name) for name in book.sheet_names if name != sheet.name]
    found = []
    if others:
        message = f"Read from sheet {printable(sheet.name)}; other sheets, left out: {', '.join(others)}"
        found.append(Notice(Level.INFO, "other_sheets", message, rows=len(others)))
    if totals:
        found.append(footer_notice(totals))
    return found
