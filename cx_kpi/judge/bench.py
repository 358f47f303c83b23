"""The bench: each figure of the report with its target, its usual range and its earlier value."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from cx_kpi.engine.aggregation.cells import OVERALL, Cell
from cx_kpi.engine.facts.target_rules import in_force
from cx_kpi.engine.planning.plan import Job
from cx_kpi.engine.results import Results
from cx_kpi.judge.sentences.calendar_words import described
from cx_kpi.judge.sentences.worked_formula import worked_formula
from cx_kpi.judge.statistics.change import Change, compare
from cx_kpi.judge.statistics.closed_forms import poisson_interval
from cx_kpi.judge.statistics.intervals import interval
from cx_kpi.judge.statistics.target_status import judge
from cx_kpi.judge.verdicts.accounts import Inside
from cx_kpi.judge.verdicts.judged import EMPTY, Judged, iso
from cx_kpi.judge.verdicts.latest import Seen, cell_of, latest, usual
from cx_kpi.metrics.definition.metric import Companion, Distinct, Foremost, Metric
from cx_kpi.model.figures import ERROR, LOWER_BOUND, Figure, is_approximate, nearly, scalars
from cx_kpi.model.frozen import dataclass
from cx_kpi.model.options import Options, TargetRule
from cx_kpi.model.report import Compared, Latest, Point, Reading, Usual
from cx_kpi.model.sums import Quantity
from cx_kpi.model.values import Span, Status, Target, Unit, Value
from cx_kpi.normalise.values.cell_shapes import says_who
from cx_kpi.wording.language import Language
from cx_kpi.wording.units import Words


@dataclass(frozen=True, slots=True)
class Bench:
    """Where figures are judged."""

    results: Results
    options: Options
    language: Language
    found: Judged
    inside: Inside
    rules: Mapping[str, Sequence[TargetRule]]  # of targets, by metric
    others: Mapping[str, Sequence[Job]]  # in which a metric is counted besides, by metric

    def figure(self, metric: Metric, cell: Cell) -> Figure:
        """The figure of a metric in a cell; an empty one where there are no rows."""
        return self.results.figures.get(metric.id, {}).get(cell, EMPTY)

    def reading(self, job: Job) -> Reading:
        """The metric over the window."""
        metric, figure = job.metric, self.figure(job.metric, OVERALL)
        windows = self.results.windows
        target = self.target(metric, figure, {}, OVERALL)
        compared, bounds = self.compared(metric), interval_of(figure)
        whole = target and not (windows and windows.overall.partial)
        latest = self.latest(metric)
        return Reading(
            title=self.language(metric.title),
            group=metric.group,
            unit=metric.unit,
            better=metric.better,
            value=figure.value,
            n=figure.n,
            interval=bounds,
            clock=job.method.clock.name,
            cohort=job.method.clock.cohort,
            about=self.language(metric.about),
            formula=self.language(metric.formula),
            target=target,
            status=status_of(figure, bounds, target) if target and whole else None,
            previous=compared.previous.value if compared else None,
            change=compared.change if compared else None,
            verdict=latest.verdict if latest else None,
            compared=compared,
            details=self._unnamed(job, self.details(job, OVERALL)) | self.hours(metric),
            worked=self.worked_formula(metric, figure),
            latest=latest,
            account=self.inside.account(metric.id) if metric.id in self.found.judgements else None,
            of_length=_is_of_length(job),
        )

    def latest(self, metric: Metric) -> Latest | None:
        """What is judged of the metric."""
        cell = cell_of(self.found)
        figure = self.figure(metric, cell)
        target, bounds = self.target(metric, figure, {}, cell), self.bounds(metric, figure)
        status = judge(figure.value, bounds, figure.n, target) if target and figure.n else None
        return latest(self.found, metric.id, Seen(figure.value, figure.n, bounds, target, status))

    def bounds(self, metric: Metric, figure: Figure) -> tuple[float, float] | None:
        """The interval of a figure of one period; of a count by how much weeks differ."""
        return _bounds(figure, self._unlike(metric))

    def _unlike(self, metric: Metric) -> float | None:
        """How much weeks of a count differ; None of others."""
        series, judgement = self.found.series.get(metric.id), self.found.judgements.get(metric.id)
        counts = series is not None and series.quantity is Quantity.COUNT
        return judgement.unlike if counts and judgement is not None else None

    def by_period(self, metric: Metric) -> list[Value]:
        """The values of full periods; of lengths of time the latest alone, since earlier ones are of another age."""
        series = self.found.series.get(metric.id)
        known = series.values if series and not series.aged else ()
        return [
            known[number]
            if number < min(self.found.recorded, len(known))
            else None
            if cell is None or self.found.place(metric.id, cell) is None
            else self.figure(metric, cell).value
            for number, cell in enumerate(self.found.cells)
        ]

    def worked_formula(self, metric: Metric, figure: Figure) -> str | None:
        """The formula with its own numbers."""
        currency = self.options.config.costs.currency if metric.unit is Unit.CURRENCY else ""
        return worked_formula(figure, metric.unit, Words(self.language), currency)

    def hours(self, metric: Metric) -> dict[str, Any]:
        """The calendars by which a metric counts, as they were in the window."""
        if not metric.by_calendar:
            return {}
        return {"calendar": described(self.options, self.results.days, self.language)}

    def target(self, metric: Metric, figure: Figure, by: dict[str, str | None], cell: Cell) -> Target | None:
        """The target in force for a figure; none where it holds on another scale."""
        if not self.rules[metric.id]:
            return None
        windows = self.results.windows
        until = windows.group(cell.group)[cell.window].end if windows else None
        scale = figure.details.get("scale")
        if metric.target_scale and scale and tuple(scale) != metric.target_scale:
            return None
        return in_force(self.rules[metric.id], metric, by, until)

    def adds_details(self, job: Job) -> bool:
        """Whether a figure has more details than its own."""
        return bool(job.method.name) or self.tells_of_others(job) or job.metric.unit is Unit.CURRENCY

    def tells_of_others(self, job: Job) -> bool:
        """Whether the details of a figure are also those of other figures in its cell."""
        return bool(job.metric.companions or self.others.get(job.metric.id))

    def details(self, job: Job, cell: Cell) -> dict[str, Any]:
        """The figure's own details, and those taken from other metrics."""
        return self.details_of(job)(self.figure(job.metric, cell), cell)

    def details_of(self, job: Job) -> Callable[[Figure, Cell], dict[str, Any]]:
        """What gives the details of a figure and its cell: there may be thousands of one metric."""
        if not self.adds_details(job):
            return lambda figure, _: dict(figure.details)
        chosen, name = job.metric.id in self.options.config.cohorts, job.method.name
        first = {"cohort" if chosen else "method": self.language(name)} if name else {}
        costs = self.options.config.costs
        last = {"currency": costs.currency} if job.metric.unit is Unit.CURRENCY else {}
        others = [(other, self.results.figures.get(other.metric, {})) for other in job.metric.companions]

        def told(figure: Figure, cell: Cell) -> dict[str, Any]:
            shown = {**figure.details, **first}
            for other, figures in others:
                _add(shown, figure, other, figures.get(cell))
            return {**shown, **last, **self._other_ways(job, cell)}

        return told

    def _unnamed(self, job: Job, shown: dict[str, Any]) -> dict[str, Any]:
        """The details, with the foremost by their places where their ids may say who they are."""
        rows = shown.get("table", ())
        measures = job.method.aggregation.measures.values()
        said = [each.called for each in measures if isinstance(each, Foremost)]
        if said and not self.options.show_values and says_who([row["name"] for row in rows]):
            named = (self.language(said[0], n=place) for place, _ in enumerate(rows, 1))
            return shown | {"table": [row | {"name": name} for row, name in zip(rows, named, strict=True)]}
        return shown

    def _other_ways(self, job: Job, cell: Cell) -> dict[str, Any]:
        table = []
        for other in self.others.get(job.metric.id, ()):
            figure = self.results.figures.get(other.key, {}).get(cell, EMPTY)
            table.append({"method": self.language(other.method.name), "value": figure.value, "n": figure.n})
        return {"other_methods": table} if table else {}

    def compared(self, metric: Metric) -> Compared | None:
        """The last two full periods, or the window and the one before it, described and not judged."""
        windows = self.results.windows
        pair = windows.compared() if windows else None
        if not windows or not pair:
            return None
        cells = [Cell(group, window) for group, window in pair]
        now, before = (self.figure(metric, cell) for cell in cells)
        spans = [
            Span(span.start.isoformat(), span.end.isoformat(), figure.value, figure.n)
            for figure, span in zip((now, before), (windows.group(g)[i] for g, i in pair), strict=True)
        ]
        found = _change(now, before)
        return Compared(spans[0], spans[1], found.change, found.interval, found.p) if found else None

    def series(self, jobs: Iterable[Job]) -> dict[str, list[Point]]:
        """Metrics in each period: there may be thousands, so that what is alike in all is looked up once."""
        windows = self.results.windows
        spans = [
            (Cell("series", number), *iso(span), span.partial)
            for number, span in enumerate(windows.series if windows else ())
        ]
        return {job.metric.id: [*self._points(job.metric, spans)] for job in jobs}

    def _points(self, metric: Metric, spans: Iterable[tuple[Cell, str, str, bool]]) -> Iterator[Point]:
        """A metric in each of some periods."""
        figures, ranges = self.results.figures.get(metric.id, {}), self.usual_ranges(metric)
        unlike, places = self._unlike(metric), self.found.places
        for cell, start, end, partial in spans:
            figure = figures.get(cell, EMPTY)
            target, bounds = self.target(metric, figure, {}, cell), _bounds(figure, unlike)
            whole = target and not partial and figure.n
            usual, outside = ranges.get(cell, (None, False))
            turn = self.found.turn(metric.id, places.get(cell))
            yield Point(
                metric.id,
                start,
                end,
                partial,
                figure.value,
                figure.n,
                status_of(figure, bounds, target) if target and whole else None,
                scalars(figure.details),
                bounds,
                target,
                usual,
                outside,
                change=turn.change if turn else None,
                verdict=turn.verdict if turn else None,
            )

    def usual_ranges(self, metric: Metric) -> dict[Cell, tuple[Usual | None, bool]]:
        """The usual range of a metric in each full period that is judged as printed, and whether it is outside."""
        judgement = self.found.judgements.get(metric.id)
        known = judgement.usual if judgement else None
        if known is None:
            return {}
        series = self.found.series[metric.id]
        return {
            cell: (usual(known, place, series), known.is_outside(place))
            for cell in self.found.places
            if (place := self.found.place(metric.id, cell)) is not None
        }


def _is_of_length(job: Job) -> bool:
    """Whether a figure depends on how long its span is: who was kept until its end, what falls to one customer."""
    measures = job.method.aggregation.measures.values()
    return job.method.clock.opening or any(isinstance(each, Distinct | Foremost) for each in measures)


def interval_of(figure: Figure) -> tuple[float, float] | None:
    """The interval of a figure, if it has one."""
    return interval(figure.sample) if figure.sample else None


def _bounds(figure: Figure, unlike: float | None) -> tuple[float, float] | None:
    """The interval of a figure of one period; of a count by how much its weeks differ."""
    return poisson_interval(figure.n, unlike) if unlike and figure.n else interval_of(figure)


def status_of(figure: Figure, bounds: tuple[float, float] | None, target: Target) -> Status | None:
    """A figure against its target."""
    return judge(figure.value, bounds, figure.n, target, at_least=LOWER_BOUND in figure.details)


def _change(now: Figure, before: Figure) -> Change | None:
    if LOWER_BOUND in {**now.details, **before.details}:
        return None
    if now.sample and before.sample:
        return compare(now.sample, before.sample)
    if isinstance(now.value, (int, float)) and isinstance(before.value, (int, float)):
        return Change(now.value - before.value)
    return None


def _add(shown: dict[str, Any], figure: Figure, other: Companion, found: Figure | None) -> None:
    """Add what a companion tells of a figure to its details."""
    if found is not None and other.rows:
        shown["table"] = _each(shown.get("table", []), other, found)
    elif found is not None:
        shown[other.name] = _beside(figure, found, other.key, other.per)
        if is_approximate(found.details, other.key or ""):
            shown |= nearly(found.details[ERROR])


def _beside(figure: Figure, other: Figure, key: str | None, per: float | None) -> Any:
    if key is not None:
        return other.details.get(key)
    if per is None:
        return other.value
    known = isinstance(figure.value, (int, float)) and isinstance(other.value, (int, float)) and other.value
    return figure.value * per / other.value if known else None  # type: ignore[operator]


def _each(table: list[dict[str, Any]], companion: Companion, other: Figure) -> list[dict[str, Any]]:
    return [
        row | {companion.name: _beside(Figure(row["n"], row["n"]), other, companion.key, companion.per)}
        for row in table
    ]
