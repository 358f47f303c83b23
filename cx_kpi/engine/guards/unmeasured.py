"""Counts of what no row of the files tells: they are unknown, and not 0."""

from dataclasses import replace

from cx_kpi.engine.planning.plan import Job, Unavailable
from cx_kpi.engine.results import Work
from cx_kpi.wording.language import mark

WHY = mark("no row of the files tells of it")


def without_unmeasured(work: Work) -> Work:
    """Without the metrics for which nothing was measured in any row, in the window or not."""
    unknown = [job for job in work.plan.jobs if not _is_measured(work, job)]
    missing = tuple(Unavailable(job.metric, (), WHY) for job in unknown if not job.aside)
    rest = tuple(job for job in work.plan.jobs if job not in unknown)
    return replace(work, plan=replace(work.plan, jobs=rest, missing=work.plan.missing + missing))


def _is_measured(work: Work, job: Job) -> bool:
    measured, rows = job.metric.measured, work.rows.get(job.method.clock.table)
    if measured is None or rows is None or not rows.columns.issuperset(measured.meta.root_names()):
        return True
    return bool(rows.lazy().select(measured.alias("measured")).collect().item())
