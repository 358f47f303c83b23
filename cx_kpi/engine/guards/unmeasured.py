"""Counts of what no row of the files tells: they are unknown, and not 0."""

from dataclasses import replace

import polars as pl

from cx_kpi.engine.planning.plan import Job, Unavailable
from cx_kpi.engine.results import Work
from cx_kpi.wording.language import mark

WHY = mark("no row of the files tells of it")


def without_unmeasured(work: Work) -> Work:
    """Without the metrics for which nothing was measured in any row, in the window or not."""
    asked = {job.key: query for job in work.plan.jobs if (query := _query(work, job)) is not None}
    told = dict(zip(asked, pl.collect_all(asked.values()), strict=True))
    unknown = [job for job in work.plan.jobs if job.key in told and not told[job.key].item()]
    missing = tuple(Unavailable(job.metric, (), WHY) for job in unknown if not job.aside)
    rest = tuple(job for job in work.plan.jobs if job not in unknown)
    return replace(work, plan=replace(work.plan, jobs=rest, missing=work.plan.missing + missing))


def _query(work: Work, job: Job) -> pl.LazyFrame | None:
    """Whether any row tells of what the metric counts; None where that is not asked."""
    measured, rows = job.metric.measured, work.rows.get(job.method.clock.table)
    if measured is None or rows is None or not rows.columns.issuperset(measured.meta.root_names()):
        return None
    return rows.lazy().select(measured.alias("measured"))
