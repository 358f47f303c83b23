"""The report's charts in words: heads, names and cells, for the numbers that a chart draws."""

from collections.abc import Sequence
from itertools import pairwise

from cx_kpi.model.chart_data import Axis, Chart, Line
from cx_kpi.model.report import Report
from cx_kpi.render.elements.report_view import Cell, Picture, Table
from cx_kpi.wording.units import Words


def pictures(report: Report, words: Words) -> list[Picture]:
    """Every exhibit that has something to show, in the order of the report."""
    grain = report.window.grain if report.window else "month"
    return [_picture(exhibit, grain, words) for exhibit in report.exhibits if _holds(exhibit)]


def _holds(exhibit: Chart) -> bool:
    return any(value is not None for line in exhibit.rows for value in line.values)


def _picture(exhibit: Chart, grain: str, words: Words) -> Picture:
    heads = columns(exhibit, grain, words)
    rows = [[Cell(line.name), *_cells(line, exhibit, words)] for line in exhibit.rows]
    return Picture(
        id=exhibit.id,
        group=exhibit.group,
        title=exhibit.title,
        about=exhibit.about,
        kind=exhibit.kind,
        heads=heads,
        names=[line.name for line in exhibit.rows],
        values=[list(line.values) for line in exhibit.rows],
        table=Table(exhibit.title, ["", *heads], rows),
        scale=exhibit.scale,
    )


def _cells(line: Line, exhibit: Chart, words: Words) -> list[Cell]:
    young = line.young or [False] * len(line.values)
    cells = zip(line.values, young, range(len(young)), strict=True)
    return [_cell(value, early, exhibit, words, over=is_over(exhibit, at)) for value, early, at in cells]


def _cell(value: float | None, young: bool, exhibit: Chart, words: Words, *, over: bool) -> Cell:
    if value is None:
        return Cell("")
    text = words.value(value, exhibit.unit)
    return Cell(words.dates.partly(text, over=over) if young else text)


def is_over(exhibit: Chart, place: int) -> bool:
    """Whether the period of a column has ended, as another follows it."""
    return exhibit.axis is Axis.PERIOD and place + 1 < len(exhibit.columns)


def columns(exhibit: Chart, grain: str, words: Words) -> list[str]:
    """The heads of an exhibit's columns: periods by their names, and names as they are."""
    if exhibit.axis is Axis.NAME:
        return list(exhibit.columns)
    found = grain_of(exhibit.columns, grain, words)
    return [words.dates.period(start, found) for start in exhibit.columns]


def grain_of(starts: Sequence[str], usual: str, words: Words) -> str:
    """The grain by two columns next to one another."""
    return next((words.dates.grain(*pair) for pair in pairwise(starts)), usual)
