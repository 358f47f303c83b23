"""A workbook with texts as texts and numbers as numbers, the same bytes each time."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import field
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

from cx_kpi import KEYWORD
from cx_kpi.model.frozen import dataclass
from cx_kpi.render.files.json import rounded
from cx_kpi.render.xlsx import paper
from cx_kpi.render.xlsx.number_formats import Figure, written
from cx_kpi.render.xlsx.paper import LINE, Sheet
from cx_kpi.wording.language import Language

Shape = Mapping[str, Any]  # properties of a format
LONGEST = 32_767  # characters of a cell
AIR = 3  # points between the texts of two rows
ROOM = 1.03  # for texts bolder than most
FONT = 11  # points, unless a shape says more
EPOCH = datetime(
    2000, 1, 1, tzinfo=UTC
)  # every workbook is made then, so that the same report has the same bytes
PLAIN: Shape = {}
HEAD: dict[str, Any] = {
    "bold": True,
    "bottom": 1,
    "text_wrap": True,
    "valign": "vcenter",
    "bg_color": "#ECEEF0",
}
BAND: Shape = {"bold": True, "bottom": 1, "bottom_color": "#9AA3AD"}
GREY: Shape = {"font_color": "#5A636E"}
RIGHT: Shape = {"align": "right"}
NEXT: Shape = {"indent": 1}  # a text after a column of numbers
WRAP: Shape = {"text_wrap": True, "valign": "vcenter"}
_UNHOLDABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # no XML can hold these


@dataclass(frozen=True, slots=True)
class Column:
    """A head, how wide its column is in characters, and how it is aligned."""

    head: str
    width: float = 12
    shape: Shape = field(default_factory=dict)


class Book:
    """An xlsxwriter workbook, its formats, and the language of what is written into it; `ours` are no exports."""

    def __init__(self, out: BytesIO, language: Language, title: str, *, ours: bool = True) -> None:
        from xlsxwriter import Workbook  # type: ignore[import-untyped]

        self.language, self._title = language, text(title)
        plain = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
        self._book = Workbook(out, {"in_memory": True, **plain})
        created = EPOCH.replace(tzinfo=None)
        self._book.set_properties(
            {"title": self._title[:255], "keywords": KEYWORD if ours else "", "created": created}
        )
        self._formats: dict[tuple[tuple[str, Any], ...], Any] = {}
        self._heights: dict[str, dict[int, float]] = {}  # of the rows that hold something, by sheet

    def format(self, shape: Shape) -> Any:
        """The format of these properties; one object however often it is asked for."""
        key = tuple(sorted(shape.items()))
        if key not in self._formats:
            self._formats[key] = self._book.add_format({"valign": "vcenter", **shape})
        return self._formats[key]

    def sheet(self, name: str) -> Sheet:
        """A new sheet, without grid lines, ready for paper."""
        sheet: Sheet = self._book.add_worksheet(name[:31])
        sheet.hide_gridlines(2)
        self._heights[sheet.name] = {}
        paper.prepare(sheet, self._title)
        return sheet

    def fit(self, sheet: Sheet, widths: Sequence[float]) -> None:
        """The finished sheet, of columns of so many characters, on few pages."""
        paper.fit(sheet, widths, self._heights[sheet.name])

    def table(self, name: str, columns: Sequence[Column]) -> Sheet:
        """A new sheet of data: heads in a frozen first row, with a filter."""
        sheet = self.sheet(name)
        self.heads(sheet, 0, columns)
        sheet.freeze_panes(1, 0)
        paper.repeat(sheet, 0)
        sheet.autofilter(0, 0, 0, len(columns) - 1)
        return sheet

    def heads(self, sheet: Sheet, row: int, columns: Sequence[Column]) -> None:
        """Heads in a row, and the widths of their columns."""
        for place, column in enumerate(columns):
            sheet.set_column(place, place, column.width)
            self.put(sheet, row, place, column.head, {**HEAD, **column.shape})
        self.high(sheet, row, [(column.head, column.width - 1) for column in columns])

    def band(self, sheet: Sheet, row: int, title: str, columns: int) -> None:
        """A title over the rows below it, underlined across the columns."""
        for place in range(columns):
            self.put(sheet, row, place, "" if place else title, shape=BAND)
        self._row(sheet, row, LINE + AIR)

    def name(self, sheet: Sheet, row: int, title: str, width: float) -> None:
        """The name of a row, in a first column of so many characters."""
        self.put(sheet, row, 0, title, WRAP)
        if paper.lines(title, width - 1) > 1:
            self.high(sheet, row, [(title, width - 1)])

    def put(self, sheet: Sheet, row: int, column: int, value: Any, shape: Shape = PLAIN) -> None:
        """A value in a cell: a figure with its format, a bare number, a text."""
        self._heights[sheet.name].setdefault(row, LINE)
        if isinstance(value, bool):
            value = self.language("yes") if value else self.language("no")
        if isinstance(value, Figure):
            number, form = written(value, self.language)
            self._number(sheet, row, column, number, {"num_format": form, **shape})
        elif isinstance(value, int | float):
            self._number(sheet, row, column, float(value), shape)
        elif value or shape:
            words = ", ".join(map(str, value)) if isinstance(value, list) else str(value or "")
            sheet.write_string(row, column, text(words), self.format(shape))

    def _number(self, sheet: Sheet, row: int, column: int, value: float, shape: Shape) -> None:
        number = rounded(value)
        if number is not None:
            sheet.write_number(row, column, number, self.format(shape))

    def paragraph(
        self, sheet: Sheet, row: int, columns: tuple[int, int], words: str, wide: float, shape: Shape = PLAIN
    ) -> None:
        """A text over several columns, `wide` characters together, on as many lines as it takes."""
        form = self.format({**WRAP, **shape})
        sheet.merge_range(row, columns[0], row, columns[1], "", form)
        sheet.write_string(row, columns[0], text(words), form)
        self.high(sheet, row, [(words, wide * FONT / shape.get("font_size", FONT))])

    def high(self, sheet: Sheet, row: int, texts: Sequence[tuple[str, float]]) -> None:
        """As high a row as these texts take, each on so many characters: not every program finds it out."""
        lines = max(paper.lines(words, wide / ROOM) for words, wide in texts)
        self._row(sheet, row, LINE * lines + AIR)

    def _row(self, sheet: Sheet, row: int, height: float) -> None:
        self._heights[sheet.name][row] = height
        sheet.set_row(row, height)

    def chart(self, **options: Any) -> Any:
        """A chart to be put on a sheet."""
        return self._book.add_chart(options)

    def close(self) -> None:
        """Write everything out."""
        self._book.close()


def text(value: str) -> str:
    """The text without what a cell cannot hold."""
    return _UNHOLDABLE.sub("\ufffd", value)[:LONGEST]
