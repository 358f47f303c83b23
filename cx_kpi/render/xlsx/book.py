"""A workbook with texts as texts and numbers as numbers, the same bytes each time."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

from cx_kpi import KEYWORD
from cx_kpi.model.values import Unit
from cx_kpi.render.files.json import rounded
from cx_kpi.wording.language import Language

Sheet = Any  # a worksheet of xlsxwriter, which carries no types
Shape = Mapping[str, Any]  # properties of a format
LONGEST = 32_767  # characters of a cell
DAY = 86_400
EPOCH = datetime(
    2000, 1, 1, tzinfo=UTC
)  # every workbook is made then, so that the same report has the same bytes
NUMBERS = {
    Unit.COUNT: "#,##0",
    Unit.SECONDS: "[h]:mm:ss",
    Unit.SHARE: "0.0%",
    Unit.POINTS: "+0.0;-0.0;0",
    Unit.SCORE: "0.00",
    Unit.RATIO: "0.00",
    Unit.CURRENCY: "#,##0.00",
}
PLAIN: Shape = {}
HEAD: Shape = {"bold": True, "bottom": 1, "text_wrap": True, "valign": "vcenter", "bg_color": "#E8EEF0"}
_UNHOLDABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # no XML can hold these


@dataclass(frozen=True, slots=True)
class Column:
    """A head and how wide its column is, in characters."""

    head: str
    width: float = 12


class Book:
    """An xlsxwriter workbook, its formats, and the language of what is written into it; `ours` are no exports."""

    def __init__(self, out: BytesIO, language: Language, title: str, *, ours: bool = True) -> None:
        from xlsxwriter import Workbook  # type: ignore[import-untyped]

        self.language = language
        plain = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
        self._book = Workbook(out, {"in_memory": True, **plain})
        created = EPOCH.replace(tzinfo=None)
        self._book.set_properties(
            {"title": text(title)[:255], "keywords": KEYWORD if ours else "", "created": created}
        )
        self._formats: dict[tuple[tuple[str, Any], ...], Any] = {}

    def format(self, shape: Shape) -> Any:
        """The format of these properties; one object however often it is asked for."""
        key = tuple(sorted(shape.items()))
        if key not in self._formats:
            self._formats[key] = self._book.add_format(dict(shape))
        return self._formats[key]

    def sheet(self, name: str) -> Sheet:
        """A new sheet, without grid lines."""
        sheet: Sheet = self._book.add_worksheet(name[:31])
        sheet.hide_gridlines(2)
        return sheet

    def table(self, name: str, columns: Sequence[Column]) -> Sheet:
        """A new sheet of data: heads in a frozen first row, with a filter."""
        sheet = self.sheet(name)
        self.heads(sheet, 0, columns)
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, 0, len(columns) - 1)
        return sheet

    def heads(self, sheet: Sheet, row: int, columns: Sequence[Column]) -> None:
        """Heads in a row, and the widths of their columns."""
        for place, column in enumerate(columns):
            sheet.set_column(place, place, column.width)
            self.put(sheet, row, place, column.head, shape=HEAD)

    def put(
        self, sheet: Sheet, row: int, column: int, value: Any, unit: Unit | None = None, shape: Shape = PLAIN
    ) -> None:
        """A value in a cell: a number in its unit (lengths of time in days, as spreadsheets have them), a text."""
        if isinstance(value, bool):
            value = self.language("yes") if value else self.language("no")
        if isinstance(value, int | float):
            self._number(sheet, row, column, value, unit, shape)
        elif value or shape:
            words = ", ".join(map(str, value)) if isinstance(value, list) else str(value or "")
            sheet.write_string(row, column, text(words), self.format(shape))

    def _number(
        self, sheet: Sheet, row: int, column: int, value: float, unit: Unit | None, shape: Shape
    ) -> None:
        number = rounded(value / DAY if unit is Unit.SECONDS else float(value))
        form = {"num_format": NUMBERS.get(unit, "General")} if unit else {}
        if number is not None:
            sheet.write_number(row, column, number, self.format({**form, **shape}))

    def chart(self, **options: Any) -> Any:
        """A chart to be put on a sheet."""
        return self._book.add_chart(options)

    def close(self) -> None:
        """Write everything out."""
        self._book.close()


def text(value: str) -> str:
    """The text without what a cell cannot hold."""
    return _UNHOLDABLE.sub("\ufffd", value)[:LONGEST]
