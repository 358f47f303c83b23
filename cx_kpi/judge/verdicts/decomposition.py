"""Why a figure changed: each segment's own change, the mix of segments, and what is chance; and whom to name."""

from collections.abc import Callable, Mapping, Sequence
from math import sqrt

from cx_kpi.judge.statistics.budget import INSIDE, NAMING, survivors
from cx_kpi.judge.statistics.distributions import student_tail, two_sided
from cx_kpi.judge.statistics.effect import FEWEST_WEEKS
from cx_kpi.model.frozen import dataclass
from cx_kpi.model.sums import NOTHING, Sums, summed

NAMED = 3
MIN_ROWS = 5  # of a segment in either span
SMALL = 0.1  # of the rows: a smaller segment gets no larger part of the budget
SMALLER = 3  # the power by which a smaller share of the rows gets more of the budget

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
    share: float = 0.0  # of the rows of both spans
    p: float | None = None
    beyond: float = 0.0  # its change, per row, beyond that of all others together

    @property
    def change(self) -> float:
        """Its own change, per row."""
        return self.now.rate - self.before.rate if self.now.n and self.before.n else 0.0


@dataclass(frozen=True, slots=True)
class Decomposition:
    """The change of the whole = rate + mix + chance; `named` segments stand out, at most three, surest first.

    They are tested in the direction of the whole alone: one that went the other way explains nothing. `chance` is the
    part of the segments' own changes that no survivor explains. `reversed` (Simpson): every segment is shown to
    have gone the other way than the whole.
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
    """The change between two spans by the segments of one dimension; None where either span is empty."""
    return decompose_each({"": slices}, whole_changed).get("")


@dataclass(frozen=True, slots=True)
class Opened:
    """A dimension: the change of the whole and the variance that chance gives it, and what its segments add to it."""

    change: float
    causes: list[Cause]
    variance: float

    def direction(self, *, whole_changed: bool) -> float:
        """The change of the whole; 0 where its sign may well be chance, and so tells nothing of its segments."""
        return self.change if whole_changed or self.change**2 > self.variance / 2 else 0.0


def opened_rates(slices: Sequence[SegmentWeeks]) -> Opened | None:
    """What each segment adds to the change of what a row brings; None where either span is empty."""
    sums = [(summed(each.before.values()), summed(each.now.values())) for each in slices]
    before, now = summed(pair[0] for pair in sums), summed(pair[1] for pair in sums)
    if not before.n or not now.n:
        return None
    variance = now.variance / now.n + before.variance / before.n
    return Opened(now.rate - before.rate, _causes(slices, sums, before, now), variance)


def decompose_each(
    dimensions: Mapping[str, Sequence[SegmentWeeks]],
    whole_changed: bool = False,
    opening: Callable[[Sequence[SegmentWeeks]], Opened | None] = opened_rates,
) -> dict[str, Decomposition]:
    """The change between two spans by each dimension, but those of which either span is empty.

    All segments of all dimensions share one budget. With `whole_changed`, the change of the whole has survived its
    own, and may be shown to be reversed. `opening` says what the segments add to it.
    """
    opened = {name: each for name, slices in dimensions.items() if (each := opening(slices))}
    kept, told = _survived(opened, whole_changed)
    return {
        name: _decomposition(each, _of(name, each, kept), _of(name, each, told), whole_changed)
        for name, each in opened.items()
    }


Keys = set[tuple[str, int]]  # of segments, by dimension and place


def _survived(opened: Mapping[str, Opened], whole_changed: bool) -> tuple[Keys, Keys]:
    """The segments whose own change is more than chance, and of these those that stand out along with the whole."""
    every = {(name, i): cause for name, each in opened.items() for i, cause in enumerate(each.causes)}
    ways = {name: each.direction(whole_changed=whole_changed) for name, each in opened.items()}
    chances = {key: cause.p for key, cause in every.items() if cause.p is not None}
    along = {key: _along(every[key].beyond, p, ways[key[0]]) for key, p in chances.items()}
    weights = {key: max(every[key].share, SMALL) ** -SMALLER for key in chances}
    standing_out = survivors(along, NAMING, weights=weights)
    told = {key for key in standing_out if not ways[key[0]] or every[key].rate * ways[key[0]] > 0}
    return survivors(chances, INSIDE) | told, told


def _of(name: str, opened: Opened, keys: Keys) -> list[Cause]:
    return [cause for i, cause in enumerate(opened.causes) if (name, i) in keys]


def _along(beyond: float, p: float, direction: float) -> float:
    """The p of a segment that went the way of the whole, one-sided; two-sided where the whole went no way."""
    if not direction:
        return p
    return p / 2 if beyond * direction > 0 else 1 - p / 2


def _decomposition(
    found: Opened, kept: Sequence[Cause], told: Sequence[Cause], whole_changed: bool
) -> Decomposition:
    named = tuple(sorted(told, key=lambda cause: (cause.p or 0.0, -abs(cause.rate)))[:NAMED])
    own, rate = (sum(cause.rate for cause in causes) for causes in (found.causes, kept))
    return Decomposition(
        change=found.change,
        rate=rate,
        mix=sum(cause.mix for cause in found.causes),
        chance=own - rate,
        causes=tuple(found.causes),
        named=named,
        remainder=found.change - sum(cause.rate for cause in named),
        reversed=whole_changed and _reversed(found.causes, found.change),
    )


def _causes(
    slices: Sequence[SegmentWeeks], sums: Sequence[tuple[Sums, Sums]], before: Sums, now: Sums
) -> list[Cause]:
    standing = _standing(slices)
    return [
        _cause(each.name, old, new, before, now, standing.get(number, (0.0, None)))
        for number, (each, (old, new)) in enumerate(zip(slices, sums, strict=True))
    ]


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
    return Cause(name, old, new, own, mix, (share0 + share) / 2, p, beyond)


def _standing(slices: Sequence[SegmentWeeks]) -> dict[int, Standing]:
    """Of each segment against its complement: by how much more it has changed than all others together, and p."""
    everything = [gathered([each.before for each in slices]), gathered([each.now for each in slices])]
    found = (
        (number, _against_rest([*zip((each.before, each.now), everything, strict=True)]))
        for number, each in enumerate(slices)
    )
    return standings({number: each for number, each in found if each})


@dataclass(frozen=True, slots=True)
class Contrast:
    """A segment against its complement: how much more it changed, the variance of that by rows, and how unlike weeks are."""

    change: float
    variance: float
    unlike: float  # φ of what is left when weeks that are good or bad for all have cancelled out
    weeks: int


def standings(found: Mapping[int, Contrast]) -> dict[int, Standing]:
    """The p of each segment. Weeks of segments of a dimension are about as unlike, so that of one is drawn to their mean."""
    values = [each.unlike for each in found.values()]
    mean = sum(values) / len(values) if values else 1.0
    spread = sum((each - mean) ** 2 for each in values) / (len(values) - 1) if len(values) > 1 else 0.0
    told: dict[int, Standing] = {}
    for number, each in found.items():
        z = abs(each.change) / sqrt(each.variance)
        if each.weeks < FEWEST_WEEKS:
            told[number] = each.change, two_sided(z)
            continue
        chance = 2 * mean**2 / (each.weeks - 2)
        own = max(0.0, 1 - chance / spread) if spread > 0 else 0.0
        factor = max(1.0, mean + own * (each.unlike - mean))
        told[number] = each.change, 2 * student_tail(z / sqrt(factor), each.weeks - 2)
    return told


def gathered(parts: Sequence[Mapping[int, Sums]]) -> dict[int, Sums]:
    """The weeks of all segments together."""
    weeks: dict[int, Sums] = {}
    for part in parts:
        for week, sums in part.items():
            weeks[week] = weeks.get(week, NOTHING) + sums
    return weeks


def _against_rest(spans: Sequence[tuple[Mapping[int, Sums], Mapping[int, Sums]]]) -> Contrast | None:
    """The change of a segment less that of its complement, over both spans (before, now)."""
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
    return Contrast(change, variance, squares / max(weeks - 2, 1), weeks) if variance > 0 else None


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
