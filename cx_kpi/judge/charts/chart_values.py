"""From figures and grids to exhibits: names in the language of the report, and nothing that rests on too few rows."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date

from cx_kpi.engine.aggregation.cells import OVERALL, Cell
from cx_kpi.engine.chart_grids import Grid
from cx_kpi.engine.results import Results
from cx_kpi.engine.time.windows import Span
from cx_kpi.judge.charts.chart_parts import Row, aligned, limited
from cx_kpi.judge.charts.duration_bins import bins
from cx_kpi.judge.sentences.unavailable import is_asked
from cx_kpi.metrics.charts import CHARTS
from cx_kpi.metrics.definition.chart import (
    ChartDefinition,
    Hours,
    Names,
    Part,
    Parts,
    Values,
    Waits,
    Weeks,
    Whole,
)
from cx_kpi.metrics.registry import METRICS
from cx_kpi.model.chart_data import Axis, Chart, Line
from cx_kpi.model.figures import LOWER_BOUND, Figure
from cx_kpi.model.frozen import dataclass
from cx_kpi.model.options import Options
from cx_kpi.model.values import Unit
from cx_kpi.wording.language import Language, mark
from cx_kpi.wording.units import Words, short

FEWEST = 5  # rows below which only their number is shown
CONTEXT = 12  # periods shown at least, from before the window where it has fewer
UNKNOWN = mark("unknown")
Table = tuple[list[str], list[Line]]  # columns and rows
NOTHING: Table = ([], [])


def chart_values(results: Results, shown: Collection[str], options: Options) -> list[Chart]:
    """The exhibits that go with the metrics shown and have something to show.

    Lines of several metrics go with one that was asked for even where its own figure is withheld.
    """
    hanging = _Hanging(results, Words(Language(options.language)))
    found = [
        hanging.exhibit(chart)
        for chart in CHARTS
        if chart.metric in shown
        or (isinstance(chart.source, Values) and is_asked(METRICS[chart.metric], options))
    ]
    return [each for each in found if each]


@dataclass(frozen=True, slots=True)
class _Hanging:
    """Where exhibits are put together."""

    results: Results
    words: Words

    def exhibit(self, chart: ChartDefinition) -> Chart | None:
        """The exhibit; None where it has nothing to compare."""
        columns, rows = self._table(chart)
        if not _compares(chart, rows):
            return None
        return Chart(
            id=chart.id,
            group=METRICS[chart.metric].group,
            title=self.words.language(chart.title),
            about=self.words.language(chart.about),
            kind=chart.kind,
            unit=chart.unit,
            axis=Axis.PERIOD if isinstance(chart.source, Values | Parts) else Axis.NAME,
            columns=columns,
            rows=rows,
            metric=chart.metric,
            scale=chart.scale,
        )

    def _table(self, chart: ChartDefinition) -> Table:
        grid = self.results.grids.get(chart.id)
        match chart.source:
            case Values(lines):
                return self._values(lines)
            case Parts():
                return self._parts(chart.metric, chart.source)
            case Whole():
                return self._whole(chart, chart.source)
            case Hours(missed):
                return self._hours(chart, grid, missed=missed) if grid else NOTHING
            case Waits(_, name):
                return self._waits(grid, name) if grid else NOTHING
            case Weeks():
                return self._weeks(chart, grid) if grid else NOTHING

    def _values(self, lines: Sequence[str]) -> Table:
        """A line a metric; null where its figure is withheld."""
        known = {job.metric.id for job in self.results.plan.jobs}
        rows: list[Row] = []
        for metric in lines:
            figures = self._figures(metric) if metric in known else [None] * len(self._spans())
            rows.append((METRICS[metric].title, [_part(each) if each else None for each in figures]))
        return self._over_time(rows, {})

    def _parts(self, metric: str, source: Parts) -> Table:
        """A row a part; null where the figure is withheld, and so without details."""
        taken = [source.take(each) if each and each.details else None for each in self._figures(metric)]
        return self._over_time(limited(aligned(taken, ranked=source.ranked)), source.names)

    def _over_time(self, rows: Sequence[Row], names: Names) -> Table:
        spans = self._spans()
        young = [span.partial for span in spans]
        return [span.start.isoformat() for span in spans], [
            replace(_line(self._named(name, names), parts), young=young) for name, parts in rows
        ]

    def _whole(self, chart: ChartDefinition, source: Whole) -> Table:
        figure = self.results.figures.get(chart.metric, {}).get(OVERALL)
        rows = aligned([source.take(figure) if figure else {}], ranked=False)
        kept = limited(rows) if chart.unit is Unit.COUNT else rows
        cells = [_sure(parts[0], chart.unit) for _, parts in kept]
        return [self._named(name, source.names) for name, _ in kept], [
            _line(self.words.language(source.name), cells)
        ]

    def _hours(self, chart: ChartDefinition, grid: Grid, *, missed: bool) -> Table:
        """Weekdays by hours; of a share, what is missing to the whole where `missed`."""
        rows = [
            [_sure(_missed(each) if missed else _part(each), chart.unit) for each in row]
            for row in grid.cells
        ]
        names = [self.words.dates.weekday(day) for day in range(len(rows))]
        return [f"{int(hour):02}" for hour in grid.columns], list(map(_line, names, rows))

    def _weeks(self, chart: ChartDefinition, grid: Grid) -> Table:
        name, plural = self.words.dates.period, self.words.language.plural
        days = [plural("within {n} day", "within {n} days", int(each)) for each in grid.columns]
        weeks = [name(each.isoformat(), "week") for each in grid.rows if isinstance(each, date)]
        rows = [[_sure(_part(each), chart.unit) for each in row] for row in grid.cells]
        lines = map(_line, weeks, rows)
        return days, [replace(line, young=list(y)) for line, y in zip(lines, grid.young, strict=True)]

    def _waits(self, grid: Grid, name: str) -> Table:
        columns, counts = bins(grid.columns, [each.n for each in grid.cells[0]], self.words)
        return columns, [_line(self.words.language(name), [Part(n, n) for n in counts])]

    def _named(self, name: str | None, names: Names) -> str:
        if name is None:
            return self.words.language(UNKNOWN)
        return short(self.words.language(names.get(name, name))) if name else name

    def _shown(self) -> range:
        """The numbers of the periods to show."""
        windows = self.results.windows
        if windows is None:
            return range(0)
        periods = len(windows.series)
        inside = sum(span.end > windows.overall.start for span in windows.series)
        return range(max(0, periods - max(inside, CONTEXT)), periods)

    def _spans(self) -> list[Span]:
        windows = self.results.windows
        return [windows.series[i] for i in self._shown()] if windows else []

    def _figures(self, metric: str) -> list[Figure | None]:
        """The figure of each period shown; None where there is no data, or only a lower bound."""
        cells = self.results.figures.get(metric, {})
        return [_exact(cells.get(Cell("series", number))) for number in self._shown()]


def _line(name: str, parts: Sequence[Part | None]) -> Line:
    values = [part.value if part else None for part in parts]
    return Line(name, values, [part.n if part else None for part in parts])


def _exact(figure: Figure | None) -> Figure | None:
    return Figure(None, 0) if figure and LOWER_BOUND in figure.details else figure


def _number(figure: Figure) -> float | None:
    return figure.value if isinstance(figure.value, int | float) else None


def _part(figure: Figure) -> Part:
    return Part(_number(figure), figure.n)


def _missed(figure: Figure) -> Part:
    value = _number(figure)
    return Part(None if value is None else 1 - value, figure.n)


def _sure(part: Part | None, unit: Unit) -> Part | None:
    """The part without its value where too few rows are behind it."""
    return Part(None, part.n) if part and part.n < FEWEST and unit is not Unit.COUNT else part


def _compares(chart: ChartDefinition, rows: Sequence[Line]) -> bool:
    """Whether there are two lines or two columns with values: one alone compares nothing."""
    said = [[_says(value, chart.unit) for value in row.values] for row in rows]
    match chart.source:
        case Values():
            return sum(map(any, said)) > 1
        case Parts():
            return len(rows) > 1 and any(map(any, said))
        case _:
            return sum(map(any, zip(*said, strict=True))) > 1


def _says(value: float | None, unit: Unit) -> bool:
    """Whether a value is worth a chart: zeros that are counts alone are not."""
    return bool(value) if unit is Unit.COUNT else value is not None
