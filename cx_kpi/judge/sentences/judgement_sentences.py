"""Judgements as sentences: what changed, what happened, and how much else was looked at."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import log, log10

from cx_kpi.judge.statistics.trend import Growth
from cx_kpi.judge.verdicts.procedure import Event, Judgement
from cx_kpi.model.report import Finding
from cx_kpi.model.sums import Quantity
from cx_kpi.model.values import Better, Unit, Value, Verdict
from cx_kpi.wording.language import Language, mark
from cx_kpi.wording.units import Words

MOST = 3
SURE = 12.0  # −log10 p from which on nothing is surer

NOW = mark("{title}: {value} in {period} ({usual}), {change}{where}.")
LASTING = mark("{title}: {value} in {period} ({usual}), {change}, so since {since}{where}.")
STEADY = mark("{title}: {value} in {period}, {change} a period since {since}{where}.")
GROWN = mark("{title}: from {first} to {latest} since {since}, {change} a week.")
THEN = mark("{title}: {value} in {period} ({usual}){where}; {latest} in {latest_period}.")
OVER = mark("{title}: {value} in {period} ({usual}){where}; back at {latest} in {latest_period}.")
USUAL = mark("usual {range}")
BEFORE = mark("before: {value}")
WORST = mark(", worst in {segment} ({value})")
BEST = mark(", best in {segment} ({value})")
MOSTLY = mark(", most of it in {segment} ({value})")
CHANGED = {
    Verdict.IMPROVED: mark("better by {change}"),
    Verdict.WORSENED: mark("worse by {change}"),
    Verdict.ROSE: mark("up by {change}"),
    Verdict.FELL: mark("down by {change}"),
}


@dataclass(frozen=True, slots=True)
class Place:
    """The segment that stands out in a period, and its figure there."""

    segment: str
    value: Value


@dataclass(frozen=True, slots=True)
class Told:
    """A judged metric with what is needed to speak of it; `figures` and `periods` (ISO days) go period by period.

    `places` are segments that stand out, by the period in which they do. `family` names metrics of the same rows.
    """

    judgement: Judgement
    title: str
    quantity: Quantity
    unit: Unit
    better: Better
    periods: Sequence[tuple[str, str]]
    figures: Sequence[Value]
    value: Value  # of the subject
    family: str = ""
    currency: str = ""
    places: dict[int, Place] | None = None


@dataclass(frozen=True, slots=True)
class _Sentence:
    """A sentence, how early it comes, and how much it weighs: certainty × effect."""

    past: bool
    weight: float
    finding: Finding


def sentences(told: Sequence[Told], language: Language) -> list[Finding]:
    """At most three: the present first, then the past, by certainty × effect; one for each family and time.

    A family is heard through the metric it is named for, where that has something to say.
    """
    words = Words(language)
    every = [found for each in told for found in _of_metric(each, words)]
    family = {each.judgement.metric: each.family or each.judgement.metric for each in told}
    every.sort(key=lambda found: (found.past, -found.weight, found.finding.metric))
    kept: dict[tuple[str, bool], Finding] = {}
    for found in every:
        kept.setdefault((family[found.finding.metric], found.past), found.finding)
    heads = {(each.finding.metric, each.past): each.finding for each in every}
    return [heads.get(key, finding) for key, finding in kept.items()][:MOST]


def quiet(told: Sequence[Told], language: Language) -> str:
    """How many other metrics were looked at, and that nothing is to be said of them."""
    others = sum(not each.judgement.events and each.judgement.verdict is Verdict.UNCHANGED for each in told)
    if not others:
        return ""
    if not any(each.judgement.usual for each in told):
        return language.plural(
            "{n} other check: no change can be shown.", "{n} other checks: no change can be shown.", others
        )
    return language.plural(
        "{n} other check: nothing outside the usual.", "{n} other checks: nothing outside the usual.", others
    )


def _of_metric(told: Told, words: Words) -> Iterator[_Sentence]:
    judgement, metric = told.judgement, told.judgement.metric
    spoken = judgement.verdict not in (None, Verdict.UNCHANGED)
    if spoken and judgement.p is not None:
        text = _grown(told, judgement.growth, words) if judgement.growth else _present(told, words)
        yield _Sentence(False, _sure(judgement.p) * _size(told), Finding(metric, text))
    first = judgement.since if spoken and judgement.since is not None else len(told.periods)
    events = [event for event in judgement.events if event.period < first]
    if events:
        event = max(events, key=lambda each: _sure(each.effect.p) * _effect(told, each.effect.size))
        weight = _sure(event.effect.p) * _effect(told, event.effect.size)
        yield _Sentence(True, weight, Finding(metric, _past(told, event, words, over=not spoken)))


def _sure(p: float) -> float:
    return min(SURE, -log10(max(p, 10**-SURE)))


def _size(told: Told) -> float:
    """How large a change of the present is, of its scale or relative to where it was."""
    judgement = told.judgement
    if judgement.growth:
        return abs(log(max(judgement.growth.latest, 1) / max(judgement.growth.first, 1)))
    sizes = [_effect(told, each.size) for each in (judgement.effect, judgement.recent) if each]
    return max(sizes, default=0.0)


def _effect(told: Told, size: float) -> float:
    """The size of an effect in comparable terms: points of the scale, or log of the ratio."""
    match told.quantity:
        case Quantity.DURATION | Quantity.COUNT:
            return abs(log(max(1 + size, 1e-3)))
        case Quantity.NET:
            return abs(size) / 100
        case Quantity.SCORE:
            return abs(size) / 4
        case _:
            return abs(size)


def _present(told: Told, words: Words) -> str:
    judgement, language = told.judgement, words.language
    first, last = judgement.subject[0], judgement.subject[-1]
    common: dict[str, str] = {
        "title": told.title,
        "value": _value(told, told.value, words),
        "period": words.dates.span(told.periods[first][0], told.periods[last][1]),
        "where": _where(told, last, words, rises=judgement.rises()),
    }
    if judgement.strongest() == "trend" and judgement.trend:
        change = _change(told, judgement.trend.slope, words)
        return language(STEADY, change=change, since=_named(told, 0, words), **common)
    effect = judgement.recent if judgement.strongest() == "recent" else judgement.effect
    size = _change(told, abs(effect.size) if effect else 0.0, words).removeprefix("+")
    change = language(CHANGED[judgement.verdict or Verdict.ROSE], change=size)
    usual = _usual(told, last, words)
    if judgement.since is not None and judgement.since < first:
        since = _named(told, judgement.since, words)
        return language(LASTING, usual=usual, change=change, since=since, **common)
    return language(NOW, usual=usual, change=change, **common)


def _grown(told: Told, growth: Growth, words: Words) -> str:
    return words.language(
        GROWN,
        title=told.title,
        first=_value(told, growth.first, words),
        latest=_value(told, growth.latest, words),
        since=_named(told, 0, words),
        change=words.numerals.signed(growth.weekly, 0 if abs(growth.weekly) >= 1 else 1),
    )


def _past(told: Told, event: Event, words: Words, *, over: bool) -> str:
    rises, last = event.effect.size > 0, told.judgement.subject[-1]
    return words.language(
        OVER if over else THEN,
        title=told.title,
        value=_value(told, told.figures[event.period], words),
        period=_named(told, event.period, words),
        usual=_usual(told, event.period, words),
        where=_where(told, event.period, words, rises=rises),
        latest=_value(told, told.figures[last], words),
        latest_period=_named(told, last, words),
    )


def _value(told: Told, value: Value, words: Words) -> str:
    rounded = round(value) if told.unit is Unit.COUNT and isinstance(value, float) else value
    return words.value(rounded, told.unit, told.currency)


def _named(told: Told, period: int, words: Words) -> str:
    return words.dates.span(*told.periods[period])


def _usual(told: Told, period: int, words: Words) -> str:
    """What is usual for the period; where too few periods tell, what was before."""
    limits = told.judgement.usual.limits[period] if told.judgement.usual else None
    if limits is None:
        before = told.figures[min(told.judgement.subject) - 1] if min(told.judgement.subject) else None
        return words.language(BEFORE, value=_value(told, before, words))
    if told.unit is Unit.COUNT:
        limits = (round(limits[0]), round(limits[1]))
    return words.language(USUAL, range=words.interval(limits, told.unit, told.currency))


def _change(told: Told, size: float, words: Words) -> str:
    """A difference in the unit of the metric, or a ratio in percent."""
    if told.quantity in (Quantity.DURATION, Quantity.COUNT):
        return f"{words.numerals.signed(100 * size, 0)}{words.numerals.percent}"
    return words.change(size, told.unit, None, told.currency)


def _where(told: Told, period: int, words: Words, *, rises: bool) -> str:
    place = (told.places or {}).get(period)
    if place is None:
        return ""
    if told.better is Better.NEITHER:
        text = MOSTLY
    else:
        text = BEST if rises == (told.better is Better.HIGHER) else WORST
    return words.language(text, segment=place.segment, value=_value(told, place.value, words))
