"""By which published rule a figure of somebody else comes out: ours and others', the nearest first."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from typing import Any

from cx_kpi.metrics.definition.metric import Metric
from cx_kpi.metrics.registry import METRICS
from cx_kpi.model.errors import UsageProblem, nearest
from cx_kpi.model.frozen import dataclass
from cx_kpi.model.options import Lang, OwnMetric
from cx_kpi.model.report import LeftOut, Report
from cx_kpi.model.values import Unit
from cx_kpi.normalise.config import toml
from cx_kpi.normalise.preset.presets import presets
from cx_kpi.normalise.values.durations import pairs_in
from cx_kpi.normalise.vocabulary.dictionaries import rules_elsewhere
from cx_kpi.wording.language import Language, mark

SURVEYS = ("csat", "nps")
THEIRS = mark("{metric}, by their rule")
BUSINESS = "business"  # in the names of lengths of time that need a [[calendar]]
_SPACES = re.compile(r"[\s\u00a0\u202f\u2009]+")
_ABOUT = "~≈≥ "  # what our outputs put before a figure
_NUMBER = re.compile(r"([+-]?\d+(?:\.\d+)?) ?(%?)")
_GROUPED = re.compile(r"[+-]?\d{1,3}(?:[ ,.]\d{3})+")
_CLOCK = re.compile(r"(\d+):(\d\d)(?::(\d\d))?")
_WRITTEN = {  # how a figure of a unit is to be written
    Unit.SHARE: "the metric is a share; write it as 69% or 0.69",
    Unit.POINTS: "the metric is told in points from -100 to 100; write it as +31 or -4.5",
    Unit.SECONDS: "the metric is a length of time; write it as 4.5h, '1 h 29 min' or 1:29",
    Unit.COUNT: "the metric is a count; write it as 1204",
}
_UNTOLD = re.compile(r"\D(\d+)")  # the last number of 1h29


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
    """`69`, `69.2 %`, `1 h 29 min`, as people and our reports write: right to half the last digit; `UsageProblem`."""
    plain = _SPACES.sub(" ", text).strip(_ABOUT).replace("−", "-").lower()
    if unit is Unit.SECONDS:
        return _length(plain, text)
    if unit is Unit.COUNT and _GROUPED.fullmatch(plain):
        plain = re.sub("[ ,.]", "", plain)
    found = _NUMBER.fullmatch(plain.replace(",", "."))
    if not found or (found[2] and unit is not Unit.SHARE):
        raise _other_unit(text, unit)
    number, is_percent = found[1], bool(found[2]) or (unit is Unit.SHARE and abs(float(found[1])) > 1)
    return _rounded(number, 0.01 if is_percent else 1.0)


def _length(plain: str, text: str) -> Theirs:
    """A length of time, right to half of its smallest unit."""
    if found := _CLOCK.fullmatch(plain):
        hours, minutes, seconds = (int(each or 0) for each in found.groups())
        return Theirs(hours * 3_600.0 + minutes * 60 + seconds, 0.5 if found[3] else 30.0)
    if found := re.fullmatch(r"\d+(?:[.,]\d+)?", plain):
        return _rounded(plain.replace(",", "."), 1.0)
    pairs = pairs_in(plain) or _untold(plain)
    if not pairs:
        raise _other_unit(text, Unit.SECONDS)
    each = [_rounded(number, size) for number, size in pairs]
    return Theirs(sum(one.value for one in each), each[-1].off)


def _other_unit(text: str, unit: Unit) -> UsageProblem:
    return UsageProblem(
        f"--theirs {text!r}: {_WRITTEN.get(unit, 'the metric is a number; write it as 4.27')}"
    )


def _untold(plain: str) -> list[tuple[str, float]]:
    """The pairs of `1h29`, whose last number is of the next smaller unit; none of anything else."""
    last = _UNTOLD.search(plain, len(plain.rstrip("0123456789")) - 1 if plain else 0)
    pairs = pairs_in(plain[: last.start(1)]) if last else []
    smaller = {86_400.0: 3_600.0, 3_600.0: 60.0, 60.0: 1.0}.get(pairs[-1][1]) if pairs else None
    return [*pairs, (last[1], smaller)] if last and smaller else []


def _rounded(number: str, size: float) -> Theirs:
    """A number of units of this size, which may be off by half its last digit."""
    return Theirs(float(number) * size, 0.5 * 10.0 ** -len(number.partition(".")[2]) * size)


def rules_of(metric: str, scale: Sequence[float] | None, *, calendar: bool = True) -> list[OwnMetric]:
    """The rules known of a metric, as metrics of one's own, those in business hours with a `calendar`.

    Raises `UsageProblem` where none is known.
    """
    known = rules_elsewhere()
    if metric not in known:
        raise UsageProblem(f"--metric {metric}: no other rules are known{nearest(metric, known, most=20)}")
    low, high = scale or (1.0, 5.0)
    found = []
    for place, rule in enumerate(known[metric], 1):
        filled = {name: _filled(text, low, high) for name, text in rule.items()}
        if metric in SURVEYS:
            told = [f"kind = '{metric}'", *filter(None, [filled.get("where")])]
            filled |= {"table": "surveys", "where": " and ".join(told)}
        found.append(OwnMetric(id=f"{metric}_{place}", **filled))
    return [rule for rule in found if calendar or not in_business_hours(rule)]


def of_both_clocks(metric: str) -> str:
    """The metric under which the rules of a wait are known, in business hours too."""
    return METRICS[metric].twin_of or metric if metric in METRICS else metric


def in_business_hours(rule: OwnMetric) -> bool:
    """Whether a rule counts hours by a [[calendar]]."""
    return BUSINESS in (rule.value or "")


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


def tried(
    report: Report, metric: Metric, ours: Mapping[str, str], rules: Sequence[OwnMetric], wanted: Theirs
) -> list[Tried]:
    """Each rule with what it comes to in the report, the nearest first, those that cannot be computed last.

    `ours` are the titles of our own metrics among them, by id; `metric` is the one whose rules they are.
    """
    why = {left.metric: left for left in report.left_out if not left.by}
    found = [_tried(report, name, title, "", wanted, why) for name, title in ours.items()]
    found += [_tried(report, rule.id, "", _said(rule, metric), wanted, why) for rule in rules]
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


def _said(rule: OwnMetric, metric: Metric) -> str:
    """The lines of the configuration that follow a rule: a short title, and the rule as what it is about."""
    usual = {each.name: each.default for each in fields(OwnMetric)}
    rules: dict[Lang, str] = rule.title if isinstance(rule.title, dict) else {"en": rule.title}
    languages = {code: Language(code) for code in rules}
    named = replace(
        rule,
        id=f"{rule.id.rpartition('_')[0]}_theirs",
        title={code: said(THEIRS, metric=said(metric.title)) for code, said in languages.items()},
        about={code: f"{text[:1].upper()}{text[1:]}." for code, text in rules.items()},
        direction=metric.better.value,
    )
    pairs = ((each.name, getattr(named, each.name)) for each in fields(OwnMetric))
    return "\n".join(["[[metric]]", *(toml.pair(*each) for each in pairs if each[1] != usual[each[0]])])
