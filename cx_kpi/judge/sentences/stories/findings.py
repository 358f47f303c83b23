"""Findings: a few sentences to read first: what changed, what happened, what misses its target."""

from collections.abc import Collection, Mapping, Sequence
from functools import partial
from math import inf

from cx_kpi.judge.sentences.stories.as_it_stands import as_it_stands
from cx_kpi.judge.sentences.stories.backlog_level import with_backlog_level
from cx_kpi.judge.sentences.stories.judgement_sentences import quiet, sentences
from cx_kpi.judge.sentences.stories.missed_targets import by_window, met_targets, missed_names, missed_targets
from cx_kpi.judge.sentences.stories.missed_where import missed_where, name_words, part_words
from cx_kpi.judge.sentences.stories.told import Place, Told
from cx_kpi.judge.verdicts.accounts import Inside
from cx_kpi.judge.verdicts.judged import Judged, family_of, iso
from cx_kpi.metrics.registry import METRICS
from cx_kpi.model.frozen import dataclass
from cx_kpi.model.report import Account, Finding, Reading, Segment, Window
from cx_kpi.model.values import Unit, Value
from cx_kpi.wording.language import Language, mark
from cx_kpi.wording.units import Words

UNKNOWN = mark("unknown")


@dataclass(frozen=True, slots=True)
class Findings:
    """What findings are made from: judged metrics, their figures by period, and their segments."""

    metrics: Mapping[str, Reading]
    found: Judged
    inside: Inside
    figures: Mapping[str, list[Value]]
    language: Language
    segments: Sequence[Segment] = ()
    length: str = ""  # what the window is called, of which they are
    window: Window | None = None
    defaults: Collection[str] = ()  # metrics whose target nobody set

    def all(self, happened: Sequence[Told] = ()) -> list[Finding]:
        """At most three sentences, then the targets that are missed, those that are met, and how much else was looked at.

        `happened` are metrics of which past periods stand out, where whole phases are judged.
        """
        if not self.found.spans:
            return self._as_it_stands()
        told, odd = self.told(), {each.judgement.metric for each in happened}
        every = self._with_level(sentences([*told, *happened], self.language))
        every += [*self._missed(), *self._missed_where()]
        others = [each for each in told if each.judgement.metric not in odd]
        rest = f"{met_targets(self.metrics, self.language)} {quiet(others, self.language, alone=not every)}".strip()
        return [*every, Finding("", rest)] if rest else every

    def _with_level(self, every: list[Finding]) -> list[Finding]:
        """What changed and happened, and how large the backlog is."""
        if self.window is None:
            return every
        return with_backlog_level(every, self.metrics, self.segments, self.window, Words(self.language))

    def _as_it_stands(self) -> list[Finding]:
        """What is to be said of data without dates, and which segment brings most of what is bad."""
        shares = {family_of(name): name for name, each in self.metrics.items() if each.unit is Unit.SHARE}
        words = Words(self.language)
        where = missed_where([*shares.values()], self.metrics, self.segments, "", words)
        return [*as_it_stands(self.metrics, words, self.defaults), *where]

    def _missed(self) -> list[Finding]:
        """Which targets are missed: in the latest period, else over the window by what that period has no figure of."""
        metrics = self.metrics
        if self.window and not missed_names(metrics):
            metrics = by_window(metrics, self.window)
        return missed_targets(metrics, self.language, self.defaults)

    def _missed_where(self) -> list[Finding]:
        """Which segment brings most of what misses a target."""
        return missed_where(
            missed_names(self.metrics), self.metrics, self.segments, self.length, Words(self.language)
        )

    def told(self) -> list[Told]:
        """The judged metrics, with what sentences need."""
        return [self._told(name) for name in self.metrics if name in self.found.judgements]

    def of(self, name: str, happened: Sequence[Told] = ()) -> list[Finding]:
        """What there is to say of one metric: of the present, and of a past period; without a name, of all."""
        if not name:
            return self.all(happened)
        known = name in self.metrics and name in self.found.judgements
        return sentences([self._told(name)], self.language) if known else []

    def _told(self, name: str) -> Told:
        reading, judgement = self.metrics[name], self.found.judgements[name]
        return Told(
            judgement=judgement,
            title=reading.title,
            quantity=self.found.series[name].quantity,
            unit=reading.unit,
            better=reading.better,
            periods=[iso(span) for span in self.found.spans],
            figures=self.figures[name],
            value=reading.latest.value if reading.latest else None,
            family=family_of(name),
            theme=_theme(name, reading),
            scale=self.found.series[name].bounds,
            currency=reading.details.get("currency", ""),
            place_shown=_place_shown(name),
            part=name_words(judgement.shift.name or UNKNOWN, Words(self.language)) if judgement.shift else "",
            place=partial(self._place, name),
            account=partial(self._account, name),
        )

    def _account(self, name: str, period: int) -> Account | None:
        """What the change of a period that is spoken of is made of."""
        if period == self.found.judgements[name].subject[-1]:
            return self.metrics[name].account
        return self.inside.apart(name, *self._spans(name, period))

    def _place(self, name: str, period: int) -> Place | None:
        """The segment that stands out in a period that is spoken of."""
        standout = self.inside.standout(name, *self._spans(name, period))
        if standout is None:
            return None
        ((dimension, value),) = standout.by.items()
        part = part_words(dimension, value or UNKNOWN, Words(self.language))
        return Place(part, standout.value, standout.is_most, standout.before)

    def _spans(self, name: str, period: int) -> tuple[Sequence[int], Sequence[int]]:
        """What is spoken of and what it is set against: the subject that changed, or a past event and the others."""
        judgement = self.found.judgements[name]
        odd = {event.period for event in judgement.events}
        if period not in odd:
            return judgement.subject, judgement.baseline
        others = {number for number in range(len(self.found.spans)) if number not in judgement.subject}
        return (period,), tuple(sorted(others - odd))


def _place_shown(name: str) -> float:
    """Where among the metrics that are shown first of its theme: the sooner, the more it tells of all."""
    first = METRICS.get(family_of(name))
    return first.headline.rank if first and first.headline else inf


def _theme(name: str, reading: Reading) -> str:
    """What a metric tells of: the theme it is shown first under, else its group."""
    first = METRICS.get(family_of(name))
    return first.headline.title if first and first.headline else reading.group
