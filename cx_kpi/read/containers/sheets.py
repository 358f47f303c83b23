"""Spreadsheets: the sheet that holds the table, every cell as text."""

import json
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import takewhile

import polars as pl

from cx_kpi.model.errors import InputProblem, nearest
from cx_kpi.model.frozen import dataclass
from cx_kpi.model.values import Level
from cx_kpi.read.containers.workbook import LONGEST, TOO_LONG, rows_of
from cx_kpi.read.raw.binary import File, printable
from cx_kpi.read.raw.own_output import is_own_workbook, own
from cx_kpi.read.raw.sandbox import asked
from cx_kpi.read.raw.source import SAMPLE, Phrase, Remark, TextFrame, parts
from cx_kpi.read.rows.repair import footer
from cx_kpi.read.rows.table_start import lay_out
from cx_kpi.read.rows.totals import is_total
from cx_kpi.wording.language import mark

_MOST_TOTALS = 3
_ZIP = b"PK\x03\x04"
_BOOKS = frozenset({"[Content_Types].xml", "content.xml"})  # one of these is in every workbook
_OTHERS = mark("Read from sheet {sheet}; other sheets, left out: {names}.")


def open_sheets(file: File) -> list[TextFrame]:
    """The sheets of a workbook that hold tables, all columns text, empty cells null; raises `InputProblem`."""
    found = _tables(file)
    if len(found.tables) > 1:
        return parts(file.name, {name: _frame(file, table) for name, table in found.tables.items()})
    ((name, table),) = found.tables.items()
    return [_frame(file, table, _others(found.sheets, name))]


def open_sheet(file: File, name: str) -> TextFrame:
    """One sheet of a workbook, by its name; raises `InputProblem`."""
    found = _tables(file, name)
    if name not in found.sheets:
        raise InputProblem(f"{file.name}: no such sheet{nearest(name, found.sheets)}")
    return replace(_frame(file, found.tables[name]), path=f"{file.name}#{printable(name)}")


@dataclass(frozen=True, slots=True)
class _Found:
    """The names of all sheets, and the cells of those that hold tables."""

    sheets: list[str]
    tables: dict[str, pl.DataFrame]


def _tables(file: File, wanted: str = "") -> _Found:
    unpacked = _unpacked(file)
    code, answer = asked("cx_kpi.read.containers.workbook", file, wanted, unpacked=unpacked)
    if code == TOO_LONG:
        raise InputProblem(
            f"{file.name}: a cell of over {LONGEST >> 20} MB, which is no table; save it as CSV"
        )
    if code:
        raise InputProblem(f"{file.name}: not a readable spreadsheet; remove its password or save it as CSV")
    said, _, cells = answer.partition(b"\n")
    head = json.loads(said)
    tables, start = {}, 0
    for name, size in head["tables"]:
        tables[name] = pl.read_ipc_stream(cells[start : start + size])
        start += size
    if not tables and wanted in ("", *head["sheets"]):
        raise file.empty()
    return _Found(head["sheets"], tables)


def _unpacked(file: File) -> int:
    """How many bytes the parts of a workbook unpack to; an older format is not packed.

    Raises `InputProblem` where they are too many, or damaged: readers of sheets would pass over that.
    """
    if file.head(len(_ZIP)) != _ZIP:
        return file.size
    try:
        with file.raw() as raw, zipfile.ZipFile(raw) as parts:
            if not _BOOKS & set(parts.namelist()):
                raise InputProblem(
                    f"{file.name}: a ZIP archive, not a table; unpack it and name what is in it"
                )
            unpacked = sum(part.file_size for part in parts.infolist())
            if unpacked > file.most_unpacked(file.size):
                raise file.too_large(file.size)
            if parts.testzip():
                raise file.problem(EOFError())
            if is_own_workbook(parts):
                raise own(file.name)
            return unpacked
    except (RuntimeError, NotImplementedError):  # encrypted, or packed in a rare way: the reader will say
        return file.size
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError) as error:
        raise file.problem(error) from None


def _frame(file: File, table: pl.DataFrame, others: Iterable[Remark] = ()) -> TextFrame:
    layout = lay_out(rows_of(table))
    if layout is None:
        raise file.empty()
    table.columns = list(layout.headers)
    body = table.slice(layout.lines)
    filled = body.filter(~pl.all_horizontal(pl.all().is_null()))
    totals = sum(1 for _ in takewhile(is_total, _last(filled)))
    rows = filled.head(filled.height - totals)
    named = zip(layout.headers, layout.named, strict=True)
    used = tuple(name for name, named in named if named or rows[name].count())
    remarks = (*layout.remarks, *others, *footer(totals))
    sample = rows.head(SAMPLE).select(used)
    return TextFrame(file.name, rows.lazy().select(used), used, sample, None, remarks, labels=layout.labels)


def _last(rows: pl.DataFrame) -> Iterator[list[str]]:
    """The last rows, the last first."""
    return ([cell or "" for cell in row] for row in rows.reverse().head(_MOST_TOTALS).iter_rows())


def _others(sheets: Sequence[str], sheet: str) -> Iterator[Remark]:
    left = [printable(name) for name in sheets if name != sheet]
    if left:
        values = {"sheet": printable(sheet), "names": ", ".join(left)}
        yield Remark("other_sheets", Phrase(_OTHERS, values), len(left), Level.INFO)
