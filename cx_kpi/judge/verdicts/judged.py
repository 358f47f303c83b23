"""The figures of a run, judged: what the engine found day by day, put through the whole procedure."""

from collections.abc import Mapping, Sequence
from dataclasses import field, replace
from datetime import date
from functools import partial
from typing import Any

from cx_kpi.engine.aggregation.cells import OVERALL, Cell
from cx_kpi.engine.aggregation.daily import PARTED, quantity_of
from cx_kpi.engine.facts.target_rules import reading_target
from cx_kpi.engine.planning.plan import Job
from cx_kpi.engine.results import Results
from cx_kpi.engine.time.judged_periods import judged_periods
from cx_kpi.engine.time.windows import Span, Windows
from cx_kpi.judge.statistics.series import Period, Series
from cx_kpi.judge.statistics.weekdays import Filled, filled
from cx_kpi.judge.verdicts.procedure import RECENT, Judgement, Turn, judge_earlier, judge_phases, judge_report
from cx_kpi.judge.verdicts.recorded import earlier_spans, extended
from cx_kpi.metrics.definition.metric import Cohort
from cx_kpi.metrics.registry import METRICS
from cx_kpi.model.documents.recorded_history import NO_PAST, Past
from cx_kpi.model.figures import LOWER_BOUND, Figure, Proportion
from cx_kpi.model.frozen import dataclass
from cx_kpi.model.options import Options
from cx_kpi.model.sums import Quantity, Sums

EMPTY = Figure(None, 0)
HEADLINE = 3.0  # metrics shown first get three times the share of the error budget
LONGER = 0.1  # spans still compare if one is a tenth longer


@dataclass(frozen=True, slots=True)
class Judged:
    """The periods that are over, which of them are the subject, and the judgement of each metric."""

    spans: tuple[Span, ...] = ()
    cells: tuple[Cell | None, ...] = ()  # the cell with the figures of each period
    subject: int = 0  # how many of the latest periods are judged
    judgements: Mapping[str, Judgement] = field(default_factory=dict)
    series: Mapping[str, Series] = field(default_factory=dict)
    places: Mapping[Cell, int] = field(default_factory=dict)  # the period that each cell is
    recorded: int = 0  # how many of the earliest periods come out of a history
    turns: Mapping[int, Mapping[str, Turn]] = field(default_factory=dict)  # by the place of the period

    @property
    def latest(self) -> Cell | None:
        """The cell of the subject's figures; none where there is no such period, or several of them."""
        return self.cells[-1] if self.subject == 1 else None

    def turn(self, metric: str, place: int | None) -> Turn | None:
        """The verdict on a metric in one of the full periods, the latest included."""
        return None if place is None else self.turns.get(place, {}).get(metric)

    def place(self, metric: str, cell: Cell) -> int | None:
        """The index of a cell among the full periods, where the printed value is what is judged.

        Of lengths of time the latest alone: the others are printed at another age.
        """
        place, series = self.places.get(cell), self.series.get(metric)
        aged = series is not None and series.aged and place != len(self.cells) - 1
        return None if aged else place


def judged(results: Results, jobs: Sequence[Job], options: Options, past: Past = NO_PAST) -> Judged:
    """The metrics of some jobs judged, also by what a history holds; nothing without a period that is over."""
    windows = results.windows
    if windows is None:
        return Judged()
    if options.phase and windows.previous:
        return _two_phases(results, jobs, (windows.previous, windows.overall), options)
    periods = judged_periods(windows)
    spans, subject = periods.spans, periods.subject
    cells = tuple(place and Cell(*place) for place in periods.places)
    if not subject:
        return Judged(spans, cells)
    series = _all_series(results, jobs, spans, cells, options)
    before = earlier_spans(windows, periods, past)
    series = [extended(each, spans[0], before, past) for each in series] if before else series
    spans, cells = (*before, *spans), (*[None] * len(before), *cells)
    edges = [Period(span.start.toordinal(), span.end.toordinal()) for span in spans]
    days = [*map(partial(filled, periods=edges), series)]
    found = judge_report(series, edges, subject, days)
    seen = replace(_judged(spans, cells, subject, found, series), recorded=len(before))
    return _with_turns(seen, series, edges, days, options)


def _with_turns(
    found: Judged,
    series: Sequence[Series],
    edges: Sequence[Period],
    days: Sequence[Sequence[Filled]],
    options: Options,
) -> Judged:
    """With the verdicts on each period, if asked for and the subject is one of the series."""
    if not options.each_period or found.latest is None or found.latest.group != "series":
        return found
    last = {name: turn for name, each in found.judgements.items() if (turn := each.turn(each.verdict))}
    return replace(found, turns=judge_earlier(series, edges, days) | {len(edges) - 1: last})


def own_figures(results: Results, jobs: Sequence[Job], options: Options) -> Judged:
    """What the data itself says of some jobs in its periods that are over, not judged."""
    windows = results.windows
    periods = judged_periods(windows) if windows and not options.phase else None
    if periods is None or not periods.subject:
        return Judged()
    cells = tuple(place and Cell(*place) for place in periods.places)
    series = _all_series(results, jobs, periods.spans, cells, options)
    return _judged(periods.spans, cells, periods.subject, {}, series)


def happened(results: Results, jobs: Sequence[Job], options: Options) -> Judged:
    """The past events in the full periods of two named phases, which are judged as wholes; nothing without phases.

    Each period is set against all others, so that one that stands out is no measure of what is usual.
    """
    windows = results.windows
    before = windows.previous if windows and options.phase else None
    over = _over(windows) if windows and before else {}
    return _happened(results, jobs, options, over, before) if before and len(over) >= RECENT else Judged()


def _happened(
    results: Results, jobs: Sequence[Job], options: Options, over: dict[Cell, Span], before: Span
) -> Judged:
    spans, cells = tuple(over.values()), tuple(over)
    flows = [job for job in jobs if quantity_of(job) not in PARTED and not job.method.clock.opening]
    daily = results.daily_over({job.key for job in flows}, [(spans[0].start, spans[-1].end)])
    series = _all_series(replace(results, daily=daily), flows, spans, cells, options)
    found = judge_report(series, [Period(span.start.toordinal(), span.end.toordinal()) for span in spans])
    first = next((number for number, span in enumerate(spans) if before.start <= span.start), len(spans))
    return _judged(spans, cells, 1, _only_since(found, first), series)


def _over(windows: Windows) -> dict[Cell, Span]:
    """The full periods until the window ends."""
    return {
        Cell("series", number): span
        for number, span in enumerate(windows.series)
        if not span.partial and span.end <= windows.overall.end
    }


def _only_since(found: Mapping[str, Judgement], first: int) -> dict[str, Judgement]:
    """The past events from a period on, and nothing of the present."""
    events = {name: tuple(e for e in each.events if e.period >= first) for name, each in found.items()}
    return {name: replace(found[name], verdict=None, events=told) for name, told in events.items() if told}


def _judged(
    spans: tuple[Span, ...],
    cells: tuple[Cell | None, ...],
    subject: int,
    found: Mapping[str, Judgement],
    series: Sequence[Series],
) -> Judged:
    places = {cell: place for place, cell in enumerate(cells) if cell}
    return Judged(spans, cells, subject, found, {each.metric: each for each in series}, places)


def _two_phases(results: Results, jobs: Sequence[Job], spans: tuple[Span, Span], options: Options) -> Judged:
    """The window against a span that was named."""
    lengths = [(span.end - span.start).days for span in spans]
    jobs = [
        job
        for job in jobs
        if quantity_of(job) not in PARTED and (alike(*lengths) or not job.method.clock.opening)
    ]
    daily = results.daily_over({job.key for job in jobs}, [(span.start, span.end) for span in spans])
    cells = (Cell("previous", 0), OVERALL)
    series = _all_series(replace(results, daily=daily), jobs, spans, cells, options)
    before, now = (Period(span.start.toordinal(), span.end.toordinal()) for span in spans)
    return _judged(spans, cells, 1, judge_phases(series, before, now), series)


def alike(days: int, others: int) -> bool:
    """Whether two spans are about as long: who is still there at the end depends on that."""
    return abs(days - others) <= LONGER * max(days, others)


def _all_series(
    results: Results,
    jobs: Sequence[Job],
    spans: Sequence[Span],
    cells: Sequence[Cell | None],
    options: Options,
) -> list[Series]:
    made = (_series(results, job, spans, cells, options) for job in jobs)
    return [each for each in made if each]


def _printed(stand: Mapping[Cell, Figure], cells: Sequence[Cell | None]) -> list[Figure]:
    """The figures of these cells; empty ones where there are none."""
    return [stand.get(cell, EMPTY) if cell else EMPTY for cell in cells]


def _number(figure: Figure) -> float | None:
    return figure.value if isinstance(figure.value, (int, float)) else None


def _weight(metric: str) -> float:
    first = METRICS.get(family_of(metric))
    return HEADLINE if first and first.headline else 1.0


def _series(
    results: Results, job: Job, spans: Sequence[Span], cells: Sequence[Cell | None], options: Options
) -> Series | None:
    """A metric day by day, with its printed figures by period; None where days do not add up."""
    metric, quantity = job.metric, quantity_of(job)
    stand = results.figures.get(metric.id, {})
    figures = _printed(stand, cells)
    parted = _parted(results, job, figures, spans) if quantity in PARTED else {}
    days = results.daily.get(job.key, {} if parted else None)
    if days is None and job.method.clock.opening:
        days, quantity = _shares(spans, figures), Quantity.SHARE
    if quantity is Quantity.STOCK:
        days = _known(days or {}, figures, spans)
    if not (days or parted) or quantity is None:
        return None
    whole = stand.get(OVERALL, EMPTY)
    return Series(
        metric=metric.id,
        quantity=quantity,
        days=days or {},
        better=metric.better,
        scale=_scale(whole) if quantity is Quantity.SCORE else None,
        values=[*map(_number, figures)],
        target=reading_target(metric, options.config, {}, spans[-1].end),
        family=family_of(metric.id),
        weight=_weight(metric.id),
        begins=_begins(results, job, spans),
        aged=_is_aged(job),
        **parted,
    )


def _known(days: Mapping[int, Sums], figures: Sequence[Figure], spans: Sequence[Span]) -> dict[int, Sums]:
    """The levels since a stock is known: that of open tickets grows by itself where the solved ones are missing."""
    bounds = [span.end for span, figure in zip(spans, figures, strict=True) if LOWER_BOUND in figure.details]
    since = max(bounds, default=date.min).toordinal()
    return {day: level for day, level in days.items() if day >= since}


def _parted(results: Results, job: Job, figures: Sequence[Figure], spans: Sequence[Span]) -> dict[str, Any]:
    """What is in the groups of a composite day by day, under the names of a composition period by period."""
    if quantity_of(job) is Quantity.COMPOSITION:
        tables = [figure.details.get("table", ()) for figure in figures]
        return {"parts": [{row["name"]: row["n"] for row in table if row["name"]} for table in tables]}
    within = job.method.aggregation.within or ""
    dates = [(span.start, span.end) for span in spans]
    groups = results.daily_by({job.key}, [within], dates).get(within, {}).get(job.key, {})
    return {"groups": {name: days for name, days in groups.items() if name}} if groups else {}


def _begins(results: Results, job: Job, spans: Sequence[Span]) -> int:
    """The first day that counts: for solved rows after the first period, which lacks rows from before the data."""
    windows = results.windows
    first = windows and windows.series and windows.series[0].start == spans[0].start
    lacking = job.method.clock.cohort is Cohort.SOLVED and first and len(spans) > 1
    return spans[1].start.toordinal() if lacking else 0


def _is_aged(job: Job) -> bool:
    contribution = job.method.aggregation.contribution
    return contribution is not None and contribution.happened is not None


def family_of(name: str) -> str:
    """The metric that its family is named for: the family measures the same of the same rows."""
    metric = METRICS.get(name)
    return METRICS[metric.twin_of or name].same_as or metric.twin_of or name if metric else name


def _scale(figure: Figure) -> tuple[float, float] | None:
    scale = figure.details.get("scale")
    return (float(scale[0]), float(scale[1])) if scale and None not in scale else None


def _shares(spans: Sequence[Span], figures: Sequence[Figure]) -> dict[int, Sums] | None:
    """Shares that are known by period alone, as if all their rows had come on its first day."""
    found: dict[int, Sums] = {}
    for span, figure in zip(spans, figures, strict=True):
        if isinstance(figure.sample, Proportion) and figure.sample.n:
            hits = float(figure.sample.hits)
            found[span.start.toordinal()] = Sums(figure.sample.n, hits, hits)
    return found or None


def iso(span: Span) -> tuple[str, str]:
    """Start and end as the report writes them."""
    return span.start.isoformat(), span.end.isoformat()


def day_of(ordinal: int) -> str:
    """A day as the report writes it."""
    return date.fromordinal(ordinal).isoformat()
