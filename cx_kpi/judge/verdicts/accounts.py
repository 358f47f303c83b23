"""What a change is made of: the dimension that explains most of it, its segments, and what is chance."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import field
from functools import partial
from math import log10
from typing import TYPE_CHECKING

from cx_kpi.engine.aggregation.daily import Days, Segmented
from cx_kpi.engine.results import Results
from cx_kpi.judge.verdicts.judged import Judged
from cx_kpi.model.frozen import dataclass
from cx_kpi.model.report import Account, Cause
from cx_kpi.model.schema import DRIVERS
from cx_kpi.model.sums import Quantity, Sums, summed
from cx_kpi.model.values import Verdict

if TYPE_CHECKING:
    from cx_kpi.judge.verdicts.decomposition import Decomposition

WEEK = 7
ADDS_UP = {Quantity.SHARE, Quantity.NET, Quantity.SCORE, Quantity.AMOUNT, Quantity.DURATION, Quantity.COUNT}
MOST = 0.5  # of a change
LEAST = 1e-12  # a p below which nothing is surer
Numbers = Collection[int]  # of periods
Found = tuple[str, "Decomposition", list[str]]  # by a dimension, and all that were looked at
Opening = Callable[
    [Collection[str]], Mapping[str, Mapping[str, Segmented]]
]  # of metrics, by dimension and metric


@dataclass(frozen=True, slots=True)
class Standout:
    """The segment that stands out in a change, its figures in both spans, and whether most is in it."""

    by: dict[str, str | None]
    value: float
    is_most: bool
    before: float


@dataclass(frozen=True, slots=True)
class Inside:
    """Metrics by segment: those that changed are opened together, others when they are asked for."""

    found: Judged
    open: Opening
    opened: dict[str, Mapping[str, Segmented]] = field(default_factory=dict)  # by metric and dimension
    best: dict[tuple[str, *tuple[Numbers, ...]], Found | None] = field(default_factory=dict)

    def account(self, name: str) -> Account | None:
        """The change of a metric taken apart by the dimension that explains most; None where no change was shown."""
        judgement = self.found.judgements[name]
        if name not in changed(self.found) or judgement.growth:
            return None
        best = self._best(name, judgement.subject, judgement.baseline)
        return _account(*best, self._shown(name)) if best else None

    def apart(self, name: str, now: Numbers, before: Numbers) -> Account | None:
        """A change between two spans that is spoken of, taken apart by the dimension that explains most."""
        best = self._best(name, now, before)
        return _account(*best, self._shown(name)) if best else None

    def standout(self, name: str, now: Numbers, before: Numbers) -> Standout | None:
        """The segment that stands out most in a change; None where none does."""
        best = self._best(name, now, before)
        if best is None or not best[1].named:
            return None
        cause = best[1].named[0]
        is_most = (
            cause.rate >= MOST * best[1].change if best[1].change > 0 else cause.rate <= MOST * best[1].change
        )
        shown = self._shown(name)
        earlier = shown(cause.before) if cause.before.n else 0.0
        return Standout({best[0]: cause.name}, shown(cause.now), is_most, earlier)

    def _best(self, name: str, now: Numbers, before: Numbers) -> Found | None:
        """The dimension whose named segments are surest and explain most, else the first of all."""
        key = name, tuple(now), tuple(before)
        if key not in self.best:
            every = self._decomposed(name, now, before)
            best = max(every, key=lambda dimension: _explains(every[dimension]), default=None)
            self.best[key] = (best, every[best], [*every]) if best is not None else None
        return self.best[key]

    def _shown(self, name: str) -> Callable[[Sums], float]:
        """How the figure of a segment is shown: of a count, its rows."""
        series = self.found.series[name]
        if series.quantity is Quantity.COUNT:
            return lambda sums: float(round(sums.n))
        return lambda sums: series.shown(sums.rate)

    def _decomposed(self, name: str, now: Numbers, before: Numbers) -> "dict[str, Decomposition]":
        unknown = min((*now, *before), default=0) < self.found.recorded  # a history knows no segments
        if unknown or self.found.series[name].quantity not in ADDS_UP:
            return {}
        from cx_kpi.judge.verdicts.count_causes import opened_counts
        from cx_kpi.judge.verdicts.decomposition import SegmentWeeks, decompose_each

        earlier, later = self._inside(before), self._inside(now)
        slices = {
            dimension: [
                SegmentWeeks(value, _weeks(days, earlier), _weeks(days, later))
                for value, days in segments.items()
            ]
            for dimension, segments in self._segments(name).items()
            if len(segments) > 1
        }
        if self.found.series[name].quantity is Quantity.COUNT:
            opening = partial(opened_counts, length=self._days(now) / self._days(before))
            return decompose_each(slices, whole_changed=True, opening=opening)
        return decompose_each(slices, whole_changed=True)

    def _days(self, numbers: Numbers) -> int:
        spans = [self.found.spans[number] for number in numbers]
        return sum((span.end - span.start).days for span in spans)

    def _segments(self, name: str) -> Mapping[str, Segmented]:
        if name not in self.opened:
            names = {name, *changed(self.found)} - self.opened.keys()
            found = self.open(names)
            self.opened.update(
                {each: {by: days[each] for by, days in found.items() if each in days} for each in names}
            )
        return self.opened[name]

    def _inside(self, numbers: Numbers) -> set[int]:
        """The days of some periods."""
        spans = [self.found.spans[number] for number in numbers]
        return {day for span in spans for day in range(span.start.toordinal(), span.end.toordinal())}


def _weeks(days: Days, inside: set[int]) -> dict[int, Sums]:
    """The sums of the days inside some periods, by ISO week."""
    weeks: dict[int, list[Sums]] = {}
    for day in inside & days.keys():
        weeks.setdefault((day - 1) // WEEK, []).append(days[day])
    return {week: summed(weeks[week]) for week in sorted(weeks)}


def changed(found: Judged) -> list[str]:
    """The metrics whose change was shown."""
    return [name for name, each in found.judgements.items() if each.verdict not in (None, Verdict.UNCHANGED)]


def opened(results: Results, found: Judged) -> Inside:
    """The metrics of which something is said, by every dimension of their rows that may explain it."""
    spans = [(span.start, span.end) for span in found.spans[found.recorded :]]
    return Inside(found, lambda names: results.daily_by(names, DRIVERS, spans))


def _explains(found: "Decomposition") -> float:
    """How much of the change the named segments explain, by how sure they are."""
    return sum(abs(cause.rate) * -log10(max(cause.p or 1.0, LEAST)) for cause in found.named)


def _account(
    dimension: str, found: "Decomposition", looked_at: list[str], shown: Callable[[Sums], float]
) -> Account:
    named = {cause.name for cause in found.named}
    causes = [
        Cause(
            by={dimension: cause.name},
            value=shown(cause.now) if cause.now.n else None,
            previous=shown(cause.before) if cause.before.n else None,
            n=int(cause.now.n),
            rate=cause.rate,
            mix=cause.mix,
            named=cause.name in named,
        )
        for cause in sorted(found.causes, key=lambda cause: (-abs(cause.rate + cause.mix), cause.name or ""))
    ]
    return Account(
        dimension, found.change, found.rate, found.mix, found.chance, causes, found.reversed, looked_at
    )
