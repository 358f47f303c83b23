"""What rows bring to metrics day by day, as a part holds it: for judging whether a period differs by more than chance.

A day of few rows would tell what each of them says. So it is put to the days after it, within its period.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

import polars as pl

from cx_kpi.engine.aggregation.daily import WHOLE, Dates, Days, day_sums, quantity_of
from cx_kpi.engine.facts.fact import Rows
from cx_kpi.engine.planning.plan import Job
from cx_kpi.engine.time.windows import Windows
from cx_kpi.model.options import Grain
from cx_kpi.model.sums import Quantity, Sums
from cx_kpi.store.parts.build.part_cells import FEWEST
from cx_kpi.store.parts.held.over_time import by_period, takes_time
from cx_kpi.store.parts.held.part_spans import GRAINS, in_periods
from cx_kpi.store.parts.held.summed import DAYS

MOST = 0.1  # of the rows may be on days with few
PLAIN = {Quantity.COUNT, Quantity.STOCK}  # numbers of rows, which tell nothing of any of them


def days_of(
    tables: Mapping[str, Rows], jobs: Sequence[Job], windows: Windows, reach: date
) -> tuple[pl.DataFrame, set[str]]:
    """The table of days, and the metrics that have too few rows a day to be in it.

    By months for all metrics, by weeks too for those whose days depend on the period.
    """
    shown = [job for job in jobs if not (job.aside or job.metric.internal)]
    numbers = {job.key: number for number, job in enumerate(jobs)}
    rows: list[tuple[object, ...]] = []
    few: set[str] = set()
    for grain in GRAINS:
        for job, days, spans in _by(grain, tables, shown, windows, reach):
            told = days if quantity_of(job) in PLAIN else pooled(days, spans)
            if told is None:
                few.add(job.key)
                continue
            rows += [
                (numbers[job.key], grain, day, sums.n, sums.total, sums.squares)
                for day, sums in sorted(told.items())
            ]
    return pl.DataFrame(rows, DAYS, orient="row"), few


def _by(
    grain: Grain, tables: Mapping[str, Rows], jobs: Sequence[Job], windows: Windows, reach: date
) -> Iterator[tuple[Job, Days, list[Dates]]]:
    """The days of each metric by periods of a grain; where hits take time, by those that are over."""
    spans = [(span.start, span.end) for span in in_periods(windows, reach, grain).series]
    over = [span for span in spans if span[1] <= windows.overall.end]
    late = [job for job in jobs if takes_time(job)]
    others = [job for job in jobs if not takes_time(job) and (grain == "month" or by_period(job))]
    yield from _told(tables, late, windows, over)
    yield from _told(tables, others, windows, spans)


def _told(
    tables: Mapping[str, Rows], jobs: Sequence[Job], windows: Windows, spans: list[Dates]
) -> Iterator[tuple[Job, Days, list[Dates]]]:
    if not (jobs and spans):
        return
    found = day_sums(tables, jobs, windows, spans=spans, in_order=True)[WHOLE]
    for job in jobs:
        if days := found.get(job.key, {}).get(WHOLE):
            yield job, days, spans


def pooled(days: Days, spans: Iterable[Dates]) -> Days | None:
    """Days of few rows put together with those after them, the last ones with those before, within each span.

    None where there are many such days: what is left tells nothing of how much days differ.
    """
    few = sum(sums.n for sums in days.values() if sums.n < FEWEST)
    if few > MOST * sum(sums.n for sums in days.values()):
        return None
    found: Days = {}
    for start, end in spans:
        found |= _pooled({day: days[day] for day in range(start.toordinal(), end.toordinal()) if day in days})
    return found


def _pooled(days: Days) -> Days:
    """The same of one span."""
    found: Days = {}
    waiting, last = Sums(0, 0, 0), min(days, default=0)
    for day, sums in days.items():
        waiting += sums
        if waiting.n >= FEWEST:
            found[day], waiting, last = waiting, Sums(0, 0, 0), day
    if waiting.n:
        found[last] = found.get(last, Sums(0, 0, 0)) + waiting
    return found
