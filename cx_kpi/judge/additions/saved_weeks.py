"""The sums of a report's whole weeks, saved with it, so that another report can be judged against it."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

from cx_kpi.engine.aggregation.cells import OVERALL
from cx_kpi.engine.aggregation.daily import Days, periods_over, quantity_of
from cx_kpi.engine.planning.plan import Job
from cx_kpi.engine.results import Results
from cx_kpi.engine.time.periods import floor
from cx_kpi.model.figures import Figure, Proportion
from cx_kpi.model.report import Report
from cx_kpi.model.sums import Quantity, SavedWeeks, Sums, WeekSums, summed

WEEK = 7


def with_weeks(report: Report, results: Results) -> Report:
    """The report with the sums of the weeks of its window, of those periods that are over."""
    windows = results.windows
    over = periods_over(windows) if windows else []
    if windows is None or not over:
        return report
    start, end = max(over[0][0], windows.overall.start), min(over[-1][1], windows.overall.end)
    first, after = floor(start + timedelta(days=WEEK - 1), "week"), floor(end, "week")
    mondays = range(first.toordinal(), after.toordinal(), WEEK)
    if not mondays:
        return report
    saved = {job.metric.id: _week_sums(results, job, mondays) for job in _shown(report, results)}
    known = {name: each for name, each in saved.items() if each}
    return replace(report, weeks=SavedWeeks(first.isoformat(), len(mondays), known))


def _week_sums(results: Results, job: Job, mondays: range) -> WeekSums | None:
    """The weeks of a metric; a share that is known of the whole window alone, as if all had come in its first week."""
    figure = results.figures.get(job.metric.id, {}).get(OVERALL)
    days, quantity = results.daily.get(job.key), quantity_of(job)
    if job.method.clock.opening and figure and isinstance(figure.sample, Proportion):
        days, quantity = _all_at(mondays[0], figure.sample), Quantity.SHARE
    if not days or quantity in (None, Quantity.STOCK):
        return None
    weeks = [_week(days, monday) for monday in mondays]
    squared = [] if quantity in (Quantity.COUNT, Quantity.SHARE) else weeks
    totals = [] if quantity is Quantity.COUNT else weeks
    return WeekSums(
        quantity.value,
        _whole(week.n for week in weeks),
        _whole(week.total for week in totals),
        _whole(week.squares for week in squared),
        _scale(figure, quantity),
    )


def _all_at(monday: int, share: Proportion) -> Days:
    hits = float(share.hits)
    return {monday: Sums(share.n, hits, hits)}


def _shown(report: Report, results: Results) -> list[Job]:
    return [job for job in results.plan.jobs if job.metric.id in report.metrics and not job.aside]


def _scale(figure: Figure | None, quantity: Quantity | None) -> tuple[float, float] | None:
    scale = figure.details.get("scale") if figure and quantity is Quantity.SCORE else None
    return (float(scale[0]), float(scale[1])) if scale and None not in scale else None


def _week(days: Days, monday: int) -> Sums:
    return summed(days[day] for day in range(monday, monday + WEEK) if day in days)


def _whole(numbers: Iterable[float]) -> list[float]:
    """Numbers, the whole ones without a decimal point."""
    return [int(number) if number == int(number) else number for number in numbers]
