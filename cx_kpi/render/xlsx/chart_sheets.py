"""The exhibits: each a table, with a chart of the spreadsheet's own or a scale of colours."""

from itertools import accumulate
from typing import Any

from cx_kpi.model.chart_data import Chart, ChartKind
from cx_kpi.model.report import Report
from cx_kpi.model.values import Unit
from cx_kpi.render.charts.palette import SERIES, on_white, shades
from cx_kpi.render.elements.report_view import Picture, View
from cx_kpi.render.xlsx.book import HEAD, NUMBERS, Book, Sheet

CHARTS: dict[str, dict[str, str]] = {
    ChartKind.LINES: {"type": "line"},
    ChartKind.BARS: {"type": "column"},
    ChartKind.STACK: {"type": "column", "subtype": "stacked"},
    ChartKind.PARETO: {"type": "column"},
}
HIGH = 16  # rows that a chart covers
NAMES, CELLS = 30, 11  # widths of columns
SCALE = {"type": "2_color_scale", "min_color": "#FFFFFF", "max_color": "#0B6B6B"}


def exhibits(book: Book, report: Report, shown: View) -> None:
    """The sheet of exhibits; none where there are none."""
    if not shown.pictures:
        return
    found = {exhibit.id: exhibit for exhibit in report.exhibits}
    sheet = book.sheet(book.language("Charts"))
    sheet.set_column(0, 0, NAMES)
    sheet.set_column(1, max(len(picture.heads) for picture in shown.pictures), CELLS)
    row = 0
    for picture in shown.pictures:
        row = _exhibit(book, sheet, row, found[picture.id], picture)


def _exhibit(book: Book, sheet: Sheet, row: int, exhibit: Chart, picture: Picture) -> int:
    """Title, table and chart from this row on; gives the row for the next one."""
    book.put(sheet, row, 0, picture.title, shape={"bold": True, "font_size": 13})
    book.put(sheet, row + 1, 0, picture.about, shape={"font_color": "#5A636E"})
    top = row + 2
    for place, head in enumerate(["", *picture.heads]):
        book.put(sheet, top, place, head, shape=HEAD)
    for place, line in enumerate(exhibit.rows, 1):
        young = line.young or [False] * len(line.values)
        _line(book, sheet, top + place, line.name, line.values, young, exhibit.unit)
    if exhibit.kind is ChartKind.HEAT:
        sheet.conditional_format(top + 1, 1, top + len(exhibit.rows), len(picture.heads), SCALE)
        return top + len(exhibit.rows) + 3
    last = top + len(exhibit.rows)
    if exhibit.kind is ChartKind.PARETO and len(exhibit.rows) == 1:
        last += 1
        _line(book, sheet, last, book.language("running share"), _running(exhibit), [], Unit.SHARE)
    sheet.insert_chart(last + 1, 0, _chart(book, sheet, exhibit, top, last), {"y_offset": 8})
    return last + HIGH + 3


def _line(
    book: Book,
    sheet: Sheet,
    row: int,
    name: str,
    values: list[float | None],
    young: list[bool],
    unit: Unit,
) -> None:
    book.put(sheet, row, 0, name)
    for place, value in enumerate(values):
        early = {"italic": True, "font_color": "#5A636E"} if young and young[place] else {}
        book.put(sheet, row, place + 1, value, unit, shape=early)


def _running(exhibit: Chart) -> list[float | None]:
    """The share of the whole up to each bar."""
    values = [value or 0.0 for value in exhibit.rows[0].values]
    whole = sum(values)
    return [value / whole if whole else None for value in accumulate(values)]


def _chart(book: Book, sheet: Sheet, exhibit: Chart, top: int, last: int) -> Any:
    """The chart of the lines below the heads in row `top`, the last in row `last`."""
    bars = len(exhibit.rows)
    width = len(exhibit.columns)
    chart = book.chart(**CHARTS[exhibit.kind])
    for place, color in enumerate(shades(exhibit.scale, bars), 1):
        chart.add_series(
            _series(sheet, top, top + place, width, on_white(color), exhibit.kind is ChartKind.LINES)
        )
    if last > top + bars:
        line = book.chart(type="line")
        line.add_series(_series(sheet, top, last, width, on_white(SERIES[1]), drawn=True) | {"y2_axis": True})
        line.set_y2_axis({"num_format": "0%", "min": 0, "max": 1})
        chart.combine(line)
    shape = "0%" if exhibit.unit is Unit.SHARE else NUMBERS.get(exhibit.unit, "General")
    chart.set_y_axis(
        {"num_format": shape, "min": 0, "major_gridlines": {"visible": True, "line": {"color": "#E2E5E9"}}}
    )
    chart.set_title({"none": True})
    chart.set_legend({"none": True} if last == top + 1 else {"position": "bottom"})
    chart.set_size({"width": 760, "height": 300})
    return chart


def _series(sheet: Sheet, heads: int, row: int, width: int, shade: str, drawn: bool) -> dict[str, Any]:
    """One line of the table as a series: `drawn` as a line, else filled."""
    color = {"color": shade}
    return {
        "name": [sheet.name, row, 0],
        "categories": [sheet.name, heads, 1, heads, width],
        "values": [sheet.name, row, 1, row, width],
        **({"line": color | {"width": 2}} if drawn else {"fill": color, "gap": 60}),
    }
