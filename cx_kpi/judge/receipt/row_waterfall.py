"""From the rows of the files to the rows that count: each step with its reason, and they add up."""

from collections.abc import Iterable, Iterator, Mapping

import polars as pl

from cx_kpi.engine.aggregation.cells import OVERALL
from cx_kpi.engine.drilldown.contributions import UNDATED, reasons
from cx_kpi.engine.planning.plan import Job
from cx_kpi.engine.results import Results
from cx_kpi.metrics.definition.metric import Clock
from cx_kpi.model.documents.receipt import Step
from cx_kpi.normalise.rejected import WHY
from cx_kpi.normalise.tables.combine import Loaded, Tally
from cx_kpi.normalise.tables.exclusions import FILTERED, counts
from cx_kpi.wording.language import Language, mark

READ = mark("rows in the files")
DAMAGED = mark("damaged")
APART = mark("dropped, or folded into other rows, by the preset")
LEFT_OUT = mark("left out by --where")
MADE = mark("answers made of one row, and ratings that tickets carry")
LATER = mark("later than the moment of the report")
FOLDED = mark("orders of one spell of buying, which counts once")
ORIGIN = {"activity": "orders"}  # tables that follow from others

Count = tuple[str, int]


def row_waterfall(
    loaded: Mapping[str, Loaded], results: Results, job: Job, traced: pl.DataFrame, language: Language
) -> list[Step]:
    """The steps from the files of a metric's table to the rows that count, in the order rows go out."""
    clock = job.method.clock
    table = ORIGIN.get(clock.table, clock.table)
    found = [*_files(loaded[table])] if table in loaded else []
    read = results.heights.get(table, 0)
    found.append((MADE, read - sum(rows for _, rows in found)))
    found += _moment(results, table, clock, read, traced.height)
    found += _reasons(job, traced)
    found += _folded(job, results, int(traced["counts"].sum()))
    return _steps(found, clock, language)


def _files(loaded: Loaded) -> Iterator[Count]:
    yield READ, sum(source.rows for source in loaded.sources)
    tallies = loaded.tallies
    yield DAMAGED, -sum(len(each.plan.mapped.source.rejects) for each in tallies)
    yield APART, -sum(each.plan.mapped.source.apart for each in tallies)
    for reason, why in WHY.items():
        yield why, -sum(_uncounted(each).get(reason, 0) for each in tallies)
    yield LEFT_OUT, -sum(int((each.code == FILTERED).sum()) for each in tallies)


def _uncounted(tally: Tally) -> dict[str, int]:
    return counts(tally.code)


def _moment(results: Results, table: str, clock: Clock, read: int, left: int) -> Iterator[Count]:
    """Rows later than the moment of the report, and spans of activity made of orders."""
    known = results.rows[table].base.height if table in results.rows else left
    yield LATER, known - read
    if clock.table != table:
        yield FOLDED, left - known


def _reasons(job: Job, traced: pl.DataFrame) -> Iterable[Count]:
    out = dict(traced.drop_nulls("why").group_by("why").len().iter_rows())
    return [(why, -out[why]) for why in dict.fromkeys(reasons(job)) if why in out]


def _folded(job: Job, results: Results, rows: int) -> Iterator[Count]:
    """Rows that count and of which several make one of the figure's n."""
    contribution, whole = job.method.aggregation.contribution, results.figures[job.metric.id].get(OVERALL)
    if contribution and contribution.folds:
        yield contribution.folds, (whole.n if whole else 0) - rows


def _steps(found: Iterable[Count], clock: Clock, language: Language) -> list[Step]:
    left, steps = 0, []
    for why, rows in found:
        left += rows
        if rows or why == READ:
            text = f"{language(why)} ({clock.at})" if why == UNDATED else language(why)
            steps.append(Step(text, rows, left))
    return steps
