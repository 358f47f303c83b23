"""Which metrics a cut that was asked for leaves out, and why: never in silence."""

from collections.abc import Iterator, Sequence

from cx_kpi.engine.aggregation.cells import OVERALL
from cx_kpi.engine.aggregation.cuts import Cut
from cx_kpi.engine.planning.plan import Job
from cx_kpi.engine.results import Results
from cx_kpi.model.options import Options
from cx_kpi.model.report import LeftOut
from cx_kpi.wording.language import Language, mark

MADE_OF_IT = mark("not by {names}: it is itself made of that")
NO_COLUMN = mark("not by {names}: no such column, and no ticket named that has one")


def uncut(results: Results, shown: Sequence[Job], options: Options, language: Language) -> Iterator[LeftOut]:
    """Each metric that has a figure and lacks a cut that was asked for, with the columns it would need."""
    for cut in options.by or ():
        for job in shown:
            figures = results.figures.get(job.metric.id, {})
            if OVERALL in figures and figures[OVERALL].n and not any(cell.cut == cut for cell in figures):
                yield _left(job, cut, results, language)


def _left(job: Job, cut: Cut, results: Results, language: Language) -> LeftOut:
    table = job.method.clock.table
    lacks = [f"{table}.{name}" for name in cut if name not in results.columns.get(table, ())]
    why = language(NO_COLUMN if lacks else MADE_OF_IT, names=", ".join(cut))
    return LeftOut(job.metric.id, language(job.metric.title), lacks, why, list(cut))
