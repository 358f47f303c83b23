"""Why a metric that is shown has no value over the window: it has rows in other periods, or unfinished ones, or unknown."""

from collections.abc import Iterator, Sequence

from cx_kpi.engine.aggregation.cells import OVERALL
from cx_kpi.engine.planning.plan import Job
from cx_kpi.engine.results import Results
from cx_kpi.judge.sentences.unavailable import NO_ROWS, tells
from cx_kpi.metrics.definition.metric import Clock
from cx_kpi.model.figures import Figure
from cx_kpi.model.report import LeftOut
from cx_kpi.wording.language import Language, mark

NOBODY_YET = mark("nobody was there yet at the start of the window; choose a later one with --since")
NONE_LEFT = mark("nothing was open at the end of the window")
PENDING = mark("no row of the window is finished yet: {n} pending")
OUTSIDE = mark("no row of the window counts for it; other periods have some")
UNTOLD = mark("the rows that count do not tell it: {n}")


def valueless(results: Results, shown: Sequence[Job], language: Language) -> Iterator[LeftOut]:
    """Each metric shown without a value, and the reason."""
    for job in shown:
        cells = results.figures.get(job.metric.id, {})
        figure = cells.get(OVERALL, Figure(None, 0))
        if figure.value is None:
            why = _why(job.method.clock, figure, language) if any(map(tells, cells.values())) else ""
            yield LeftOut(job.metric.id, language(job.metric.title), [], why or language(NO_ROWS))


def _why(clock: Clock, figure: Figure, language: Language) -> str:
    pending = figure.details.get("pending")
    if figure.n:
        return language(UNTOLD, n=figure.n)
    if pending:
        return language(PENDING, n=pending)
    if clock.until:
        return language(NOBODY_YET if clock.opening else NONE_LEFT)
    return language(OUTSIDE)
