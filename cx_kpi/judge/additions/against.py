"""A report against another: the same judgement as of periods, on the whole weeks that both saved."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from cx_kpi.engine.aggregation.cells import OVERALL, Cell
from cx_kpi.engine.time.windows import Span as Days
from cx_kpi.judge.sentences.stories.findings import Findings
from cx_kpi.judge.statistics.series import Period, Series
from cx_kpi.judge.verdicts.accounts import Inside
from cx_kpi.judge.verdicts.judged import Judged, alike, family_of
from cx_kpi.judge.verdicts.latest import Seen, latest
from cx_kpi.judge.verdicts.procedure import judge_phases
from cx_kpi.metrics.definition.metric import Cohort, Metric
from cx_kpi.metrics.registry import METRICS
from cx_kpi.model.errors import UsageProblem
from cx_kpi.model.report import Compared, Notice, Reading, Report, Window
from cx_kpi.model.sums import Quantity, SavedWeeks
from cx_kpi.model.values import Level, Span
from cx_kpi.wording.language import Language, mark
from cx_kpi.wording.units import words_of

WEEK = 7
MOST_APART = timedelta(days=2)  # of the ages at which two windows are looked at
COMPARED = mark("compared with {name}: {period}; changes are those of its whole weeks and of ours")


def compared_with(report: Report, earlier: Report, name: str) -> Report:
    """The report judged against an earlier one, called `name`; raises `UsageProblem` where they hold the same rows."""
    (now, saved), (before, old) = _window(report, "this report"), _window(earlier, name)
    _check_rows(report, earlier, name)
    same = [each for each in saved.metrics if each in old.metrics and _is_same(report, earlier, each)]
    series = [_series(each, old, saved, report.metrics[each]) for each in same]
    found = _judged(series, (before, old), (now, saved))
    metrics = {
        each: _reading(each, reading, earlier.metrics.get(each), found, (before, now))
        for each, reading in report.metrics.items()
    }
    language, words = Language(report.language), words_of(report)
    figures = {each: [earlier.metrics[each].value, metrics[each].value] for each in found.judgements}
    period = words.dates.span(before.start, before.end)
    note = Notice(Level.INFO, "compared_with", language(COMPARED, name=name, period=period), path=name)
    return replace(
        report,
        metrics=metrics,
        findings=Findings(metrics, found, Inside(found, lambda _: {}), figures, language).all(),
        notices=[note, *report.notices],
    )


def _window(report: Report, name: str) -> tuple[Window, SavedWeeks]:
    if report.window is None or report.weeks is None:
        raise UsageProblem(f"{name} holds no whole week with dates, so there is nothing to compare by")
    return report.window, report.weeks


def _check_rows(report: Report, earlier: Report, name: str) -> None:
    """Rows that both reports hold are no change of anything."""
    one, other = report.window, earlier.window
    paths, others = ({source.path for source in each.sources} for each in (report, earlier))
    same = paths == others and report.where == earlier.where
    if same and one and other and one.start < other.end and other.start < one.end:
        raise UsageProblem(
            f"{name} covers {other.start} to {other.end} of the same files, and this report {one.start} to {one.end}: "
            f"they share rows; name what came since: --since {other.end}"
        )


def _judged(
    series: list[Series], earlier: tuple[Window, SavedWeeks], later: tuple[Window, SavedWeeks]
) -> Judged:
    """Both windows judged as two phases; the earlier weeks are moved right before the later ones."""
    middle = _first(later[1])
    start, end = middle - WEEK * earlier[1].count, middle + WEEK * later[1].count
    found = judge_phases(series, Period(start, middle), Period(middle, end))
    spans = tuple(
        Days(date.fromisoformat(each.start), date.fromisoformat(each.end), 0, 0)
        for each in (earlier[0], later[0])
    )
    cells = (Cell("previous", 0), OVERALL)
    return Judged(spans, cells, 1, found, {each.metric: each for each in series})


def _first(weeks: SavedWeeks) -> int:
    return date.fromisoformat(weeks.first).toordinal()


def _is_same(report: Report, earlier: Report, name: str) -> bool:
    """Whether both mean the same by a metric: its unit, clock, method and scale, at the same age."""
    one, other = report.metrics[name], earlier.metrics.get(name)
    mine, theirs = ((each.weeks or SavedWeeks("", 0, {})).metrics[name] for each in (report, earlier))
    if other is None or (mine.quantity, mine.scale) != (theirs.quantity, theirs.scale):
        return False
    if one.cohort == Cohort.STOCK and not alike(_days(report), _days(earlier)):
        return False
    if name not in METRICS and one.formula != other.formula:  # of the user's own
        return False
    if name in METRICS and takes_time(METRICS[name]) and abs(_age(report) - _age(earlier)) > MOST_APART:
        return False
    return _terms(one) == _terms(other)


def _terms(reading: Reading) -> tuple[object, ...]:
    """What both have to mean alike; a currency is there where costs are counted by a rate."""
    named = (reading.details.get(name) for name in ("cohort", "method", "currency"))
    return reading.unit, reading.clock, reading.cohort, *named


def takes_time(metric: Metric) -> bool:
    """Whether hits of the metric come some time after its rows, so that it differs by age."""
    contributions = (method.aggregation.contribution for method in metric.methods)
    return any(each.happened for each in contributions if each)


def _age(report: Report) -> timedelta:
    """How long the window was over when the report was made."""
    end = report.window.end if report.window else ""
    return datetime.fromisoformat(report.as_of or end).replace(tzinfo=None) - datetime.fromisoformat(end)


def _days(report: Report) -> int:
    window = report.window
    return (date.fromisoformat(window.end) - date.fromisoformat(window.start)).days if window else 0


def _series(name: str, old: SavedWeeks, new: SavedWeeks, reading: Reading) -> Series:
    middle, found = _first(new), new.metrics[name]
    weeks = [*old.metrics[name].sums(), *found.sums()]
    start = middle - WEEK * old.count
    return Series(
        metric=name,
        quantity=Quantity(found.quantity),
        days={start + WEEK * number: sums for number, sums in enumerate(weeks) if sums.n},
        better=reading.better,
        scale=found.scale,
        target=reading.target,
        family=family_of(name),
    )


def _reading(
    name: str, reading: Reading, old: Reading | None, found: Judged, windows: tuple[Window, Window]
) -> Reading:
    """The reading over the window, with what it was in the other report."""
    seen = Seen(reading.value, reading.n, reading.interval, reading.target, reading.status)
    judged = latest(found, name, seen)
    before, now = windows
    if judged is None or old is None or old.unit is not reading.unit:
        return replace(
            reading, previous=None, change=None, verdict=None, compared=None, latest=judged, account=None
        )
    spans = [
        Span(window.start, window.end, each.value, each.n) for window, each in ((now, reading), (before, old))
    ]
    numbers = isinstance(reading.value, (int, float)) and isinstance(old.value, (int, float))
    change = reading.value - old.value if numbers else None  # type: ignore[operator]
    baseline = spans[1] if judged.baseline else None
    return replace(
        reading,
        previous=old.value,
        change=change,
        verdict=judged.verdict,
        compared=Compared(spans[0], spans[1], change, None, None),
        latest=replace(judged, baseline=baseline),
        account=None,
    )
