"""The figures of a page: the trends of the metrics shown first, then the exhibits, each with its table."""

from collections.abc import Iterator
from dataclasses import dataclass

from cx_kpi.render import charts, labels
from cx_kpi.render.charts.heat import is_wide
from cx_kpi.render.pictures import pictures
from cx_kpi.render.view import Cell, Table, Tone
from cx_kpi.report import ChartKind, Point, Report
from cx_kpi.words import Words

FEWEST = 3  # points that make a trend


@dataclass(frozen=True, slots=True)
class Figure:
    """A chart to be drawn, the group it belongs to, and its numbers as a table."""

    id: str
    group: str
    title: str
    about: str
    wide: bool
    spec: charts.Spec
    table: Table


def figures(report: Report, words: Words) -> list[Figure]:
    """Every figure that has something to show; the report's texts have to be harmless already."""
    return [*_trends(report, words), *_exhibits(report, words)]


def _exhibits(report: Report, words: Words) -> Iterator[Figure]:
    found, grain = {exhibit.id: exhibit for exhibit in report.exhibits}, _grain(report)
    for picture in pictures(report, words):
        exhibit = found[picture.id]
        wide = exhibit.kind is ChartKind.HEAT and is_wide(exhibit)
        spec = charts.of_exhibit(exhibit, grain, words)
        yield Figure(picture.id, picture.group, picture.title, picture.about, wide, spec, picture.table)


def _trends(report: Report, words: Words) -> Iterator[Figure]:
    named = [name for headline in report.headlines for name in headline.metrics if name in report.metrics]
    for metric in named:
        points = [point for point in report.series if point.metric == metric]
        if sum(isinstance(point.value, int | float) for point in points) >= FEWEST:
            yield _trend(report, metric, sorted(points, key=lambda point: point.start), words)


def _trend(report: Report, metric: str, points: list[Point], words: Words) -> Figure:
    reading = report.metrics[metric]
    spec = charts.trend(reading, points, _grain(report), words)
    table = _table(report, metric, points, words)
    return Figure(metric, reading.group, reading.title, _about(points, words), False, spec, table)


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
        Cell(words.goal(point.target, reading.unit, currency)),
        status,
        Cell(words.numerals.decimal(point.n)),
    ]
