"""Rows that are in no part of a share of the user's own, because its condition is not known of them."""

from collections.abc import Iterator, Sequence

from cx_kpi.engine.aggregation.cells import OVERALL
from cx_kpi.engine.planning.plan import Job
from cx_kpi.engine.results import Results
from cx_kpi.model.figures import UNKNOWN
from cx_kpi.model.report import Notice
from cx_kpi.normalise.vocabulary.notices import notice
from cx_kpi.wording.language import Language


def unknown_rows(results: Results, shown: Sequence[Job], language: Language) -> Iterator[Notice]:
    """A notice for each metric shown that leaves such rows out in the window, with their number."""
    for job in shown:
        whole = results.figures[job.metric.id].get(OVERALL)
        rows = whole.details.get(UNKNOWN) if whole else None
        if rows:
            table = job.method.clock.table
            yield notice("unknown_in_metric", language, table=table, field=job.metric.id, rows=rows)
