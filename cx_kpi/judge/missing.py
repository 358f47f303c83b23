"""What was left out, and why."""

from cx_kpi.engine.fold import Cell
from cx_kpi.engine.plan import NO_FILE, Missing
from cx_kpi.engine.run import Results
from cx_kpi.language import Language, mark
from cx_kpi.options import Options
from cx_kpi.report import LeftOut

FILES = {
    "tickets": mark("no file of tickets"),
    "surveys": mark("no file of surveys"),
    "customers": mark("no file of customers"),
    "customer_counts": mark("no file of customer counts"),
    "orders": mark("no file of orders"),
    "calls": mark("no file of calls"),
}


def left_out(results: Results, options: Options, language: Language) -> list[LeftOut]:
    """Every metric that was asked for and has no figure, with the fields it needs."""
    found = [_missing(missing, language) for missing in results.plan.missing]
    for job in results.plan.jobs:
        metric = job.metric
        asked = metric.id in options.metrics if options.metrics else not metric.internal
        figure = results.figures.get(metric.id, {}).get(Cell("overall", 0))
        if asked and not job.aside and figure and "refused" in figure.details:
            found.append(LeftOut(metric.id, language(metric.title), [], language(figure.details["refused"])))
    return found


def _missing(missing: Missing, language: Language) -> LeftOut:
    files = [need.removeprefix(NO_FILE) for need in missing.needs if need.startswith(NO_FILE)]
    needs = [need for need in missing.needs if not need.startswith(NO_FILE)]
    if missing.why:
        why = language(missing.why)
    elif files:
        why = "; ".join(language(FILES[name]) for name in files)
    else:
        why = language.plural("no column {names}", "no columns {names}", len(needs), names=", ".join(needs))
    return LeftOut(missing.metric.id, language(missing.metric.title), files + needs, why)
