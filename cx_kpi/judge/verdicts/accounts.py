"""What a change is made of: the dimension that explains most of it, its segments, and what is chance."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from cx_kpi.engine.aggregation.daily import Days, Segmented
from cx_kpi.engine.results import Results
from cx_kpi.judge.verdicts.decomposition import Decomposition, SegmentWeeks, decompose
from cx_kpi.judge.verdicts.judged import Judged
from cx_kpi.model.report import Account, Cause
from cx_kpi.model.schema import DRIVERS
from cx_kpi.model.sums import Quantity, Sums, summed
from cx_kpi.model.values import Verdict

WEEK = 7
ADDS_UP = {Quantity.SHARE, Quantity.NET, Quantity.SCORE, Quantity.AMOUNT, Quantity.DURATION}
Numbers = Collection[int]  # of periods
Found = tuple[str, Decomposition]  # by a dimension


@dataclass(frozen=True, slots=True)
class Standout:
    """The segment that stands out in a change, and its figure in the later of the two spans."""

    by: dict[str, str | None]
    value: float


@dataclass(frozen=True, slots=True)
class Inside:
    """Metrics by segment, opened once for all that is asked of them."""

    found: Judged
    opened: Mapping[str, Mapping[str, Segmented]]  # by dimension and metric

    def account(self, name: str) -> Account | None:
        """The change of a metric taken apart by the dimension that explains most; None where no change was shown."""
        judgement = self.found.judgements[name]
        if name not in changed(self.found) or judgement.growth:
            return None
        best = self._best(name, judgement.subject, judgement.baseline, shown=True)
        return _account(*best, self.found.series[name].shown) if best else None

    def apart(self, name: str, now: Numbers, before: Numbers) -> Account | None:
        """A change between two spans, taken apart by the dimension that explains most."""
        best = self._best(name, now, before, shown=True)
        return _account(*best, self.found.series[name].shown) if best else None

    def standout(self, name: str, now: Numbers, before: Numbers) -> Standout | None:
        """The segment that stands out most in a change; None where none does."""
        best = self._best(name, now, before, shown=False)
        if best is None or not best[1].named:
            return None
        cause = best[1].named[0]
        return Standout({best[0]: cause.name}, self.found.series[name].shown(cause.now.rate))

    def _best(self, name: str, now: Numbers, before: Numbers, *, shown: bool) -> Found | None:
        """The dimension whose named segments explain most, else the first of all."""
        every = [*self._decomposed(name, now, before, shown=shown)]
        return max(every, key=lambda each: sum(abs(cause.rate) for cause in each[1].named), default=None)

    def _decomposed(self, name: str, now: Numbers, before: Numbers, *, shown: bool) -> Iterator[Found]:
        if self.found.series[name].quantity not in ADDS_UP:
            return
        for dimension, metrics in self.opened.items():
            segments = metrics.get(name, {})
            slices = [
                SegmentWeeks(value, self._weeks(days, before), self._weeks(days, now))
                for value, days in segments.items()
            ]
            parts = decompose(slices, whole_changed=shown) if len(slices) > 1 else None
            if parts:
                yield dimension, parts

    def _weeks(self, days: Days, numbers: Numbers) -> dict[int, Sums]:
        """The sums of some periods by ISO week."""
        spans = [self.found.spans[number] for number in numbers]
        inside = {day for span in spans for day in range(span.start.toordinal(), span.end.toordinal())}
        weeks: dict[int, list[Sums]] = {}
        for day in inside & days.keys():
            weeks.setdefault((day - 1) // WEEK, []).append(days[day])
        return {week: summed(weeks[week]) for week in sorted(weeks)}


def changed(found: Judged) -> list[str]:
    """The metrics whose change was shown."""
    return [name for name, each in found.judgements.items() if each.verdict not in (None, Verdict.UNCHANGED)]


def opened(results: Results, found: Judged, by: Sequence[str] = DRIVERS) -> Inside:
    """The metrics with a verdict, by every dimension of their rows that may explain it."""
    names = {*changed(found), *(name for name, each in found.judgements.items() if each.events)}
    if not names:
        return Inside(found, {})
    spans = [(span.start, span.end) for span in found.spans]
    return Inside(found, {dimension: results.daily_by(names, dimension, spans) for dimension in by})


def _account(dimension: str, found: Decomposition, shown: Callable[[float], float]) -> Account:
    named = {cause.name for cause in found.named}
    causes = [
        Cause(
            by={dimension: cause.name},
            value=shown(cause.now.rate) if cause.now.n else None,
            previous=shown(cause.before.rate) if cause.before.n else None,
            n=int(cause.now.n),
            rate=cause.rate,
            mix=cause.mix,
            named=cause.name in named,
        )
        for cause in sorted(found.causes, key=lambda cause: (-abs(cause.rate + cause.mix), cause.name or ""))
    ]
    return Account(dimension, found.change, found.rate, found.mix, found.chance, causes, found.reversed)
