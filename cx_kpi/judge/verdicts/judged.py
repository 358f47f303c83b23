"""The figures of a run, judged: what the engine found day by day, put through the whole procedure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from cx_kpi.engine.aggregation.cells import OVERALL, Cell
from cx_kpi.engine.aggregation.daily import quantity_of
from cx_kpi.engine.facts.target_rules import reading_target
from cx_kpi.engine.planning.plan import Job
from cx_kpi.engine.results import Results
from cx_kpi.engine.time.windows import Span
from cx_kpi.judge.statistics.series import Period, Series
from cx_kpi.judge.verdicts.procedure import Judgement, judge_phases, judge_report
from cx_kpi.metrics.registry import METRICS
from cx_kpi.model.figures import Figure, Proportion
from cx_kpi.model.options import Options
from cx_kpi.model.sums import Quantity, Sums

EMPTY = Figure(None, 0)
LONGER = 0.1  # of a span, that another may be longer


@dataclass(frozen=True, slots=True)
class Judged:
    """The periods that are over, which of them are the subject, and the judgement of each metric."""

    spans: tuple[Span, ...] = ()
    numbers: tuple[int, ...] = ()  # of the periods, in the series of the report
    cells: tuple[Cell, ...] = ()  # where the figures of the periods stand
    subject: int = 0  # how many of the latest
    judgements: Mapping[str, Judgement] = field(default_factory=dict)
    series: Mapping[str, Series] = field(default_factory=dict)

    @property
    def latest(self) -> Cell | None:
        """Where the figures of the subject stand; none where there is no such period, or several of them."""
        return self.cells[-1] if self.subject == 1 else None


def judged(results: Results, jobs: Sequence[Job], options: Options) -> Judged:
    """The metrics of some jobs judged; nothing without a period that is over."""
    windows = results.windows
    if windows is None:
        return Judged()
    if options.phase and windows.previous:
        return _two_phases(results, jobs, (windows.previous, windows.overall), options)
    over = [(number, span) for number, span in enumerate(windows.series) if not span.partial]
    spans, numbers = tuple(span for _, span in over), tuple(number for number, _ in over)
    cells = tuple(Cell("series", number) for number in numbers)
    subject = _subject(windows.overall, spans) if windows.rolling else min(1, len(spans))
    if not subject:
        return Judged(spans, numbers, cells)
    series = _all_series(results, jobs, spans, cells, options)
    periods = [Period(span.start.toordinal(), span.end.toordinal()) for span in spans]
    found = judge_report(series, periods, subject)
    return Judged(spans, numbers, cells, subject, found, {each.metric: each for each in series})


def _two_phases(results: Results, jobs: Sequence[Job], spans: tuple[Span, Span], options: Options) -> Judged:
    """The window against a span that was named."""
    lengths = [(span.end - span.start).days for span in spans]
    jobs = [job for job in jobs if alike(*lengths) or not job.method.clock.opening]
    daily = results.daily_over({job.key for job in jobs}, [(span.start, span.end) for span in spans])
    cells = (Cell("previous", 0), OVERALL)
    series = _all_series(replace(results, daily=daily), jobs, spans, cells, options)
    before, now = (Period(span.start.toordinal(), span.end.toordinal()) for span in spans)
    found = judge_phases(series, before, now)
    return Judged(spans, (), cells, 1, found, {each.metric: each for each in series})


def alike(days: int, others: int) -> bool:
    """Whether two spans are about as long: who is still there at the end depends on that."""
    return abs(days - others) <= LONGER * max(days, others)


def _all_series(
    results: Results, jobs: Sequence[Job], spans: Sequence[Span], cells: Sequence[Cell], options: Options
) -> list[Series]:
    made = (_series(results, job, spans, cells, options) for job in jobs)
    return [each for each in made if each]


def _subject(window: Span, spans: Sequence[Span]) -> int:
    """How many of the latest periods the window is; 0 where it does not end and begin with periods."""
    inside = [span for span in spans if window.start <= span.start and span.end <= window.end]
    whole = inside and inside[0].start == window.start and inside[-1].end == window.end
    return len(inside) if whole and inside[-1] == spans[-1] else 0


def _series(
    results: Results, job: Job, spans: Sequence[Span], cells: Sequence[Cell], options: Options
) -> Series | None:
    """A metric day by day, with what is printed of it by period; None where days cannot tell."""
    metric, quantity = job.metric, quantity_of(job)
    figures = [results.figures.get(metric.id, {}).get(cell, EMPTY) for cell in cells]
    days = results.daily.get(job.key)
    if days is None and job.method.clock.opening:
        days, quantity = _shares(spans, figures), Quantity.SHARE
    if not days or quantity is None:
        return None
    whole = results.figures.get(metric.id, {}).get(OVERALL, EMPTY)
    return Series(
        metric=metric.id,
        quantity=quantity,
        days=days,
        better=metric.better,
        scale=_scale(whole) if quantity is Quantity.SCORE else None,
        values=[each.value if isinstance(each.value, (int, float)) else None for each in figures],
        target=reading_target(metric, options.config, {}, spans[-1].end),
        family=family_of(metric.id),
    )


def family_of(name: str) -> str:
    """The metric that stands for all that say the same of the same rows."""
    metric = METRICS[name]
    return METRICS[metric.twin_of or name].same_as or metric.twin_of or name


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
