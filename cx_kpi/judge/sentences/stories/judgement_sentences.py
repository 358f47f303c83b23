"""Judgements as sentences: what changed, what happened, and how much else was looked at."""

from collections.abc import Iterator, Sequence
from math import log, log10

from cx_kpi.judge.sentences.stories.story_words import (
    change_words,
    named_words,
    step_words,
    usual_words,
    value_words,
    where_words,
)
from cx_kpi.judge.sentences.stories.told import Told
from cx_kpi.judge.statistics.series import SCALES
from cx_kpi.judge.statistics.trend import Growth
from cx_kpi.judge.verdicts.parted import Shift
from cx_kpi.judge.verdicts.procedure import Event, Judgement
from cx_kpi.model.frozen import dataclass
from cx_kpi.model.report import Finding
from cx_kpi.model.sums import Quantity
from cx_kpi.model.values import Unit, Value, Verdict
from cx_kpi.wording.language import Language, mark
from cx_kpi.wording.units import Words

MOST = 3
LEAST = 0.01  # of a scale, from either end: odds beyond mean nothing
SURE = 12.0  # −log10 p from which on nothing is surer

NOW = mark("{title}: {value} in {period} ({usual}), {change}{where}.")
SPAN = mark("{title}: {value} in {period}, {change}{where}.")  # several periods have no usual range
LASTING = mark("{title}: {value} in {period} ({usual}), {change}, so since {since}{where}.")
STEADY = mark("{title}: {value} in {period}, {change} a period since {since}{where}.")
GROWN = mark("{title}: from {first} to {latest} since {since}, {change} a week.")
THEN = mark("{title}: {value} in {period} ({usual}){where}; {latest} in {latest_period}.")
OVER = mark("{title}: {value} in {period} ({usual}){where}; back at {latest} in {latest_period}.")
SAME_TIME = mark("At the same time – {title}")
SHIFTED = mark("{title}: {segment} is {value} of all in {period}, {before} before.")
CHANGED = {
    Verdict.IMPROVED: mark("better by {change}"),
    Verdict.WORSENED: mark("worse by {change}"),
    Verdict.ROSE: mark("up by {change}"),
    Verdict.FELL: mark("down by {change}"),
}


@dataclass(frozen=True, slots=True)
class _Sentence:
    """What may be said of a metric, now or of a past event, and how much it weighs: certainty × effect."""

    told: Told
    weight: float
    event: Event | None = None

    @property
    def metric(self) -> str:
        return self.told.judgement.metric

    @property
    def period(self) -> int | None:
        """The past period it is of; None for the present."""
        return self.event.period if self.event else None

    @property
    def whose(self) -> tuple[str, bool]:
        """The family and the time of which one sentence is enough."""
        return self.told.family or self.metric, self.event is not None

    @property
    def side(self) -> tuple[str, int | None]:
        """The theme and the period that a sentence is a side of."""
        return self.told.theme or self.metric, self.period


def sentences(told: Sequence[Told], language: Language) -> list[Finding]:
    """At most three: the present first, then the past, by certainty × effect; one for each family and time.

    A side that nothing was said of yet, such as how much came in, goes before a second sentence of the same. Of a
    family the metric it is named for speaks, where it has a sentence.
    """
    every = [found for each in told for found in _of_metric(each)]
    every.sort(key=lambda found: (found.event is not None, -found.weight, found.metric))
    kept: dict[tuple[str, bool], _Sentence] = {}
    for found in every:
        kept.setdefault(found.whose, found)
    sides: dict[tuple[str, int | None], list[_Sentence]] = {}
    for found in kept.values():
        sides.setdefault(found.side, []).append(found)
    leading = [_leading(side) for side in sides.values()]
    first = [*leading, *(each for each in kept.values() if each not in leading)][:MOST]
    heads = {(each.metric, each.period): each for each in every}
    ordered = [heads.get((each.told.family, each.period), each) for each in sorted(first, key=every.index)]
    return _all_written(ordered, Words(language))


def _all_written(ordered: Sequence[_Sentence], words: Words) -> list[Finding]:
    before = [None, *(each.period for each in ordered)]
    return [
        _written(each, words, again=bool(each.event) and each.period == last)
        for each, last in zip(ordered, before, strict=False)
    ]


def _leading(side: Sequence[_Sentence]) -> _Sentence:
    """The one that speaks for a side: of those that weigh at least half of the heaviest, what the report shows first."""
    heavy = (found for found in side if found.weight >= side[0].weight / 2)
    return min(heavy, key=lambda found: found.told.place_shown)


def quiet(told: Sequence[Told], language: Language, *, alone: bool = False) -> str:
    """The sentence about the other metrics that were judged and did not change; `alone`: there is no other sentence."""
    others = sum(not each.judgement.events and each.judgement.verdict is Verdict.UNCHANGED for each in told)
    if not others:
        return ""
    if alone:
        return language.plural(
            "{n} metric shows no proven change: what moved may be chance.",
            "{n} metrics show no proven change: what moved may be chance.",
            others,
        )
    return language.plural(
        "{n} other metric shows no proven change: what moved may be chance.",
        "{n} other metrics show no proven change: what moved may be chance.",
        others,
    )


def _of_metric(told: Told) -> Iterator[_Sentence]:
    judgement = told.judgement
    spoken = _is_spoken(judgement)
    if spoken and judgement.p is not None:
        yield _Sentence(told, _sure(judgement.p) * _size(told))
    first = judgement.since if spoken and judgement.since is not None else len(told.periods)
    events = [event for event in judgement.events if event.period < first]
    if events:
        event = max(events, key=lambda each: _weight(told, each))
        yield _Sentence(told, _weight(told, event), event)


def _is_spoken(judgement: Judgement) -> bool:
    return judgement.verdict not in (None, Verdict.UNCHANGED)


def _written(found: _Sentence, words: Words, *, again: bool) -> Finding:
    """The sentence; `again`: of the past period that the one before it is of."""
    told, event = found.told, found.event
    period = event.period if event else told.judgement.subject[-1]
    title = words.language(SAME_TIME, title=told.title) if again else told.title
    over = not _is_spoken(told.judgement)
    said = _past(told, event, title, words, over=over) if event else _now(told, words)
    return Finding(found.metric, _ended(said), told.account(period))


def _now(told: Told, words: Words) -> str:
    judgement = told.judgement
    if judgement.growth:
        return _grown(told, judgement.growth, words)
    return _shifted(told, judgement.shift, words) if judgement.shift else _present(told, words)


def _weight(told: Told, event: Event) -> float:
    return _sure(event.effect.p) * _effect(told, told.figures[event.period], event.effect.size)


def _ended(text: str) -> str:
    """The sentence with one full stop, also after an abbreviation that ends in one."""
    return text[:-1] if text.endswith("..") else text


def _sure(p: float) -> float:
    return min(SURE, -log10(max(p, 10**-SURE)))


def _size(told: Told) -> float:
    """How large a change of the present is: the log of a ratio, of odds for what is on a scale."""
    judgement = told.judgement
    if judgement.growth:
        return abs(log(max(judgement.growth.latest, 1) / max(judgement.growth.first, 1)))
    if judgement.shift:
        return _odds(judgement.shift.share, judgement.shift.before)
    sizes = [_effect(told, told.value, each.size) for each in (judgement.effect, judgement.recent) if each]
    return max(sizes, default=0.0)


def _effect(told: Told, value: Value, size: float) -> float:
    """The log of the ratio that an effect is; of a figure on a scale, of its odds."""
    if told.quantity in (Quantity.DURATION, Quantity.COUNT):
        return abs(log(max(1 + size, LEAST)))
    low, high = SCALES.get(told.quantity) or told.scale or (0.0, 0.0)
    if high <= low or not isinstance(value, int | float):
        return abs(size)
    return _odds((value - low) / (high - low), (value - size - low) / (high - low))


def _odds(share: float, other: float) -> float:
    """The log of the ratio of the odds of two shares."""
    now, before = (min(max(each, LEAST), 1 - LEAST) for each in (share, other))
    return abs(log(now / (1 - now)) - log(before / (1 - before)))


def _present(told: Told, words: Words) -> str:
    judgement, language = told.judgement, words.language
    first, last = judgement.subject[0], judgement.subject[-1]
    common: dict[str, str] = {
        "title": told.title,
        "value": value_words(told, told.value, words),
        "period": words.dates.span(told.periods[first][0], told.periods[last][1]),
        "where": where_words(told, last, words, rises=judgement.rises()),
    }
    if judgement.strongest() == "trend" and judgement.trend:
        change = change_words(told, judgement.trend.slope, words)
        return language(
            STEADY, change=change, since=named_words(told, judgement.trend.first, words), **common
        )
    effect = judgement.recent if judgement.strongest() == "recent" else judgement.effect
    size = change_words(told, abs(effect.size) if effect else 0.0, words).removeprefix("+")
    change = language(CHANGED[judgement.verdict or Verdict.ROSE], change=size)
    if first < last:
        return language(SPAN, change=change, **common)
    usual = usual_words(told, last, words)
    if judgement.since is not None and judgement.since < first:
        since = named_words(told, judgement.since, words)
        return language(LASTING, usual=usual, change=change, since=since, **common)
    return language(NOW, usual=usual, change=change, **common)


def _shifted(told: Told, shift: Shift, words: Words) -> str:
    subject = told.judgement.subject
    return words.language(
        SHIFTED,
        title=told.title,
        segment=told.part,
        value=words.value(shift.share, Unit.SHARE),
        period=words.dates.span(told.periods[subject[0]][0], told.periods[subject[-1]][1]),
        before=words.value(shift.before, Unit.SHARE),
    )


def _grown(told: Told, growth: Growth, words: Words) -> str:
    """From a level to a level that stand in the tables, too."""
    first = told.figures[growth.since]
    return words.language(
        GROWN,
        title=told.title,
        first=value_words(told, growth.first if first is None else first, words),
        latest=value_words(told, growth.latest if told.value is None else told.value, words),
        since=named_words(told, growth.since, words),
        change=step_words(told, growth.weekly, words),
    )


def _past(told: Told, event: Event, title: str, words: Words, *, over: bool) -> str:
    rises, last = event.effect.size > 0, told.judgement.subject[-1]
    return words.language(
        OVER if over else THEN,
        title=title,
        value=value_words(told, told.figures[event.period], words),
        period=named_words(told, event.period, words),
        usual=usual_words(told, event.period, words),
        where=where_words(told, event.period, words, rises=rises),
        latest=value_words(told, told.figures[last], words),
        latest_period=named_words(told, last, words),
    )
