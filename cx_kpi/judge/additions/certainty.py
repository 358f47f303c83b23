"""How sure the differences in a table are, where each row has two samples."""

from dataclasses import replace

from cx_kpi.engine.aggregation.cells import OVERALL
from cx_kpi.engine.results import Results
from cx_kpi.judge.statistics.budget import INSIDE, survivors
from cx_kpi.judge.statistics.change import compare
from cx_kpi.judge.statistics.closed_forms import composite_change
from cx_kpi.judge.statistics.intervals import Interval
from cx_kpi.model.figures import Figure, Mean
from cx_kpi.model.report import Reading, Report


def with_certainty(report: Report, results: Results) -> Report:
    """The report with the interval of each difference, and whether it is more than chance (5 % of those shown may be)."""
    figures = {name: results.figures.get(name, {}).get(OVERALL) for name in report.metrics}
    metrics = {
        name: _sure(reading, figure) if (figure := figures[name]) and figure.pairs else reading
        for name, reading in report.metrics.items()
    }
    return replace(report, metrics=metrics)


def _sure(reading: Reading, figure: Figure) -> Reading:
    changes = [compare(one, other) for one, other in figure.pairs]
    kept = survivors({place: each.p for place, each in enumerate(changes) if each.p is not None}, INSIDE)
    table = [
        row | {"interval": list(change.interval) if change.interval else None, "shown": place in kept}
        for place, (row, change) in enumerate(zip(reading.details["table"], changes, strict=True))
    ]
    named = [row["name"] for row in table if row["shown"]]
    told = {"table": table} | ({"certain": named} if named else {})
    return replace(reading, interval=reading.interval or _of_whole(figure), details=reading.details | told)


def _of_whole(figure: Figure) -> Interval | None:
    """The interval of the whole, where all its rows are means."""
    means = [pair for pair in figure.pairs if isinstance(pair[0], Mean) and isinstance(pair[1], Mean)]
    return composite_change(means).interval if len(means) == len(figure.pairs) else None  # type: ignore[arg-type]
