"""What comes: the next weeks of volumes and of the backlog, and the pace to the targets of this quarter."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta

from cx_kpi.engine.aggregation.cells import OVERALL, Cell
from cx_kpi.engine.aggregation.daily import Days, periods_over, quantity_of
from cx_kpi.engine.facts.target_rules import reading_target
from cx_kpi.engine.planning.plan import Job
from cx_kpi.engine.results import Results
from cx_kpi.engine.time.periods import floor, shift
from cx_kpi.engine.time.windows import Windows
from cx_kpi.judge.additions.outlook_words import EXPECTED, LABELS, RANGE, WHAT_COMES, ahead_text, pace_text
from cx_kpi.judge.verdicts.forecast import HORIZONS, Expected, backlog_ahead, forecast, pace
from cx_kpi.model.chart_data import Axis, Chart, ChartKind, Line
from cx_kpi.model.frozen import dataclass
from cx_kpi.model.options import Options
from cx_kpi.model.report import Reading, Report
from cx_kpi.model.sums import Quantity, summed
from cx_kpi.model.values import Ahead, Foreseen, Outlook, Paced, Target, Unit
from cx_kpi.wording.language import Language
from cx_kpi.wording.units import Words

WEEK = timedelta(days=7)
SHOWN = 12  # weeks that are over, before those to come
FEWEST = 5  # rows of a quarter so far
LATE = timedelta(days=9)  # a tenth of a quarter: data that begins later does not cover it
FEWEST_DAYS = 14  # days of a quarter that must be over before its rest is worked out


@dataclass(frozen=True, slots=True)
class Weeks:
    """The complete weeks of a metric, the Monday after them, and what is expected."""

    counted: list[float]
    after: date
    expected: list[Expected]
    seasonal: bool
    level: bool = False


def with_outlook(report: Report, results: Results, options: Options) -> Report:
    """The report with what comes; without where its window ended before the data, or the data is too short."""
    windows = results.windows
    if windows is None or windows.overall.end < _known_until(windows):
        return report
    words = Words(Language(options.language), windows.year_starts)
    jobs = _shown_jobs(report, results)
    weeks = dict(_weeks(results, windows, [job for job in jobs if job.metric.foreseen]))
    forecasts = [_foreseen(name, found, words) for name, found in weeks.items()]
    paces = list(_paces(report, results, windows, jobs, options))
    if not forecasts and not paces:
        return report
    outlook = Outlook(forecasts, paces)
    charts = [_chart(report, name, found, words) for name, found in weeks.items()]
    metrics = _with_texts(report, outlook)
    return replace(report, outlook=outlook, metrics=metrics, exhibits=[*report.exhibits, *charts])


def _shown_jobs(report: Report, results: Results) -> list[Job]:
    return [job for job in results.plan.jobs if job.metric.id in report.metrics and not job.aside]


def _with_texts(report: Report, outlook: Outlook) -> dict[str, Reading]:
    """The metrics, with what comes in words."""
    metrics = dict(report.metrics)
    for key, told in (("ahead", outlook.forecasts), ("pace", outlook.paces)):
        for each in told:
            reading = metrics[each.metric]
            metrics[each.metric] = replace(reading, details=reading.details | {key: each.text})
    return metrics


def _known_until(windows: Windows) -> date:
    """The first day that has not ended."""
    return (windows.as_of - timedelta(microseconds=1)).date() + timedelta(days=1)


def _until(windows: Windows) -> date:
    return min(windows.overall.end, _known_until(windows))


def _weeks(results: Results, windows: Windows, jobs: Sequence[Job]) -> Iterator[tuple[str, Weeks]]:
    """Each metric's complete weeks, where they are enough for an interval of the forecast."""
    over = periods_over(windows)
    if not over or not jobs:
        return
    first, until = shift(floor(over[0][0], "week"), "week", over[0][0].weekday() > 0), _until(windows)
    after = floor(until, "week")
    if first >= after:
        return
    daily = results.daily
    if over[-1][1] < after:
        daily = results.daily_over({job.key for job in jobs}, [(first, after)])
    for job in jobs:
        if job.key in daily and _is_known(results, job):
            level = quantity_of(job) is Quantity.STOCK
            begin = max(first, _known_from(results, windows, job)) if level else first
            found = _foretold(daily[job.key], begin, after, level=level, begun=until > after)
            if found:
                yield job.metric.id, found


def _known_from(results: Results, windows: Windows, job: Job) -> date:
    """The first week at whose end a level is known: exports lack what was open when they begin."""
    figures = results.figures.get(job.metric.id, {})
    known = (figures.get(Cell("series", number)) for number in range(len(windows.series)))
    spans = (
        span
        for span, figure in zip(windows.series, known, strict=True)
        if figure and figure.value is not None
    )
    return floor(next((span.end for span in spans), date.max), "week")


def _foretold(days: Days, first: date, after: date, *, level: bool, begun: bool) -> Weeks | None:
    """The weeks to come; one that has begun still has the end of a level to come, but not all of its rows."""
    starts = range(first.toordinal(), after.toordinal(), WEEK.days)
    if level:
        counted = [days[start + WEEK.days - 1].total for start in starts]
        weeks, seasonal = backlog_ahead(counted), False
    else:
        counted = [
            summed(days[d] for d in range(start, start + WEEK.days) if d in days).total for start in starts
        ]
        found = forecast(counted, HORIZONS + begun)
        weeks, seasonal = (found.weeks[begun:], found.seasonal) if found else ((), False)
    known = [week for week in weeks if week.interval]
    return Weeks(counted, after, known, seasonal, level) if known else None


def _foreseen(name: str, weeks: Weeks, words: Words) -> Foreseen:
    ahead = [
        Ahead(
            (weeks.after + (week.horizon - 1) * WEEK).isoformat(),
            (weeks.after + week.horizon * WEEK).isoformat(),
            week.value,
            *(week.interval or (0.0, 0.0)),
            week.error or 0.0,
        )
        for week in weeks.expected
    ]
    return Foreseen(name, ahead, weeks.seasonal, ahead_text(ahead, words, level=weeks.level))


def _chart(report: Report, name: str, weeks: Weeks, words: Words) -> Chart:
    """The latest weeks, and those to come with their range."""
    past = weeks.counted[-SHOWN:]
    begun = weeks.expected[0].horizon - 1  # a week of which nothing is drawn
    starts = [weeks.after + number * WEEK for number in range(-len(past), begun + len(weeks.expected))]
    gap: list[float | None] = [None] * (len(past) + begun)
    ranges = [week.interval or (0.0, 0.0) for week in weeks.expected]
    rows: list[list[float | None]] = [
        [*past, *[None] * (begun + len(ranges))],
        [*gap, *(week.value for week in weeks.expected)],
        [*gap, *(low for low, _ in ranges)],
        [*gap, *(high for _, high in ranges)],
    ]
    language, reading = words.language, report.metrics[name]
    return Chart(
        id=f"ahead_{name}",
        group=reading.group,
        title=language(WHAT_COMES, title=reading.title),
        about=language(RANGE if not weeks.seasonal else EXPECTED),
        kind=ChartKind.LINES,
        unit=Unit.COUNT,
        axis=Axis.PERIOD,
        columns=[start.isoformat() for start in starts],
        rows=[
            Line(language(label), values, [None] * len(values))
            for label, values in zip(LABELS, rows, strict=True)
        ],
        metric=name,
    )


def _is_known(results: Results, job: Job) -> bool:
    """Whether a metric has a figure that is no lower bound."""
    figure = results.figures.get(job.metric.id, {}).get(OVERALL)
    return figure is not None and not figure.details.get("lower_bound")


def _targets(report: Report, jobs: Sequence[Job], options: Options, end: date) -> dict[str, Target]:
    """The target of each share that has one, by the key of its job; of twins, one."""
    return {
        job.key: target
        for job in jobs
        if quantity_of(job) is Quantity.SHARE
        and report.metrics[job.metric.id].twin_of is None
        and (target := reading_target(job.metric, options.config, {}, end))
    }


def _paces(
    report: Report, results: Results, windows: Windows, jobs: Sequence[Job], options: Options
) -> Iterator[Paced]:
    """The pace of shares with a target in the quarter that has not ended yet."""
    until = _until(windows)
    start = floor(until - timedelta(days=1), "quarter", windows.year_starts)
    end, over = shift(start, "quarter", 1), periods_over(windows)
    if end <= until or (until - start).days < FEWEST_DAYS or not over or over[0][0] - start > LATE:
        return
    targets = _targets(report, jobs, options, end)
    words = Words(Language(options.language), windows.year_starts)
    for name, days in results.daily_over(targets.keys(), [(start, until)]).items():
        sums = summed(days.values())
        to_come = round(sums.n * (end - until).days / (until - start).days)
        found = pace(sums.total, sums.n, to_come, targets[name]) if sums.n >= FEWEST else None
        if found:
            paced = Paced(
                name,
                start.isoformat(),
                end.isoformat(),
                found.value,
                int(sums.n),
                targets[name],
                found.met,
                to_come,
                found.needed,
                found.cases,
                "",
            )
            yield replace(paced, text=pace_text(paced, words))
