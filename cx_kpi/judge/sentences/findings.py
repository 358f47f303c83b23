"""Findings: a few sentences to read first: what changed, what happened, what misses its target."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from cx_kpi.judge.sentences.judgement_sentences import MOST, Place, Told, quiet, sentences
from cx_kpi.judge.verdicts.accounts import Inside
from cx_kpi.judge.verdicts.judged import Judged, family_of, iso
from cx_kpi.model.report import Account, Finding, Latest, Reading
from cx_kpi.model.values import Status, Unit, Value
from cx_kpi.wording.language import Language, mark
from cx_kpi.wording.names import CHANNEL
from cx_kpi.wording.units import Words

MISSED = mark("{title}: {value} in {period}; the target is {goal}.")
UNKNOWN = mark("unknown")


@dataclass(frozen=True, slots=True)
class Findings:
    """What findings are made from: judged metrics, their figures by period, and their segments."""

    metrics: Mapping[str, Reading]
    found: Judged
    inside: Inside
    figures: Mapping[str, list[Value]]
    language: Language

    def all(self) -> list[Finding]:
        """At most three sentences, and how much else was looked at."""
        told = [self._told(name) for name in self.metrics if name in self.found.judgements]
        said = sentences(told, self.language)
        spoken = {family_of(each.metric) for each in said}
        missed = (each for each in self._missed() if family_of(each.metric) not in spoken)
        rest = quiet(told, self.language)
        every = [*said, *list(missed)[: MOST - len(said)]]
        return [*every, Finding("", rest)] if rest else every

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
            currency=reading.details.get("currency", ""),
            part=self._named(judgement.shift.name) if judgement.shift else "",
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
        (value,) = standout.by.values()
        return Place(self._named(value), standout.value)

    def _named(self, value: str | None) -> str:
        return self.language(CHANNEL.get(value or "", value or UNKNOWN))

    def _spans(self, name: str, period: int) -> tuple[Sequence[int], Sequence[int]]:
        """What is spoken of and what it is set against: the subject that changed, or a past event and the others."""
        judgement = self.found.judgements[name]
        odd = {event.period for event in judgement.events}
        if period not in odd:
            return judgement.subject, judgement.baseline
        others = {number for number in range(len(self.found.spans)) if number not in judgement.subject}
        return (period,), tuple(sorted(others - odd))

    def _missed(self) -> Iterator[Finding]:
        """Missed targets of the subject, the farthest first."""
        missed = [
            (_distance(reading.latest, reading.unit), name, reading.latest)
            for name, reading in self.metrics.items()
            if reading.latest and reading.latest.status is Status.MISSED and reading.twin_of is None
        ]
        for _, name, latest in sorted(missed, key=lambda each: (-each[0], each[1])):
            yield Finding(name, self._of_target(self.metrics[name], latest))

    def _of_target(self, reading: Reading, latest: Latest) -> str:
        words, currency = Words(self.language), reading.details.get("currency", "")
        return self.language(
            MISSED,
            title=reading.title,
            value=words.value(latest.value, reading.unit, currency),
            period=words.dates.span(latest.start, latest.end),
            goal=words.target(latest.target, reading.unit, currency),
        )


def _distance(latest: Latest, unit: Unit) -> float:
    """How far a value is from its target, relative to it; points of their scale of 100."""
    if latest.target is None or not isinstance(latest.value, (int, float)):
        return 0.0
    whole = 100.0 if unit is Unit.POINTS else abs(latest.target.value)
    away = abs(latest.value - latest.target.value)
    return away / whole if whole else float("inf")
