"""Tables of many values at once: metrics by segment, and metrics by period."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from cx_kpi.model.frozen import dataclass
from cx_kpi.model.report import Point, Reading, Report, Segment
from cx_kpi.model.schema import rank
from cx_kpi.render.elements import anchors
from cx_kpi.render.elements.details import name
from cx_kpi.render.elements.labels import STATUS, STATUS_TONE, VALUE
from cx_kpi.render.elements.reading_fields import Place, value_of
from cx_kpi.render.elements.reading_words import facts_of, period_name
from cx_kpi.render.elements.report_view import Cell, Cut, Table, Tone
from cx_kpi.render.view.lead_period import length
from cx_kpi.wording.names import DIMENSION
from cx_kpi.wording.units import Words

BETWEEN = " · "

Down = TypeVar("Down")
Across = TypeVar("Across")
Key = tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class Arranged:
    """The segments of one set of dimensions: names of them by key, and titles of metrics by id and group, all in order."""

    title: str
    dimensions: tuple[str, ...]
    found: dict[tuple[str, Key], Segment]
    across: dict[Key, str]
    down: dict[str, dict[str, str]]


def arranged(report: Report, words: Words) -> list[Arranged]:
    """Each set of dimensions, in the order they come."""
    sets: dict[tuple[str, ...], list[Segment]] = {}
    for segment in report.segments:
        if segment.metric in report.metrics:
            sets.setdefault(tuple(segment.by), []).append(segment)
    return [_arranged(report, dimensions, segments, words) for dimensions, segments in sets.items()]


def _arranged(report: Report, dimensions: tuple[str, ...], segments: list[Segment], words: Words) -> Arranged:
    title = BETWEEN.join(words.language(DIMENSION.get(each, each)) for each in dimensions)
    name, whole = words.language("By {dimension}", dimension=title), length(report, words)
    found = {(segment.metric, tuple(segment.by.values())): segment for segment in segments}
    sizes: dict[Key, int] = {}
    for segment in segments:
        key = tuple(segment.by.values())
        sizes[key] = max(sizes.get(key, 0), segment.n)
    # values with an order of their own in it, then the busiest first, unknown last
    ordered = sorted(sizes, key=lambda key: (None in key, *map(rank, dimensions, key), -sizes[key]))
    return Arranged(
        title=f"{name}, {whole}" if whole else name,
        dimensions=dimensions,
        found=found,
        across={key: segment_name(dimensions, key, words) for key in ordered},
        down=_titles(report, [segment.metric for segment in segments]),
    )


def cuts(report: Report, words: Words) -> list[Cut]:
    """One cut for each set of dimensions, in the order they come."""
    return [_cut(report, each, words) for each in arranged(report, words)]


def _cut(report: Report, its: Arranged, words: Words) -> Cut:
    def cell(metric: str, key: Key) -> Cell:
        segment = its.found.get((metric, key))
        return segment_cell(segment, report.metrics[metric], words) if segment else Cell("")

    tables = [
        _with_whole(grid(report.groups[group], "", rows, its.across, cell), [*rows], report, words)
        for group, rows in its.down.items()
    ]
    places = [anchors.segment(dict(zip(its.dimensions, key, strict=True))) for key in its.across]
    return Cut(its.title, tables, places)


def _with_whole(table: Table, metrics: Sequence[str], report: Report, words: Words) -> Table:
    """The table with a last column of the whole, which may have another status than each segment."""
    cells = [whole_cell(report, metric, words) for metric in metrics]
    rows = [[*row, cell] for row, cell in zip(table.rows, cells, strict=True)]
    return Table(table.caption, [*table.heads, words.language("together")], rows)


def whole_cell(report: Report, metric: str, words: Words) -> Cell:
    """The figure of the window, of all segments together, with its status as a tone."""
    return segment_cell(as_segment(report.metrics[metric], metric), report.metrics[metric], words)


def as_segment(reading: Reading, metric: str) -> Segment:
    """The figure of the window as that of a segment of all."""
    return Segment(
        metric,
        {},
        reading.value,
        reading.n,
        reading.interval,
        reading.target,
        reading.status,
        reading.details,
    )


def periods(report: Report, group: str, words: Words) -> Table | None:
    """How the metrics of one group went over the periods; None where there is no series."""
    points = [point for point in report.series if _group(report, point.metric) == group]
    if not points or report.window is None:
        return None
    found = {(point.metric, point.start): point for point in points}
    starts = {point.start: point for point in sorted(points, key=lambda point: point.start)}
    across = {start: period_name(point, report.window, words) for start, point in starts.items()}

    def cell(metric: str, start: str) -> Cell:
        point = found.get((metric, start))
        return _point_cell(point, report.metrics[metric], words) if point else Cell("")

    titles = _titles(report, [point.metric for point in points])[group]
    return grid(report.groups[group], "", titles, across, cell)


def _titles(report: Report, metrics: Sequence[str]) -> dict[str, dict[str, str]]:
    """Titles of these metrics by id, by group, both in the order of the report."""
    asked = set(metrics)
    groups: dict[str, dict[str, str]] = {group: {} for group in report.groups}
    for metric, reading in report.metrics.items():
        if metric in asked:
            groups.setdefault(reading.group, {})[metric] = reading.title
    return {group: titles for group, titles in groups.items() if titles}


def _group(report: Report, metric: str) -> str | None:
    return report.metrics[metric].group if metric in report.metrics else None


def segment_name(dimensions: Sequence[str], key: Key, words: Words) -> str:
    """The values of a segment as they are shown: `E-mail · unknown`."""
    pairs = zip(dimensions, key, strict=True)
    return BETWEEN.join(name(value, VALUE.get(each, {}), words) for each, value in pairs)


def segment_cell(segment: Segment, reading: Reading, words: Words) -> Cell:
    """The value with its status as a tone; too few rows: how many."""
    if segment.value is None and segment.n:
        return Cell(words.language("too few ({n})", n=words.numerals.decimal(segment.n)))
    return _value_cell(segment, reading, words)


def _point_cell(point: Point, reading: Reading, words: Words) -> Cell:
    return _value_cell(point, reading, words)


def _value_cell(of: Point | Segment, reading: Reading, words: Words) -> Cell:
    if of.value is None:
        return Cell("")
    more = facts_of(of, reading, words, Place.CELL)
    text = value_of(of, reading, words) + "".join(f" ({fact.said})" for fact in more)
    if of.status is None:
        return Cell(text)
    return Cell(text, STATUS_TONE.get(of.status, Tone.PLAIN), words.language(STATUS[of.status]))


def grid(
    caption: str,
    corner: str,
    down: dict[Down, str],
    across: dict[Across, str],
    cell: Callable[[Down, Across], Cell],
) -> Table:
    """A table of `down` by `across`."""
    rows = [[Cell(title), *(cell(each, key) for key in across)] for each, title in down.items()]
    return Table(caption, [corner, *across.values()], rows)
