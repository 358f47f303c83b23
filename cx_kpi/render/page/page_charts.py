"""The figures of a page: the trends of the metrics shown first, then the exhibits, each with its table."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from cx_kpi.model.chart_data import ChartKind
from cx_kpi.model.report import Point, Report
from cx_kpi.render import charts
from cx_kpi.render.charts.frame import WIDE, WIDTH
from cx_kpi.render.elements import labels
from cx_kpi.render.elements.chart_words import pictures
from cx_kpi.render.elements.report_view import Cell, Table, Tone
from cx_kpi.wording.units import Words

FEWEST = 3  # points that make a trend


@dataclass(frozen=True, slots=True)
class Figure:
    """A chart to be drawn, the group it belongs to, its numbers as a table, and whether it takes a whole row."""

    id: str
    group: str
    title: str
    about: str
    wide: bool
    spec: charts.Spec
    table: Table


@dataclass(frozen=True, slots=True)
class _Sketch:
    """A figure while its place on the page is open: `draw` makes its chart, of so many columns, of any width."""

    id: str
    group: str
    title: str
    about: str
    table: Table
    columns: int
    is_map: bool
    draw: Callable[[int], charts.Spec]

    def placed(self, *, wide: bool) -> Figure:
        spec = self.draw(WIDE if wide else WIDTH)
        return Figure(self.id, self.group, self.title, self.about, wide, spec, self.table)


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
            draw=partial(charts.of_exhibit, exhibit, grain, words),
        )


def _trends(report: Report, words: Words) -> Iterator[_Sketch]:
    named = [name for headline in report.headlines for name in headline.metrics if name in report.metrics]
    for metric in named:
        points = [point for point in report.series if point.metric == metric]
        if sum(isinstance(point.value, int | float) for point in points) >= FEWEST:
            yield _trend(report, metric, sorted(points, key=lambda point: point.start), words)


def _trend(report: Report, metric: str, points: list[Point], words: Words) -> _Sketch:
    reading = report.metrics[metric]
    return _Sketch(
        id=metric,
        group=reading.group,
        title=reading.title,
        about=_about(points, words),
        table=_table(report, metric, points, words),
        columns=len(points),
        is_map=False,
        draw=partial(charts.trend, reading, points, _grain(report), words),
    )


def _about(points: list[Point], words: Words) -> str:
    """What the signs of a trend mean, of those that are in it."""
    signs = {
        words.language("Dashed: the target."): any(point.target for point in points),
        words.language("Shaded: the 95% interval."): any(point.interval for point in points),
        words.language("Hatched: not over yet."): any(point.partial for point in points),
    }
    return " ".join(text for text, there in signs.items() if there)


def _grain(report: Report) -> str:
    return report.window.grain if report.window else "month"


def _table(report: Report, metric: str, points: list[Point], words: Words) -> Table:
    _, reading = words.language, report.metrics[metric]
    heads = [_("Period"), _("Value"), _("95% interval"), _("Target"), _("Status"), _("n")]
    rows = [_row(report, metric, point, words) for point in points]
    return Table(reading.title, heads, rows)


def _row(report: Report, metric: str, point: Point, words: Words) -> list[Cell]:
    _, reading = words.language, report.metrics[metric]
    currency = reading.details.get("currency", "")
    name = words.dates.period(point.start, _grain(report))
    status = Cell("")
    if point.status:
        status = Cell(_(labels.STATUS[point.status]), labels.STATUS_TONE.get(point.status, Tone.PLAIN))
    return [
        Cell(_("{period} (so far)", period=name) if point.partial else name),
        Cell(words.value(point.value, reading.unit, currency)),
        Cell(words.interval(point.interval, reading.unit, currency)),
        Cell(words.target(point.target, reading.unit, currency)),
        status,
        Cell(words.numerals.decimal(point.n)),
    ]
