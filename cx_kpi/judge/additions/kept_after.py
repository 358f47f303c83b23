"""Whether complaints and low answers go with losing customers: those who stayed, against the others."""

from dataclasses import replace
from typing import Any

from cx_kpi.engine.drilldown.customers_before import COMPLAINED, DISSATISFIED, stayed
from cx_kpi.engine.results import Results
from cx_kpi.judge.statistics.budget import INSIDE, survivors
from cx_kpi.judge.statistics.change import compare
from cx_kpi.model.figures import Proportion
from cx_kpi.model.options import Options
from cx_kpi.model.report import Report
from cx_kpi.wording.language import Language, mark

METRIC = "retention_rate"
FEWEST = 5  # customers of a group that is shown
NAMES = {
    COMPLAINED: mark("complained in the 90 days before"),
    DISSATISFIED: mark("gave a low answer in the 90 days before"),
}


def with_kept_after(report: Report, results: Results, options: Options) -> Report:
    """The report with who stayed for a period, of those who had complained or were dissatisfied, against the others."""
    reading = report.metrics.get(METRIC)
    if reading is None:
        return report
    table = _table(results, Language(options.language))
    if not table:
        return report
    metrics = {**report.metrics, METRIC: replace(reading, details=reading.details | {"kept_after": table})}
    return replace(report, metrics=metrics)


def _table(results: Results, language: Language) -> list[dict[str, Any]]:
    found = []
    for name, ((n, stays), (others, others_stay)) in stayed(results).items():
        if min(n, others) < FEWEST:
            continue
        change = compare(Proportion(stays, n), Proportion(others_stay, others))
        row = {
            "name": language(NAMES[name]),
            "n": n,
            "share": stays / n,
            "share_others": others_stay / others,
            "against_others": change.change,
            "interval": list(change.interval) if change.interval else None,
        }
        found.append((row, change.p))
    kept = survivors({place: p for place, (_, p) in enumerate(found) if p is not None}, INSIDE)
    return [row | {"shown": place in kept} for place, (row, _) in enumerate(found)]
