"""Whether complaints and low answers go with losing customers: those who stayed or bought again, against the others."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from cx_kpi.engine.aggregation.cells import OVERALL
from cx_kpi.engine.drilldown.customers_before import COMPLAINED, DISSATISFIED, stayed
from cx_kpi.engine.results import Results
from cx_kpi.judge.statistics.budget import INSIDE, survivors
from cx_kpi.judge.statistics.change import compare
from cx_kpi.model.figures import Figure, Proportion
from cx_kpi.model.options import Options
from cx_kpi.model.report import Report
from cx_kpi.wording.language import Language, mark

STAYED, BOUGHT = "retention_rate", "repurchase_rate"
COMPLAINT, WITHOUT = "repurchase_after_complaint", "repurchase_without_contact"
FEWEST = 5  # customers of a group that is shown
NAMES = {
    COMPLAINED: mark("complained in the 90 days before"),
    DISSATISFIED: mark("gave a low answer in the 90 days before"),
}
LOW_ANSWER = mark("after a low answer, against the others")
AFTER_COMPLAINT = mark("after a complaint, against an order without a contact")

Pair = tuple[str, Proportion, Proportion]  # a group of customers by its name, and the others


def with_kept_after(report: Report, results: Results, options: Options) -> Report:
    """The report with who stayed for a period and who bought again, of those who had complained or were dissatisfied."""
    language = Language(options.language)
    pairs = {STAYED: ("kept_after", _stayed), BOUGHT: ("bought_after", _bought)}
    metrics = dict(report.metrics)
    for name, (key, found) in pairs.items():
        if name in metrics and (table := _table(found(results), language)):
            metrics[name] = replace(metrics[name], details=metrics[name].details | {key: table})
    return replace(report, metrics=metrics)


def _stayed(results: Results) -> Iterator[Pair]:
    for name, ((n, stays), (others, others_stay)) in stayed(results).items():
        yield NAMES[name], Proportion(stays, n), Proportion(others_stay, others)


def _bought(results: Results) -> Iterator[Pair]:
    """Who bought again; one customer may be in several groups."""
    every, complained, others = (_figure(results, name) for name in (BOUGHT, COMPLAINT, WITHOUT))
    groups = {row["name"]: row for row in every.details.get("table", ())}
    if {"satisfied", "dissatisfied"} <= groups.keys():
        yield LOW_ANSWER, _bought_of(groups["dissatisfied"]), _bought_of(groups["satisfied"])
    if isinstance(complained.sample, Proportion) and isinstance(others.sample, Proportion):
        yield AFTER_COMPLAINT, complained.sample, others.sample


def _figure(results: Results, name: str) -> Figure:
    return results.figures.get(name, {}).get(OVERALL, Figure(None, 0))


def _bought_of(row: dict[str, Any]) -> Proportion:
    return Proportion(round(row["share"] * row["n"]), row["n"])


def _table(pairs: Iterable[Pair], language: Language) -> list[dict[str, Any]]:
    """Each group against the others, and whether the difference is more than chance."""
    found = []
    for name, here, others in pairs:
        if min(here.n, others.n) < FEWEST:
            continue
        change = compare(here, others)
        row = {
            "name": language(name),
            "n": here.n,
            "share": here.hits / here.n,
            "share_others": others.hits / others.n,
            "against_others": change.change,
            "interval": list(change.interval) if change.interval else None,
        }
        found.append((row, change.p))
    kept = survivors({place: p for place, (_, p) in enumerate(found) if p is not None}, INSIDE)
    return [row | {"shown": place in kept} for place, (row, _) in enumerate(found)]
