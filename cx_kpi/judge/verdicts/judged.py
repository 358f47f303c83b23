"""The figures of a run, judged: what the engine found day by day, put through the whole procedure."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from cx_kpi.engine.aggregation.cells import OVERALL, Cell
from cx_kpi.engine.aggregation.daily import quantity_of
from cx_kpi.engine.facts.target_rules import reading_target
from cx_kpi.engine.planning.plan import Job
from cx_kpi.engine.results import Results
from cx_kpi.engine.time.windows import Span
from cx_kpi.judge.statistics.series import Period, Series
from cx_kpi.judge.verdicts.procedure import Judgement, judge_report
from cx_kpi.metrics.registry import METRICS
from cx_kpi.model.figures import Figure, Proportion
from cx_kpi.model.options import Options
from cx_kpi.model.sums import Quantity, Sums

EMPTY = Figure(None, 0)
HEADLINE = 3.0  # the part of the error budget of metrics that are shown first, against the others


@dataclass(frozen=True, slots=True)
class Judged:
    """The periods that are over, which of them are the subject, and the judgement of each metric."""

    spans: tuple[Span, ...] = ()
    numbers: tuple[int, ...] = ()  # of the periods, in the series of the report
    subject: int = 0  # how many of the latest
    judgements: Mapping[str, Judgement] = field(default_factory=dict)
    series: Mapping[str, Series] = field(default_factory=dict)

    @property
    def latest(self) -> Cell | None:
        """Where the figures of the subject stand; none where there is no such period, or several of them."""
        return Cell("series", self.numbers[-1]) if self.subject == 1 else None

    def place(self, number: int) -> int | None:
        """The place, among the periods that are over, of one of the series of the report; None where it is not."""
        place = bisect_left(self.numbers, number)
        return place if place < len(self.numbers) and self.numbers[place] == number else None


def judged(results: Results, jobs: Sequence[Job], options: Options) -> Judged:
    """The metrics of some jobs judged; nothing without a period that is over."""
    windows = results.windows
    if windows is None:
        return Judged()
    over = [(number, span) for number, span in enumerate(windows.series) if not span.partial]
    spans, numbers = tuple(span for _, span in over), tuple(number for number, _ in over)
    subject = _subject(windows.overall, spans) if windows.rolling else min(1, len(spans))
    if not subject:
        return Judged(spans, numbers)
    made = [_series(results, job, spans, numbers, options) for job in jobs]
    series = [each for each in made if each]
    periods = [Period(span.start.toordinal(), span.end.toordinal()) for span in spans]
    found = judge_report(series, periods, subject)
    return Judged(spans, numbers, subject, found, {each.metric: each for each in series})


def _subject(window: Span, spans: Sequence[Span]) -> int:
    """How many of the latest periods the window is; 0 where it does not end and begin with periods."""
    inside = [span for span in spans if window.start <= span.start and span.end <= window.end]
    whole = inside and inside[0].start == window.start and inside[-1].end == window.end
    return len(inside) if whole and inside[-1] == spans[-1] else 0


def _series(
    results: Results, job: Job, spans: Sequence[Span], numbers: Sequence[int], options: Options
) -> Series | None:
    """A metric day by day, with what is printed of it by period; None where days cannot tell."""
    metric, quantity = job.metric, quantity_of(job)
    figures = [results.figures.get(metric.id, {}).get(Cell("series", n), EMPTY) for n in numbers]
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
        weight=HEADLINE if METRICS[family_of(metric.id)].headline else 1.0,
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
