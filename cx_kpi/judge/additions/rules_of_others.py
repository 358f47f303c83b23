"""By which published rule a figure of somebody else comes out: ours and others', the nearest first."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from typing import Any

from cx_kpi.engine.facts.target_rules import parse_seconds
from cx_kpi.model.errors import UsageProblem, nearest
from cx_kpi.model.frozen import dataclass
from cx_kpi.model.options import OwnMetric
from cx_kpi.model.report import LeftOut, Report
from cx_kpi.model.values import Unit
from cx_kpi.normalise.config import toml
from cx_kpi.normalise.preset.presets import presets
from cx_kpi.normalise.vocabulary.dictionaries import dictionary

SURVEYS = ("csat", "nps")
_NUMBER = re.compile(r"\s*([+\-−]?\d+(?:[.,]\d+)?)\s*(.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Theirs:
    """A figure as somebody else shows it, in our unit, and how far it may be off by its rounding."""

    value: float
    off: float


@dataclass(frozen=True, slots=True)
class Tried:
    """A rule and what it comes to: `exact` where that is their figure, as rounded; `said` what to write for it."""

    id: str
    title: str
    value: float | None
    n: int
    away: float | None
    exact: bool
    why: str = ""
    said: str = ""
    documented_by: str = ""  # the product that says to count so


def theirs(text: str, unit: Unit) -> Theirs:
    """`69`, `69.2 %`, `4.5 h`: the figure, right to half its last digit; raises `UsageProblem`."""
    found = _NUMBER.fullmatch(text)
    if not found:
        raise UsageProblem(f"--theirs {text!r} is no figure; write for example 69, 69.2%, +31 or 4.5h")
    number = found[1].replace(",", ".").replace("−", "-")
    size = 1.0
    if unit is Unit.SECONDS:
        try:
            size = parse_seconds(f"1 {found[2] or 's'}")
        except ValueError:
            raise UsageProblem(f"--theirs {text!r} is no length of time; write for example 4.5h") from None
    elif unit is Unit.SHARE and (found[2] == "%" or abs(float(number)) > 1):
        size = 0.01
    digits = len(number.partition(".")[2])
    return Theirs(float(number) * size, 0.5 * 10.0**-digits * size)


def rules_of(metric: str, scale: Sequence[float] | None) -> list[OwnMetric]:
    """The rules known of a metric, as metrics of one's own; raises `UsageProblem` where none is."""
    known = dictionary("rules")
    if metric not in known:
        raise UsageProblem(f"--metric {metric}: no other rules are known{nearest(metric, known, most=20)}")
    low, high = scale or (1.0, 5.0)
    found = []
    for place, rule in enumerate(known[metric], 1):
        filled = {name: _filled(text, low, high) for name, text in rule.items()}
        of = {"table": "surveys", "where": f"kind = '{metric}'"} if metric in SURVEYS else {}
        found.append(OwnMetric(id=f"{metric}_{place}", **{**of, **filled}))
    return found


def _filled(said: Any, low: float, high: float) -> Any:
    return said.replace("{low}", f"{low:g}").replace("{high}", f"{high:g}") if isinstance(said, str) else said


def documented(metric: str, rules: Sequence[OwnMetric], report: Report, own: Sequence[str]) -> dict[str, str]:
    """The rules, by id, by which the products of the files themselves count the metric, and which product it is."""
    names = {source.preset for source in report.sources}
    used = [preset for preset in presets(own) if preset.name in names and metric in preset.dashboard]
    titles = {preset.dashboard[metric]: preset.title.partition(",")[0] for preset in used}
    return {rule.id: titles[name] for rule in rules if (name := _english(rule)) in titles}


def _english(rule: OwnMetric) -> str:
    return rule.title["en"] if isinstance(rule.title, dict) else str(rule.title)


def tried(report: Report, ours: Mapping[str, str], rules: Sequence[OwnMetric], wanted: Theirs) -> list[Tried]:
    """Each rule with what it comes to in the report, the nearest first, those that cannot be computed last.

    `ours` are the titles of our own metrics among them, by id.
    """
    why = {left.metric: left for left in report.left_out if not left.by}
    found = [_tried(report, name, title, "", wanted, why) for name, title in ours.items()]
    found += [_tried(report, rule.id, "", _said(rule), wanted, why) for rule in rules]
    return sorted(found, key=lambda each: (each.away is None, each.away or 0.0))


def _tried(
    report: Report, name: str, title: str, said: str, wanted: Theirs, why: Mapping[str, LeftOut]
) -> Tried:
    reading = report.metrics.get(name)
    value = reading.value if reading and isinstance(reading.value, int | float) else None
    left = why.get(name)
    title = title or (reading.title if reading else left.title if left else name)
    if value is None or reading is None:
        return Tried(name, title, None, 0, None, exact=False, why=left.why if left else "", said=said)
    away = abs(float(value) - wanted.value)
    return Tried(name, title, float(value), reading.n, away, exact=away <= wanted.off * (1 + 1e-9), said=said)


def _said(rule: OwnMetric) -> str:
    """The lines of the configuration that follow a rule."""
    usual = {each.name: each.default for each in fields(OwnMetric)}
    named = replace(rule, id=f"{rule.id.rpartition('_')[0]}_theirs")
    pairs = ((each.name, getattr(named, each.name)) for each in fields(OwnMetric))
    return "\n".join(["[[metric]]", *(toml.pair(*each) for each in pairs if each[1] != usual[each[0]])])
