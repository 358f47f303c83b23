"""Findings: a few sentences to read first: what changed, what happened, what misses its target."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from cx_kpi.judge.sentences.judgement_sentences import MOST, Place, Told, quiet, sentences
from cx_kpi.judge.verdicts.accounts import Inside
from cx_kpi.judge.verdicts.judged import Judged, family_of, iso
from cx_kpi.judge.verdicts.procedure import Judgement
from cx_kpi.model.report import Account, Finding, Latest, Reading
from cx_kpi.model.values import Status, Unit, Value, Verdict
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
            places=dict(self._places(name, judgement)),
            accounts=dict(self._accounts(name, judgement)),
            part=self._named(judgement.shift.name) if judgement.shift else "",
        )

    def _accounts(self, name: str, judgement: Judgement) -> Iterator[tuple[int, Account]]:
        """What the change of each period that is spoken of is made of."""
        for number, (now, before) in self._spoken(judgement).items():
            present = number == judgement.subject[-1]
            account = self.metrics[name].account if present else self.inside.apart(name, now, before)
            if account:
                yield number, account

    def _places(self, name: str, judgement: Judgement) -> Iterator[tuple[int, Place]]:
        """The segment that stands out in each period of a finding."""
        for number, (now, before) in self._spoken(judgement).items():
            if standout := self.inside.standout(name, now, before):
                (value,) = standout.by.values()
                yield number, Place(self._named(value), standout.value)

    def _named(self, value: str | None) -> str:
        return self.language(CHANNEL.get(value or "", value or UNKNOWN))

    def _spoken(self, judgement: Judgement) -> dict[int, tuple[Sequence[int], Sequence[int]]]:
        """The periods that are spoken of: the subject that changed and the past events, each with its others."""
        spans: dict[int, tuple[Sequence[int], Sequence[int]]] = {}
        if judgement.verdict not in (None, Verdict.UNCHANGED):
            spans[judgement.subject[-1]] = judgement.subject, judgement.baseline
        others = {number for number in range(len(self.found.spans)) if number not in judgement.subject}
        odd = {event.period for event in judgement.events}
        spans |= {number: ((number,), tuple(sorted(others - odd - {number}))) for number in odd}
        return spans

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
