"""Why a figure changed: each segment's own change, the mix of segments, and what is chance; and whom to name."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

from cx_kpi.judge.statistics.budget import INSIDE, survivors
from cx_kpi.judge.statistics.distributions import student_tail, two_sided
from cx_kpi.judge.statistics.effect import FEWEST_WEEKS
from cx_kpi.model.sums import NOTHING, Sums, summed

NAMED = 3
MIN_ROWS = 5  # of a segment in either span

Standing = tuple[float, float | None]


@dataclass(frozen=True, slots=True)
class SegmentWeeks:
    """One segment in both spans, week by week."""

    name: str | None
    before: Mapping[int, Sums]
    now: Mapping[int, Sums]


@dataclass(frozen=True, slots=True)
class Cause:
    """What one segment adds to the change of the whole, in its unit; `p` against all other segments."""

    name: str | None
    before: Sums
    now: Sums
    rate: float  # its own change
    mix: float  # that it became more or less of the whole
    p: float | None = None
    beyond: float = 0.0  # its change, per row, beyond that of all others together

    @property
    def change(self) -> float:
        """Its own change, per row."""
        return self.now.rate - self.before.rate if self.now.n and self.before.n else 0.0


@dataclass(frozen=True, slots=True)
class Decomposition:
    """The change of the whole = rate + mix + chance; `named` segments stand out, at most three, largest first.

    They are tested in the direction of the whole alone: one that went the other way explains nothing. `chance` is the part of the segments' own changes that no survivor explains. `reversed` (Simpson): every
    segment is shown to have gone the other way than the whole.
    """

    change: float
    rate: float
    mix: float
    chance: float
    causes: tuple[Cause, ...]
    named: tuple[Cause, ...]
    remainder: float  # of the change, beside what is named
    reversed: bool = False


def decompose(slices: Sequence[SegmentWeeks], whole_changed: bool = False) -> Decomposition | None:
    """The change between two spans by segment; None where either span is empty.

    With `whole_changed`, the change of the whole has survived its budget, and may be shown to be reversed.
    """
    sums = [(summed([*each.before.values()]), summed([*each.now.values()])) for each in slices]
    before, now = summed([pair[0] for pair in sums]), summed([pair[1] for pair in sums])
    if not before.n or not now.n:
        return None
    causes, change = _causes(slices, sums, before, now), now.rate - before.rate
    kept, told = _survived(causes, change)
    named = tuple(sorted(told, key=lambda cause: -abs(cause.rate))[:NAMED])
    own = sum(cause.rate for cause in causes)
    rate = sum(cause.rate for cause in kept)
    return Decomposition(
        change=change,
        rate=rate,
        mix=sum(cause.mix for cause in causes),
        chance=own - rate,
        causes=tuple(causes),
        named=named,
        remainder=change - sum(cause.rate for cause in named),
        reversed=whole_changed and _reversed(causes, change),
    )


def _causes(
    slices: Sequence[SegmentWeeks], sums: Sequence[tuple[Sums, Sums]], before: Sums, now: Sums
) -> list[Cause]:
    standing = _standing(slices)
    return [
        _cause(each.name, old, new, before, now, standing.get(number, (0.0, None)))
        for number, (each, (old, new)) in enumerate(zip(slices, sums, strict=True))
    ]


def _survived(causes: Sequence[Cause], change: float) -> tuple[list[Cause], list[Cause]]:
    """The segments whose own change is more than chance, and of these those that stand out along with the whole."""
    chances = {i: cause.p for i, cause in enumerate(causes) if cause.p is not None}
    along = {i: p / 2 if causes[i].beyond * change > 0 else 1 - p / 2 for i, p in chances.items()}
    standing_out = {i for i in survivors(along, INSIDE) if causes[i].rate * change > 0}
    kept = survivors(chances, INSIDE) | standing_out
    return [causes[i] for i in kept], [causes[i] for i in standing_out]


def _cause(name: str | None, old: Sums, new: Sums, before: Sums, now: Sums, standing: Standing) -> Cause:
    """Rate and mix of one segment; one that is new, or gone, takes the rate that is known for the other."""
    share, share0 = new.n / now.n, old.n / before.n
    if not new.n and not old.n:
        return Cause(name, old, new, 0.0, 0.0)
    rate = new.rate if new.n else old.rate
    rate0 = old.rate if old.n else new.rate
    own = (share0 + share) / 2 * (rate - rate0)
    mix = (share - share0) * ((rate0 + rate) / 2 - (before.rate + now.rate) / 2)
    beyond, p = standing
    return Cause(name, old, new, own, mix, p, beyond)


def _standing(slices: Sequence[SegmentWeeks]) -> dict[int, Standing]:
    """Of each segment against its complement: by how much more it has changed than all others together, and p."""
    found: dict[int, Standing] = {}
    everything = [_gathered([each.before for each in slices]), _gathered([each.now for each in slices])]
    for number, each in enumerate(slices):
        spans = [(part, rest) for part, rest in zip((each.before, each.now), everything, strict=True)]
        standing = _against_rest(spans)
        if standing:
            found[number] = standing
    return found


def _gathered(parts: Sequence[Mapping[int, Sums]]) -> dict[int, Sums]:
    weeks: dict[int, Sums] = {}
    for part in parts:
        for week, sums in part.items():
            weeks[week] = weeks.get(week, NOTHING) + sums
    return weeks


def _against_rest(spans: Sequence[tuple[Mapping[int, Sums], Mapping[int, Sums]]]) -> Standing | None:
    """The change of a segment less that of its complement, over both spans (before, now), and its two-sided p.

    Weeks that are good or bad for all segments cancel out: φ is that of what is left.
    """
    change = variance = squares = 0.0
    weeks = 0
    for sign, (part, every) in zip((-1, 1), spans, strict=True):
        mine, whole = summed([*part.values()]), summed([*every.values()])
        rest = Sums(whole.n - mine.n, whole.total - mine.total, whole.squares - mine.squares)
        if min(mine.n, rest.n) < MIN_ROWS:
            return None
        within = (mine.variance * (mine.n - 1) + rest.variance * (rest.n - 1)) / (whole.n - 2)
        change += sign * (mine.rate - rest.rate)
        variance += within * (1 / mine.n + 1 / rest.n)
        found = [(part.get(week, NOTHING), sums) for week, sums in every.items()]
        squares += (
            sum(_residual(one, all_, mine.rate, rest.rate) for one, all_ in found) / within if within else 0.0
        )
        weeks += len(every)
    if variance <= 0:
        return None
    z = abs(change) / sqrt(variance)
    if weeks < FEWEST_WEEKS:
        return change, two_sided(z)
    return change, 2 * student_tail(z / sqrt(max(1.0, squares / (weeks - 2))), weeks - 2)


def _residual(one: Sums, every: Sums, rate: float, others: float) -> float:
    """Squared, how far a segment was off in a week beyond its complement, in units of the variance of a row."""
    rest = every.n - one.n
    if not one.n or not rest:
        return 0.0
    off = (one.total / one.n - rate) - ((every.total - one.total) / rest - others)
    return off**2 / (1 / one.n + 1 / rest)


def _reversed(causes: Sequence[Cause], change: float) -> bool:
    """Whether every segment is shown to have changed against the direction of the whole."""
    if len(causes) < 2:
        return False
    return all(
        min(cause.now.n, cause.before.n) >= MIN_ROWS and cause.change * change < 0 and _shown(cause)
        for cause in causes
        if cause.now.n or cause.before.n
    )


def _shown(cause: Cause) -> bool:
    variance = cause.now.variance / cause.now.n + cause.before.variance / cause.before.n
    return variance > 0 and two_sided(cause.change / sqrt(variance)) < INSIDE
