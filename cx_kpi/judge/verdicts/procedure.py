"""The whole procedure: the verdicts on all metrics of a report, under one error budget."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from cx_kpi.judge.statistics.budget import PAST, PRESENT, STOCKS, combined, survivors
from cx_kpi.judge.statistics.effect import Effect
from cx_kpi.judge.statistics.series import Period, Series
from cx_kpi.judge.statistics.trend import Growth, Trend, growth, since
from cx_kpi.judge.statistics.usual_range import Prospect, UsualRange
from cx_kpi.judge.statistics.weeks import INDEPENDENT, persistences
from cx_kpi.judge.verdicts.desk import Desk, lay_out
from cx_kpi.judge.verdicts.parted import Shift, shifted
from cx_kpi.model.frozen import dataclass
from cx_kpi.model.sums import Quantity
from cx_kpi.model.values import Better, Verdict

RECENT = 3  # the latest three periods are tested, too: a change may have come a little earlier
PARTS = {"subject": 0.75, "recent": 0.2, "trend": 0.05}  # of the error budget of a metric


@dataclass(frozen=True, slots=True)
class Event:
    """A past period that differs from the others."""

    period: int
    effect: Effect


@dataclass(frozen=True, slots=True)
class Judgement:
    """The verdict on one metric; any but unchanged has survived the budget.

    `left_out` are periods before the subject that were outside the usual range, so that it is not compared with them.
    """

    metric: str
    subject: tuple[int, ...]
    baseline: tuple[int, ...]
    left_out: tuple[int, ...]
    effect: Effect | None = None
    recent: Effect | None = None
    trend: Trend | None = None
    growth: Growth | None = None
    shift: Shift | None = None
    usual: UsualRange | None = None
    prospect: Prospect | None = None
    p: float | None = None  # of all tests of the present together
    verdict: Verdict | None = None
    since: int | None = None  # the first period like the latest, where a change is shown
    events: tuple[Event, ...] = ()

    def chances(self) -> dict[str, float]:
        """The p of each test of the present that could be made."""
        tests = {
            "subject": self.growth or self.shift or self.effect,
            "recent": self.recent,
            "trend": self.trend,
        }
        return {name: test.p for name, test in tests.items() if test}

    def strongest(self) -> str | None:
        """The test of the present that is strongest for its part of the budget."""
        chances = self.chances()
        return min(chances, key=lambda name: chances[name] / PARTS[name]) if chances else None

    def rises(self) -> bool:
        """Whether the change is a rise, by the strongest test."""
        if self.growth:
            return self.growth.weekly > 0
        if self.strongest() == "trend" and self.trend:
            return self.trend.slope > 0
        told = self.recent if self.strongest() == "recent" else self.effect
        return told is not None and told.size > 0


def judge_report(
    series: Sequence[Series], periods: Sequence[Period], subject: int = 1
) -> dict[str, Judgement]:
    """Each metric judged: the last `subject` periods against the twelve before, then each period against the others."""
    if len(periods) < subject or not periods:
        return {}
    desks = _lay_out(series, periods, subject)
    found = {name: _present(desk) for name, desk in desks.items()}
    families = {each.metric: each.family or each.metric for each in series}
    weights = {families[each.metric]: each.weight for each in series}
    kept = _survivors(found, families, weights)
    past = _past(desks, families)
    return {
        name: replace(_judged(each, desks[name], survives=name in kept), events=past[name])
        for name, each in found.items()
    }


def _survivors(
    found: Mapping[str, Judgement], families: Mapping[str, str], weights: Mapping[str, float]
) -> set[str]:
    """The metrics with a verdict on the present; the few stocks have a budget of their own."""
    chances = {name: each.p for name, each in found.items() if each.p is not None}
    stocks = {name: p for name, p in chances.items() if found[name].growth}
    others = {name: p for name, p in chances.items() if name not in stocks}
    return survivors(others, PRESENT, families, weights) | survivors(stocks, STOCKS, families)


def judge_phases(series: Sequence[Series], before: Period, now: Period) -> dict[str, Judgement]:
    """Each metric in one span against another that was named. A level at the end of a span has no rows to judge by."""
    flows = [each for each in series if each.quantity is not Quantity.STOCK]
    found = judge_report(flows, [before, now])
    return {name: replace(each, events=()) for name, each in found.items()}


def _lay_out(series: Sequence[Series], periods: Sequence[Period], subject: int) -> dict[str, Desk]:
    """Every series made ready; how long the luck of a week lasts is estimated from all of them."""
    desks = {each.metric: lay_out(each, periods, subject) for each in series}
    lasting = persistences({name: found for name, desk in desks.items() if (found := desk.neighbours())})
    return {name: replace(desk, persistence=lasting.get(name, INDEPENDENT)) for name, desk in desks.items()}


def _present(desk: Desk) -> Judgement:
    """Everything but what the budget decides."""
    baseline = desk.before(desk.subject)
    left_out = tuple(sorted({*desk.window(desk.subject)} - {*baseline}))
    judgement = Judgement(desk.series.metric, desk.subject, baseline, left_out, usual=desk.usual)
    if desk.series.quantity is Quantity.STOCK:
        grown = growth(desk.series, desk.periods)
        return replace(judgement, growth=grown, p=grown.p if grown else None)
    if desk.series.quantity is Quantity.COMPOSITION:
        moved = shifted(desk.series.parts, desk.subject, baseline)
        return replace(judgement, shift=moved, p=moved.p if moved else None)
    found = desk.effect(desk.subject, baseline)
    judgement = replace(
        judgement,
        effect=found,
        recent=_recent(desk, found),
        trend=desk.trend(),
        prospect=desk.prospect(),
    )
    chances = judgement.chances()
    return replace(judgement, p=combined(chances, PARTS) if chances else None)


def _recent(desk: Desk, latest: Effect | None) -> Effect | None:
    """The three latest periods against those before; None where the latest has not kept half of that."""
    span = tuple(range(len(desk.periods) - RECENT, len(desk.periods)))
    found = desk.effect(span, desk.before(span)) if latest and desk.has_before(span) else None
    lasts = found and latest and latest.size * found.size > 0 and abs(latest.size) >= abs(found.size) / 2
    return found if lasts else None


def _judged(judgement: Judgement, desk: Desk, *, survives: bool) -> Judgement:
    if judgement.p is None:
        return judgement
    if not survives:
        return replace(judgement, verdict=Verdict.UNCHANGED)
    if judgement.shift:
        return replace(judgement, verdict=Verdict.CHANGED)
    rises = judgement.rises()
    said = Verdict.ROSE if rises else Verdict.FELL
    if desk.series.better is not Better.NEITHER:
        said = Verdict.IMPROVED if rises == (desk.series.better is Better.HIGHER) else Verdict.WORSENED
    return replace(judgement, verdict=said, since=_since(desk))


def _since(desk: Desk) -> int | None:
    """The first period from which on the metric is as in the latest; None where rates do not show it."""
    if desk.series.quantity in (Quantity.STOCK, Quantity.COMPOSITE):
        return None
    start = desk.window(desk.subject).start
    return start + since(desk.weekly.rates()[start:], desk.weekly.sizes()[start:])


def _past(desks: Mapping[str, Desk], families: Mapping[str, str]) -> dict[str, tuple[Event, ...]]:
    """The past periods of each metric that differ from its others, under a budget of their own."""
    effects = {(name, number): each for name, desk in desks.items() for number, each in desk.past(PAST)}
    owners = {(name, number): (families[name], number) for name, number in effects}
    kept = survivors({key: each.p if each else 1.0 for key, each in effects.items()}, PAST, owners)
    events: dict[str, list[Event]] = {name: [] for name in desks}
    for (name, number), each in effects.items():
        if each and (name, number) in kept:
            events[name].append(Event(number, each))
    return {name: tuple(found) for name, found in events.items()}
