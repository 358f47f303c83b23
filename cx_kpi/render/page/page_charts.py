"""The figures of a page: the trends of the metrics shown first, then the exhibits, each with its table."""

from collections.abc import Callable, Iterator
from dataclasses import field
from functools import partial

from cx_kpi.model.chart_data import Axis, ChartKind
from cx_kpi.model.frozen import dataclass
from cx_kpi.model.report import Point, Report, Window
from cx_kpi.render import charts
from cx_kpi.render.charts.frame import WIDE, WIDTH
from cx_kpi.render.charts.trend_chart import said_of_signs, signs_of
from cx_kpi.render.elements.chart_words import pictures
from cx_kpi.render.elements.details import is_bound
from cx_kpi.render.elements.reading_columns import layout
from cx_kpi.render.elements.reading_fields import Place, declared
from cx_kpi.render.elements.reading_words import cell, period_name, title
from cx_kpi.render.elements.report_view import Cell, Table
from cx_kpi.wording.units import Words

FEWEST = 3  # points that make a trend
FIRST = ("value", "interval", "target", "status", "n")  # columns of its numbers, before those of other fields


@dataclass(frozen=True, slots=True)
class Figure:
    """A chart to be drawn, the group it belongs to, its numbers as a table, and whether it takes a whole row."""

    id: str
    group: str
    title: str
    about: str
    wide: bool
    latest: bool  # whether its end is its latest period
    spec: charts.Spec
    table: Table
    signs: list[tuple[str, str]] = field(default_factory=list)  # what each mark is, and what it means


@dataclass(frozen=True, slots=True)
class _Sketch:
    """A chart while its place on the page is open: `draw` makes its chart, of so many columns, of any width."""

    id: str
    group: str
    title: str
    about: str
    table: Table
    columns: int
    is_map: bool
    latest: bool
    draw: Callable[[int], charts.Spec]
    signs: list[tuple[str, str]] = field(default_factory=list)

    def placed(self, *, wide: bool) -> Figure:
        spec = self.draw(WIDE if wide else WIDTH)
        about = (self.id, self.group, self.title, self.about)
        return Figure(*about, wide, self.latest, spec, self.table, self.signs)


def figures(report: Report, words: Words) -> list[Figure]:
    """Every figure that has something to show, group by group; the report's texts have to be harmless already."""
    sketches = [*_trends(report, words), *_exhibits(report, words)]
    groups = dict.fromkeys(sketch.group for sketch in sketches)
    return [figure for group in groups for figure in _placed([x for x in sketches if x.group == group])]


def trends(report: Report, words: Words) -> list[Figure]:
    """The metrics shown first over their periods, in half a page each."""
    return [sketch.placed(wide=False) for sketch in _trends(report, words)]


def _placed(sketches: list[_Sketch]) -> Iterator[Figure]:
    """In pairs; maps take a row each, and so does the chart of most columns where one is left over."""
    maps = [sketch for sketch in sketches if sketch.is_map]
    others = [sketch for sketch in sketches if not sketch.is_map]
    alone = [max(others, key=lambda sketch: sketch.columns)] if len(others) % 2 else []
    yield from (sketch.placed(wide=True) for sketch in alone)
    yield from (sketch.placed(wide=False) for sketch in others if sketch not in alone)
    yield from (sketch.placed(wide=True) for sketch in maps)


def _exhibits(report: Report, words: Words) -> Iterator[_Sketch]:
    found, grain = {exhibit.id: exhibit for exhibit in report.exhibits}, _grain(report)
    for picture in pictures(report, words):
        exhibit = found[picture.id]
        yield _Sketch(
            id=picture.id,
            group=picture.group,
            title=picture.title,
            about=picture.about,
            table=picture.table,
            columns=len(exhibit.columns),
            is_map=exhibit.kind is ChartKind.HEAT,
            latest=exhibit.axis is Axis.PERIOD,
            draw=partial(charts.of_exhibit, exhibit, grain, words),
        )


def _trends(report: Report, words: Words) -> Iterator[_Sketch]:
    for metric in first_shown(report):
        points = [each for each in report.series if each.metric == metric and not is_bound(each)]
        if sum(isinstance(point.value, int | float) for point in points) >= FEWEST:
            yield _trend(report, metric, sorted(points, key=lambda point: point.start), words)


def first_shown(report: Report) -> list[str]:
    """The metrics that are shown first, then those that a finding is about."""
    named = [name for headline in report.headlines for name in headline.metrics]
    told = [finding.metric for finding in report.findings]
    return [name for name in dict.fromkeys([*named, *told]) if name in report.metrics]


def _trend(report: Report, metric: str, points: list[Point], words: Words) -> _Sketch:
    reading, signs = report.metrics[metric], signs_of(points, report.window, words)
    return _Sketch(
        id=metric,
        group=reading.group,
        title=reading.title,
        about=said_of_signs(signs, words),
        signs=signs,
        table=_table(report, metric, points, words),
        columns=len(points),
        is_map=False,
        latest=True,
        draw=partial(charts.trend, reading, points, report.window, words),
    )


def _grain(report: Report) -> str:
    return report.window.grain if report.window else "month"


def _table(report: Report, metric: str, points: list[Point], words: Words) -> Table:
    names = [name for name in layout((type(points[0]),), Place.TREND) if not declared(name).sign]
    names = [*FIRST, *(name for name in names if name not in FIRST)]
    heads = [words.language("Period"), *(title(name, words) for name in names)]
    rows = [_row(report, metric, point, names, words) for point in points]
    return Table(report.metrics[metric].title, heads, rows)


def _row(report: Report, metric: str, point: Point, names: list[str], words: Words) -> list[Cell]:
    window = report.window or Window("", "", "month")
    return [
        Cell(period_name(point, window, words)),
        *(cell(name, point, report.metrics[metric], words) for name in names),
    ]
