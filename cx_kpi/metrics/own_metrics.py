"""Metrics of the user's own, from `[[metric]]` in `cxkpi.toml`: made into what ours are."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import cast

import polars as pl

from cx_kpi.metrics.definition import clocks
from cx_kpi.metrics.definition.aggregations import EVERY, count, only, share
from cx_kpi.metrics.definition.metric import (
    Aggregation,
    Clock,
    Exclusion,
    Measured,
    Method,
    Metric,
    Sum,
)
from cx_kpi.metrics.definition.number_aggregations import mean, net_of, quantile, ratio
from cx_kpi.model.errors import MetricProblem, nearest
from cx_kpi.model.figures import UNKNOWN, Figure
from cx_kpi.model.options import Config, Lang, OwnMetric
from cx_kpi.model.values import Better, Unit
from cx_kpi.normalise.dimensions.own_expressions import COMPUTED, NEEDS, Expressions, expressions
from cx_kpi.normalise.dimensions.own_expressions import EVERY as KEYS
from cx_kpi.wording.language import Language, mark

CLOCKS: Mapping[str, Sequence[Clock]] = {  # by table, the usual one first
    "tickets": (clocks.CREATED, clocks.SOLVED, clocks.FIRST_SOLVED, clocks.ANSWERED, clocks.OPEN),
    "surveys": (clocks.RATED, clocks.SENT),
    "calls": (clocks.QUEUED,),
    "orders": (clocks.ORDERED,),
    "customers": (clocks.CUSTOMERS, clocks.ACTIVE),
    "ticket_events": (clocks.WRITTEN,),
}
LENGTHS = {"seconds": 1.0, "minutes": 60.0, "hours": 3_600.0, "days": 86_400.0}
UNITS = {unit.value: unit for unit in (Unit.SHARE, Unit.SCORE, Unit.RATIO, Unit.CURRENCY)}
FIXED = {"count": Unit.COUNT, "share": Unit.SHARE, "net": Unit.POINTS}
BUSINESS = frozenset[str]().union(*COMPUTED.values())  # lengths of time in business hours
OWN = "own"
OWN_GROUP = mark("Own metrics")
ABOUT = mark("A metric of your own, from cxkpi.toml.")
NOT_MEANT = mark("outside the condition of the metric")
FORMULAS = {
    "count": mark("number of rows"),
    "share": mark("rows with {hit} ÷ rows"),
    "mean": mark("Σ {value} ÷ rows"),
    "median": mark("median of {value}"),
    "quantile": mark("percentile {p} of {value}"),
    "ratio": mark("Σ {value} ÷ Σ {of}"),
    "net": mark("100 × (rows with {hit} − rows with {miss}) ÷ rows"),
}
AMONG = mark("{formula}, where {condition}")
MEDIAN = 0.5
_ID = re.compile(r"[a-z][a-z0-9_]{0,59}")


def own_metrics(config: Config, groups: Mapping[str, str]) -> Iterator[Metric]:
    """The metrics of a configuration, in its language; `groups` are the titles of ours. Raises `UsageProblem`."""
    language = Language(config.language or "en")
    for said in config.metric:
        for problem in _problems(said):
            raise MetricProblem(f"metric {said.id}: {problem}", said.id, re.split(r"\W", problem)[0])
        yield _made(said, language, groups, config.timezone or "UTC")


def own_groups(config: Config, groups: Mapping[str, str]) -> dict[str, str]:
    """The groups that metrics of a configuration have beside ours, and their titles in its language."""
    language = Language(config.language or "en")
    found = dict(_group(said, language, groups) for said in config.metric)
    return {name: title for name, title in found.items() if name not in groups}


def own_target(said: OwnMetric) -> float | str | None:
    """The target of a metric; a number in its unit, lengths of time in seconds."""
    if isinstance(said.target, str) or said.target is None:
        return said.target
    return said.target * LENGTHS.get(said.unit or "", 1.0)


def _made(said: OwnMetric, language: Language, groups: Mapping[str, str], timezone: str) -> Metric:
    parts = expressions(said, timezone)
    return Metric(
        id=said.id,
        title=_words(said.title, language),
        group=_group(said, language, groups)[0],
        about=_words(said.about, language) if said.about else ABOUT,
        formula=_formula(said, language),
        unit=_unit(said),
        better=Better(said.direction),
        methods=(Method(clock_of(said), _aggregation(said, parts), exclusions=_others(parts)),),
        by_calendar=any(BUSINESS & {*each.meta.root_names()} for each in parts.values()),
    )


def clock_of(said: OwnMetric) -> Clock:
    """The clock of a metric that was checked."""
    named = {clock.name: clock for clock in CLOCKS[said.table]}
    return named[said.clock] if said.clock else CLOCKS[said.table][0]


def _others(parts: Expressions) -> tuple[Exclusion, ...]:
    """The reason why rows are not the metric's."""
    return (Exclusion(NOT_MEANT, ~_holds(parts, "where")),) if "where" in parts else ()


def _holds(parts: Expressions, key: str) -> pl.Expr:
    """Whether a condition holds; where none is said, it does."""
    return parts[key].fill_null(value=False) if key in parts else EVERY


def _aggregation(said: OwnMetric, parts: Expressions) -> Aggregation:
    rows = _holds(parts, "where")
    of = rows & _holds(parts, "of") if said.kind in ("share", "net") else rows
    match said.kind:
        case "count":
            return count(rows)
        case "share":
            return _telling(share(parts["hit"], of=of), of & parts["hit"].is_null())
        case "net":
            unknown = parts["hit"].is_null() | parts["miss"].is_null()
            return _telling(net_of(parts["hit"], parts["miss"], of), of & unknown)
        case "ratio":
            return ratio(
                only(parts["value"] * LENGTHS.get(said.unit or "", 1.0), rows), only(parts["of"], rows)
            )
    value = only(parts["value"] * LENGTHS.get(said.unit or "", 1.0), rows)
    is_length = _unit(said) is Unit.SECONDS
    if said.kind == "mean":
        return mean(value, is_length=is_length)
    return quantile(value, said.quantile or MEDIAN, is_length=is_length)


def _telling(aggregation: Aggregation, unknown: pl.Expr) -> Aggregation:
    """The same, which also counts the rows that are in neither part, for the condition is not known of them."""

    def finish(parts: Measured) -> Figure:
        figure = aggregation.finish(parts)
        return replace(figure, details={**figure.details, UNKNOWN: int(parts[UNKNOWN])})

    measures = {**aggregation.measures, UNKNOWN: Sum(unknown)}
    return replace(aggregation, measures=measures, finish=finish)


def _unit(said: OwnMetric) -> Unit:
    if said.kind in FIXED:
        return FIXED[said.kind]
    return Unit.SECONDS if said.unit in LENGTHS else UNITS.get(said.unit or "", Unit.RATIO)


def _words(text: str | Mapping[Lang, str], language: Language) -> str:
    """A text in the language, else in the first that there is."""
    if isinstance(text, str):
        return text
    return text.get(cast("Lang", language.code)) or next(iter(text.values()), "")


def _group(said: OwnMetric, language: Language, groups: Mapping[str, str]) -> tuple[str, str]:
    """The group of a metric, and its title."""
    if said.group is None:
        return OWN, language(OWN_GROUP)
    if isinstance(said.group, str):
        return said.group, groups.get(said.group, said.group)
    return next(iter(said.group.values()), OWN), _words(said.group, language)


def _formula(said: OwnMetric, language: Language) -> str:
    texts = {key: getattr(said, key) or "" for key in KEYS}
    formula = language(FORMULAS[said.kind], p=f"{100 * (said.quantile or MEDIAN):g}", **texts)
    asked = [
        text for key in ("of", "where") if (text := texts[key]) and f"{{{key}}}" not in FORMULAS[said.kind]
    ]
    return language(AMONG, formula=formula, condition=" and ".join(asked)) if asked else formula


def _problems(said: OwnMetric) -> Iterator[str]:
    """What is wrong with the keys of a metric, one line each."""
    if not _ID.fullmatch(said.id):
        yield "id: small letters, digits and _, such as vip_chats"
    if not _words(said.title, Language()):
        yield "title: nothing there; say what people call it"
    if said.table not in CLOCKS:
        yield f"table: no table {said.table!r}{nearest(said.table, CLOCKS)}"
        return
    names = [clock.name for clock in CLOCKS[said.table]]
    if said.clock is not None and said.clock not in names:
        yield f"clock: {said.table} have no clock {said.clock!r}; known: {', '.join(names)}"
    yield from _wrong_keys(said)
    yield from _wrong_numbers(said)


def _wrong_keys(said: OwnMetric) -> Iterator[str]:
    """Expressions that are missing, or have no place in a metric of its kind."""
    must, may = NEEDS[said.kind]
    taken = ", ".join((*must, *may))
    for key in KEYS:
        text = getattr(said, key)
        if key in must and not text:
            yield f"{key} is missing; kind {said.kind!r} takes {taken}"
        elif text is not None and key not in (*must, *may):
            yield f"{key} has no place; kind {said.kind!r} takes {taken}"


def _wrong_numbers(said: OwnMetric) -> Iterator[str]:
    if (said.kind == "quantile") != (said.quantile is not None):
        yield "quantile: goes with kind 'quantile' and only with it; write for example quantile = 0.9"
    elif said.quantile is not None and not 0 < said.quantile < 1:
        yield "quantile: between 0 and 1, such as 0.9"
    units = [FIXED[said.kind].value] if said.kind in FIXED else [*LENGTHS, *UNITS]
    if said.unit is not None and said.unit not in units:
        yield f"unit: no unit {said.unit!r} for kind {said.kind!r}; known: {', '.join(units)}"
    if said.target is not None and said.direction == "neither":
        yield 'target: say which way is better, too: direction = "higher" or "lower"'
