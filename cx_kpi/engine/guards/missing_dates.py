"""Whether the dates of solutions are there at all: times and shares of the few that have one would mislead."""

from dataclasses import replace

import polars as pl

from cx_kpi.engine.facts.fact import Rows
from cx_kpi.engine.planning.plan import Job, Plan, Unavailable
from cx_kpi.engine.results import Work
from cx_kpi.model.report import Notice
from cx_kpi.normalise.vocabulary.notices import notice
from cx_kpi.wording.language import Language, mark

ENOUGH = 0.5  # of the solved tickets
WHY = mark("fewer than half of the solved tickets have a date of the solution")
TIMED = {
    "solved_at",
    *(
        f"{wait}_{clock}seconds"
        for wait in ("resolution", "complaint")
        for clock in ("", "judged_", "business_")
    ),
}


def without_times(work: Work) -> Work:
    """Without the figures by the date of the solution, where most solved tickets lack it."""
    if "tickets" not in work.rows:
        return work
    counts = solved_and_undated(work.rows["tickets"])
    plan, said = suppress_times(work.plan, counts, Language(work.options.language))
    return replace(work, plan=plan, notices=(*work.notices, *said))


def suppress_times(plan: Plan, counts: tuple[int, int], language: Language) -> tuple[Plan, list[Notice]]:
    """Suppress the figures by the date of the solution where most solved tickets lack it, with a notice.

    `counts` are the solved tickets, and those of them without that date.
    """
    solved, undated = counts
    if not undated or not any(_is_timed(job) for job in plan.jobs):
        return plan, []
    said = notice(
        "undated_solves", language, table="tickets", field="solved_at", rows=undated, example=str(solved)
    )
    if solved - undated >= ENOUGH * solved:
        return plan, [said]
    timed = [job for job in plan.jobs if _is_timed(job)]
    missing = tuple(Unavailable(job.metric, (), WHY) for job in timed if not job.aside)
    rest = tuple(job for job in plan.jobs if job not in timed)
    return replace(plan, jobs=rest, missing=plan.missing + missing), [said]


def solved_and_undated(tickets: Rows) -> tuple[int, int]:
    """Solved tickets of files that have the date of solution, and those without one."""
    if not {"is_solved", "solved_at"} <= tickets.columns:
        return 0, 0
    told = pl.lit(value=True)
    if "solve_untold" in tickets.columns:
        told = ~(pl.col("solve_untold").fill_null(value=False) & pl.col("solved_at").is_null())
    solved = told & pl.col("is_solved").fill_null(value=False)
    undated = solved & pl.col("solved_at").is_null()
    found = tickets.lazy().select(solved=solved.sum(), undated=undated.sum()).collect().row(0)
    return int(found[0]), int(found[1])


def _is_timed(job: Job) -> bool:
    """Whether a metric counts by the date of the solution or times it."""
    clock = job.method.clock
    return clock.table == "tickets" and bool(TIMED & {clock.at, *job.method.aggregation.columns})
