"""The charts, the spreadsheet's own: two in a row, none over the end of a page; their numbers are beside the pages."""

from itertools import accumulate
from typing import Any

from cx_kpi.model.chart_data import Chart, ChartKind
from cx_kpi.model.report import Report
from cx_kpi.model.values import Unit
from cx_kpi.render.charts.palette import SERIES, on_white, shades
from cx_kpi.render.elements.report_view import Picture, View
from cx_kpi.render.xlsx.book import GREY, HEAD, Book
from cx_kpi.render.xlsx.number_formats import AXES, Figure
from cx_kpi.render.xlsx.paper import Sheet

KINDS: dict[str, dict[str, str]] = {
    ChartKind.LINES: {"type": "line"},
    ChartKind.BARS: {"type": "column"},
    ChartKind.STACK: {"type": "column", "subtype": "stacked"},
    ChartKind.PARETO: {"type": "column"},
}
NAMES, CELL, CELLS = 20, 5.6, 24  # the grid: widths of its columns, and how many cells it has
NUMBERS, WIDTH = CELLS + 2, 13  # the column in which the numbers of charts begin, and how wide theirs are
HALF = 11  # the column in which the second chart of a row begins
PAGE, HIGH = 42, 14  # rows of a page, and of a chart with its title
SIZE = {"width": 575, "height": (HIGH - 1) * 20 - 8}
TITLE = {"bold": True, "font_size": 13}
COLOURS = {"type": "2_color_scale", "min_color": "#FFFFFF", "max_color": "#6BB5B1"}


def exhibits(book: Book, report: Report, shown: View) -> None:
    """The sheet of charts; none where there are none."""
    if not shown.pictures:
        return
    charts = {exhibit.id: exhibit for exhibit in report.exhibits}
    drawn = [each for each in shown.pictures if charts[each.id].kind is not ChartKind.HEAT]
    heats = [each for each in shown.pictures if charts[each.id].kind is ChartKind.HEAT]
    pages, row = _Pages(book), 0
    for place, picture in enumerate(drawn):
        row, column = (row, HALF) if place % 2 else (pages.place(HIGH), 0)
        _drawn(book, pages, (row, column), charts[picture.id], picture)
    for picture in heats:
        _heat(book, pages, charts[picture.id], picture)


class _Pages:
    """Sheets with a grid, each a page on paper, filled from above."""

    def __init__(self, book: Book) -> None:
        self._book, self._row, self._pages, self.beside = book, PAGE, 0, 0
        self.sheet: Sheet = None

    def place(self, rows: int) -> int:
        """The first of so many rows on one page."""
        if self._row + rows > PAGE and self._row:
            self._turn()
        first, self._row = self._row, self._row + rows
        self.sheet.print_area(0, 0, self._row - 1, CELLS)
        return first

    def _turn(self) -> None:
        self._pages += 1
        name = self._book.language("Charts")
        self.sheet = self._book.sheet(f"{name} {self._pages}" if self._pages > 1 else name)
        self.sheet.set_column(0, 0, NAMES)
        self.sheet.set_column(1, CELLS, CELL)
        self.sheet.set_column(NUMBERS, NUMBERS, NAMES)
        self.sheet.set_column(NUMBERS + 1, NUMBERS + CELLS, WIDTH)
        self.sheet.fit_to_pages(1, 1)
        self._row = self.beside = 0


def _drawn(book: Book, pages: _Pages, at: tuple[int, int], exhibit: Chart, picture: Picture) -> None:
    """A chart with its title, and its numbers beside the page."""
    sheet, top = pages.sheet, pages.beside
    book.put(sheet, *at, picture.title, TITLE)
    last = _numbers(book, sheet, top, exhibit, picture)
    about = {"description": picture.about, "y_offset": 4}
    sheet.insert_chart(at[0] + 1, at[1], _chart(book, sheet, exhibit, top + 1, last), about)
    pages.beside = last + 2


def _numbers(book: Book, sheet: Sheet, row: int, exhibit: Chart, picture: Picture) -> int:
    """Title and table of a chart, beside the pages; gives the last row."""
    book.put(sheet, row, NUMBERS, f"{picture.title}. {picture.about}", GREY)
    for place, head in enumerate(["", *picture.heads], NUMBERS):
        book.put(sheet, row + 1, place, head, HEAD)
    last = row + 1
    for last, line in enumerate(exhibit.rows, row + 2):
        young = line.young or [False] * len(line.values)
        _line(book, sheet, last, line.name, line.values, young, exhibit.unit)
    if exhibit.kind is ChartKind.PARETO and len(exhibit.rows) == 1:
        last += 1
        _line(book, sheet, last, book.language("running share"), _running(exhibit), [], Unit.SHARE)
    return last


def _line(
    book: Book, sheet: Sheet, row: int, name: str, values: list[float | None], young: list[bool], unit: Unit
) -> None:
    book.put(sheet, row, NUMBERS, name)
    for place, value in enumerate(values):
        early = {"italic": True, **GREY} if young and young[place] else {}
        book.put(sheet, row, NUMBERS + 1 + place, _figure(value, unit), early)


def _figure(value: float | None, unit: Unit) -> Figure | None:
    return None if value is None else Figure(value, unit)


def _running(exhibit: Chart) -> list[float | None]:
    """The share of the whole up to each bar."""
    values = [value or 0.0 for value in exhibit.rows[0].values]
    whole = sum(values)
    return [value / whole if whole else None for value in accumulate(values)]


def _heat(book: Book, pages: _Pages, exhibit: Chart, picture: Picture) -> None:
    """A table in a scale of colours, its columns as wide as the grid allows."""
    top = pages.place(len(exhibit.rows) + 5)
    sheet, wide = pages.sheet, max(1, min(4, CELLS // max(1, len(picture.heads))))
    book.put(sheet, top, 0, picture.title, TITLE)
    book.paragraph(sheet, top + 1, (0, CELLS), picture.about, NAMES + CELL * CELLS, GREY)
    for row, line in enumerate([None, *exhibit.rows], top + 2):
        cells = picture.heads if line is None else [_figure(each, exhibit.unit) for each in line.values]
        book.put(sheet, row, 0, line.name if line else "", {} if line else HEAD)
        for place, value in enumerate(cells):
            shape = {"align": "center", **({} if line else HEAD)}
            _cell(book, sheet, (row, 1 + place * wide, place * wide + wide), value, shape)
    area = (top + 3, 1, top + 2 + len(exhibit.rows), len(picture.heads) * wide)
    sheet.conditional_format(*area, COLOURS)


def _cell(
    book: Book, sheet: Sheet, place: tuple[int, int, int], value: Figure | str | None, shape: dict[str, Any]
) -> None:
    """A value over the columns from one to another of a row."""
    row, first, last = place
    if last > first:
        sheet.merge_range(row, first, row, last, "", book.format(shape))
    form = {"num_format": "0%"} if isinstance(value, Figure) and value.unit is Unit.SHARE else {}
    book.put(sheet, row, first, value, shape | form)


def _chart(book: Book, sheet: Sheet, exhibit: Chart, top: int, last: int) -> Any:
    """The chart of the lines below the heads in row `top`, the last in row `last`."""
    bars, width = len(exhibit.rows), len(exhibit.columns)
    chart = book.chart(**KINDS[exhibit.kind])
    for place, color in enumerate(shades(exhibit.scale, bars), 1):
        drawn = exhibit.kind is ChartKind.LINES
        chart.add_series(_series(sheet, top, top + place, width, on_white(color), drawn))
    if last > top + bars:
        line = book.chart(type="line")
        line.add_series(_series(sheet, top, last, width, on_white(SERIES[1]), drawn=True) | {"y2_axis": True})
        line.set_y2_axis({"num_format": "0%", "min": 0, "max": 1})
        chart.combine(line)
    grid = {"visible": True, "line": {"color": "#E2E5E9"}}
    chart.set_y_axis({"num_format": AXES.get(exhibit.unit, "General"), "min": 0, "major_gridlines": grid})
    chart.set_title({"none": True})
    chart.set_legend({"none": True} if last == top + 1 else {"position": "bottom"})
    chart.set_size(SIZE)
    return chart


def _series(sheet: Sheet, heads: int, row: int, width: int, shade: str, drawn: bool) -> dict[str, Any]:
    """One line of the table as a series: `drawn` as a line, else filled."""
    color, first = {"color": shade}, NUMBERS + 1
    return {
        "name": [sheet.name, row, NUMBERS],
        "categories": [sheet.name, heads, first, heads, NUMBERS + width],
        "values": [sheet.name, row, first, row, NUMBERS + width],
        **({"line": color | {"width": 2}} if drawn else {"fill": color, "gap": 60}),
    }
