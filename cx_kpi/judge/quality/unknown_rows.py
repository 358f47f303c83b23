"""Conditions of the user's own metrics that leave rows out: all of them, or those they are not known of."""

from collections.abc import Iterator, Sequence
from functools import partial

from cx_kpi.engine.aggregation.cells import OVERALL
from cx_kpi.engine.planning.plan import Job
from cx_kpi.engine.results import Results
from cx_kpi.metrics.own_metrics import NOT_MEANT
from cx_kpi.model.figures import UNKNOWN
from cx_kpi.model.report import Notice
from cx_kpi.normalise.vocabulary.notices import notice
from cx_kpi.wording.language import Language


def unknown_rows(results: Results, shown: Sequence[Job], language: Language) -> Iterator[Notice]:
    """A notice for each metric shown that leaves such rows out in the window, with their number."""
    for job in shown:
        whole, table = results.figures[job.metric.id].get(OVERALL), job.method.clock.table
        if whole is None:
            continue
        tell = partial(notice, language=language, table=table, field=job.metric.id)
        if not whole.n and _is_conditional(job):
            yield tell("none_in_metric")
        if rows := whole.details.get(UNKNOWN):
            yield tell("unknown_in_metric", rows=rows)


def _is_conditional(job: Job) -> bool:
    return any(each.why == NOT_MEANT for each in job.method.exclusions)
