"""What rows brought to metrics day by day, from the tables of days of several parts."""

from collections.abc import Iterable, Mapping, Sequence

import polars as pl

from cx_kpi.engine.aggregation.daily import Days, quantity_of
from cx_kpi.engine.planning.plan import Job
from cx_kpi.engine.time.windows import Windows
from cx_kpi.model.sums import Quantity, Sums
from cx_kpi.store.parts.held.over_time import by_period, takes_time
from cx_kpi.store.parts.held.part_spans import GRAINS
from cx_kpi.store.parts.held.summed import DAY, GRAIN, JOB
from cx_kpi.store.parts.merge.part_figures import Share


def days_added(jobs: Mapping[str, tuple[Job, Sequence[Share]]], windows: Windows) -> dict[str, Days]:
    """The sums of each metric by day; without those whose days the parts do not tell by such periods."""
    found = {key: _added(job, shares, windows) for key, (job, shares) in jobs.items()}
    return {key: days for key, days in found.items() if days}


def _added(job: Job, shares: Sequence[Share], windows: Windows) -> Days:
    if any(share.told.few for share in shares) or (by_period(job) and not _is_told(job, shares, windows)):
        return {}
    grain = windows.grain if by_period(job) else "month"
    tables = [_of(share, grain) for share in shares]
    if quantity_of(job) is Quantity.STOCK:
        return _levels(tables, min(share.part.account.over for share in shares).toordinal())
    return _sums(tables)


def _is_told(job: Job, shares: Sequence[Share], windows: Windows) -> bool:
    """Whether the periods of the report are those of the parts; where hits take time, all parts have to end on one day."""
    ends = {share.part.account.over for share in shares}
    plain = windows.grain in GRAINS and not windows.rolling
    return plain and (len(ends) == 1 or not takes_time(job))


def _of(share: Share, grain: str) -> pl.DataFrame:
    days = share.part.tables["days"]
    return days.filter((pl.col(JOB) == share.number) & (pl.col(GRAIN) == grain)).drop(JOB, GRAIN)


def _sums(tables: Iterable[pl.DataFrame]) -> Days:
    summed = pl.concat(tables).group_by(DAY).sum().sort(DAY)
    return {day: Sums(n, total, squares) for day, n, total, squares in summed.iter_rows()}


def _levels(tables: Iterable[pl.DataFrame], over: int) -> Days:
    """The levels of all parts on the days that all of them know."""
    summed = pl.concat(tables).filter(pl.col(DAY) < over).group_by(DAY).agg(pl.col("total").sum()).sort(DAY)
    return {day: Sums(1, total, total**2) for day, total in summed.iter_rows()}
