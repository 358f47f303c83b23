"""The whole procedure: the verdicts on all metrics of a report, under one error budget."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial

from cx_kpi.judge.statistics.budget import PAST, PRESENT, STOCKS, combined, survivors
from cx_kpi.judge.statistics.effect import Effect
from cx_kpi.judge.statistics.series import Period, Series
from cx_kpi.judge.statistics.trend import Growth, Trend, growth, since
from cx_kpi.judge.statistics.usual_range import Prospect, UsualRange
from cx_kpi.judge.statistics.weekdays import Filled, filled
from cx_kpi.judge.statistics.weeks import INDEPENDENT, persistences
from cx_kpi.judge.verdicts.desk import Desk, lay_out
from cx_kpi.judge.verdicts.parted import Shift, shifted
from cx_kpi.model.frozen import dataclass
from cx_kpi.model.sums import Quantity
from cx_kpi.model.values import Better, Verdict

MOST, REACH = 24, 36  # periods before the latest that are judged, too, and periods by which each of them is
RECENT = 3  # the latest three periods are tested, too: a change may have come a little earlier
PARTS = {"subject": 0.75, "recent": 0.2, "trend": 0.05}  # of the error budget of a metric


@dataclass(frozen=True, slots=True)
class Event:
    """A past period that differs from the others."""

    period: int
    effect: Effect


@dataclass(frozen=True, slots=True)
class Turn:
    """The verdict on a metric in one period, and how far it was from those before."""

    verdict: Verdict
    change: float | None


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

    @property
    def unlike(self) -> float:
        """φ: by how much more its weeks differ than its rows would make them; 1 where that is not known."""
        return self.effect.overdispersion if self.effect else 1.0

    def chances(self) -> dict[str, float]:
        """The p of each test of the present that could be made."""
        return _chances(self.growth or self.shift or self.effect, self.recent, self.trend)

    def strongest(self) -> str | None:
        """The test of the present that is strongest for its part of the budget."""
        chances = self.chances()
        return min(chances, key=lambda name: chances[name] / PARTS[name]) if chances else None

    def turn(self, verdict: Verdict | None) -> Turn | None:
        """A verdict and the size of the change."""
        return Turn(verdict, self.effect.size if self.effect else None) if verdict else None

    def rises(self) -> bool:
        """Whether the change is a rise, by the strongest test."""
        if self.growth:
            return self.growth.weekly > 0
        if self.strongest() == "trend" and self.trend:
            return self.trend.slope > 0
        told = self.recent if self.strongest() == "recent" else self.effect
        return told is not None and told.size > 0


def judge_report(
    series: Sequence[Series],
    periods: Sequence[Period],
    subject: int = 1,
    days: Sequence[Sequence[Filled]] | None = None,
) -> dict[str, Judgement]:
    """Each metric judged: the last `subject` periods against the twelve before, then each period against the others.

    `days` are those of each series, where they are known.
    """
    if len(periods) < subject or not periods:
        return {}
    desks = _lay_out(series, periods, subject, days or [filled(each, periods) for each in series])
    found = {name: _present(desk) for name, desk in desks.items()}
    kept, past = _survivors(found, series), _past(desks, _families(series))
    return {
        name: replace(_judged(each, desks[name], survives=name in kept), events=past[name])
        for name, each in found.items()
    }


def judge_earlier(
    series: Sequence[Series], periods: Sequence[Period], days: Sequence[Sequence[Filled]] | None = None
) -> dict[int, dict[str, Turn]]:
    """Each metric in the `MOST` periods before the latest, by their numbers, as if each had been the latest."""
    days = days or [filled(each, periods) for each in series]
    last = len(periods) - 1
    return {
        number: _turns(series, periods, days, range(max(0, number - REACH), number + 1))
        for number in range(max(1, last - MOST), last)
    }


def _turns(
    series: Sequence[Series], periods: Sequence[Period], days: Sequence[Sequence[Filled]], known: range
) -> dict[str, Turn]:
    """The verdicts on the last of the known periods, by what is in them alone."""
    part = slice(known.start, known.stop)
    cut = [replace(each, values=each.values[part], parts=each.parts[part], target=None) for each in series]
    desks = _lay_out(cut, periods[part], 1, [each[part] for each in days], shown=False)
    found = {name: _present(desk) for name, desk in desks.items()}
    kept = _survivors(found, series)
    turns = {
        name: each.turn(_verdict(each, desks[name], survives=name in kept)) for name, each in found.items()
    }
    return {name: turn for name, turn in turns.items() if turn}


def _families(series: Sequence[Series]) -> dict[str, str]:
    return {each.metric: each.family or each.metric for each in series}


def _survivors(found: Mapping[str, Judgement], series: Sequence[Series]) -> set[str]:
    """The metrics with a verdict on the present; the few stocks have a budget of their own."""
    families = _families(series)
    weights = {families[each.metric]: each.weight for each in series}
    chances = {name: each.p for name, each in found.items() if each.p is not None}
    stocks = {name: p for name, p in chances.items() if found[name].growth}
    others = {name: p for name, p in chances.items() if name not in stocks}
    return survivors(others, PRESENT, families, weights) | survivors(stocks, STOCKS, families)


def judge_phases(series: Sequence[Series], before: Period, now: Period) -> dict[str, Judgement]:
    """Each metric in one span against another that was named. A level at the end of a span has no rows to judge by."""
    flows = [each for each in series if each.quantity is not Quantity.STOCK]
    found = judge_report(flows, [before, now])
    return {name: replace(each, events=()) for name, each in found.items()}


def _lay_out(
    series: Sequence[Series],
    periods: Sequence[Period],
    subject: int,
    days: Sequence[Sequence[Filled]],
    *,
    shown: bool = True,
) -> dict[str, Desk]:
    """Every series made ready; how long the luck of a week lasts is estimated from all of them."""
    pairs = zip(series, days, strict=True)
    desks = {each.metric: lay_out(each, periods, subject, its, shown=shown) for each, its in pairs}
    lasting = persistences({name: found for name, desk in desks.items() if (found := desk.neighbours())})
    return {name: replace(desk, persistence=lasting.get(name, INDEPENDENT)) for name, desk in desks.items()}


def _present(desk: Desk) -> Judgement:
    """Everything but what the budget decides."""
    baseline = desk.before(desk.subject)
    left_out = tuple(sorted({*desk.window(desk.subject)} - {*baseline}))
    judgement = partial(Judgement, desk.series.metric, desk.subject, baseline, left_out, usual=desk.usual)
    if desk.series.quantity is Quantity.STOCK:
        grown = growth(desk.series, desk.periods)
        return judgement(growth=grown, p=grown.p if grown else None)
    if desk.series.quantity is Quantity.COMPOSITION:
        moved = shifted(desk.series.parts, desk.subject, baseline)
        return judgement(shift=moved, p=moved.p if moved else None)
    found, going = desk.effect(desk.subject, baseline), desk.trend()
    recent = _recent(desk, found)
    chances = _chances(found, recent, going)
    p = combined(chances, PARTS) if chances else None
    return judgement(effect=found, recent=recent, trend=going, prospect=desk.prospect(), p=p)


def _chances(
    subject: Growth | Shift | Effect | None, recent: Effect | None, going: Trend | None
) -> dict[str, float]:
    """The p of each test of the present that could be made."""
    tests = {"subject": subject, "recent": recent, "trend": going}
    return {name: test.p for name, test in tests.items() if test}


def _recent(desk: Desk, latest: Effect | None) -> Effect | None:
    """The three latest periods against those before; None where the latest has not kept half of that."""
    span = tuple(range(len(desk.periods) - RECENT, len(desk.periods)))
    found = desk.effect(span, desk.before(span)) if latest and desk.has_before(span) else None
    lasts = found and latest and latest.size * found.size > 0 and abs(latest.size) >= abs(found.size) / 2
    return found if lasts else None


def _judged(judgement: Judgement, desk: Desk, *, survives: bool) -> Judgement:
    verdict = _verdict(judgement, desk, survives=survives)
    directed = verdict not in (None, Verdict.UNCHANGED, Verdict.CHANGED)
    return replace(judgement, verdict=verdict, since=_since(desk) if directed else None)


def _verdict(judgement: Judgement, desk: Desk, *, survives: bool) -> Verdict | None:
    if judgement.p is None:
        return None
    if not survives:
        return Verdict.UNCHANGED
    if judgement.shift:
        return Verdict.CHANGED
    rises = judgement.rises()
    if desk.series.better is Better.NEITHER:
        return Verdict.ROSE if rises else Verdict.FELL
    return Verdict.IMPROVED if rises == (desk.series.better is Better.HIGHER) else Verdict.WORSENED


def _since(desk: Desk) -> int | None:
    """The first period from which on the metric is as in the latest; None where rates do not show it."""
    if desk.series.quantity in (Quantity.STOCK, Quantity.COMPOSITE):
        return None
    start = desk.window(desk.subject).start
    return start + since(desk.weekly.rates[start:], desk.weekly.sizes[start:])


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
