"""Windows: the report's own, its periods, and the one to compare with, over one ordered list of edges."""

from datetime import date, datetime, time, timedelta
from itertools import pairwise
from math import gcd
from typing import Literal
from zoneinfo import ZoneInfo

import polars as pl

from cx_kpi.engine.time import periods
from cx_kpi.model.errors import UsageProblem
from cx_kpi.model.frozen import dataclass
from cx_kpi.model.options import Compare, Grain, Options
from cx_kpi.normalise.vocabulary.moments import parse_as_of, within_reach

GroupName = Literal["overall", "series", "previous"]
UTC = ZoneInfo("UTC")
_MICRO = 1_000_000
_LARGEST_TABLE = 2_000_000
_MOST_PERIODS = 4_000  # of a series: days of ten years, weeks of 76
_LATE = 0.1  # data that starts later than this share of a period does not cover it


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open span `[start, end)` of local days, as edge numbers `first` and `last`."""

    start: date
    end: date
    first: int
    last: int
    partial: bool = False


@dataclass(frozen=True, slots=True)
class Windows:
    """Everything a row can fall into. `edges` are the local midnights at which any window starts or ends."""

    grain: Grain
    zone: ZoneInfo
    as_of: datetime
    edges: tuple[date, ...]
    overall: Span
    series: tuple[Span, ...]
    previous: Span | None
    rolling: bool  # the window was chosen, and is compared with the one before it
    year_starts: int = 1  # the month
    yearly: bool = False  # compared with the same span of the year before

    @property
    def instants(self) -> list[int]:
        """The edges as microseconds since 1970-01-01 UTC."""
        return [microseconds(midnight(day, self.zone)) for day in self.edges]

    def group(self, name: GroupName) -> tuple[Span, ...]:
        """The spans of one group, none of which overlap."""
        if name == "series":
            return self.series
        if name == "overall":
            return (self.overall,)
        return (self.previous,) if self.previous else ()

    def compared(self) -> tuple[tuple[GroupName, int], tuple[GroupName, int]] | None:
        """Which two windows to compare: (current, previous); None when there is no full pair."""
        if self.rolling:
            pair: tuple[tuple[GroupName, int], tuple[GroupName, int]] = (("overall", 0), ("previous", 0))
            return pair if self.previous and not self.overall.partial else None
        full = [i for i, span in enumerate(self.series) if not span.partial]
        before = self._before(full[-1]) if full else None
        return (("series", full[-1]), ("series", before)) if before in full else None

    def _before(self, number: int) -> int | None:
        """The number of the period to compare one with."""
        if not self.yearly:
            return number - 1
        span = self.series[number]
        start = periods.year_before(span.start, whole=self.grain not in ("day", "week"))
        return next((i for i, each in enumerate(self.series) if each.start == start), None)


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """The instant the local day starts."""
    return datetime.combine(day, time(), zone)


def microseconds(instant: datetime) -> int:
    """Microseconds since 1970-01-01 UTC."""
    return (instant - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


def make_windows(first: datetime, latest: datetime, options: Options) -> Windows:
    """The windows of a report on data from `first` to `latest`; raises `UsageProblem` on an empty span."""
    zone = ZoneInfo(options.timezone)
    as_of = parse_as_of(options.as_of, zone) if options.as_of else latest
    within_reach("--since", options.since)
    within_reach("--until", options.until)
    begin, over = _known(first, as_of, options, zone)
    month = periods.year_start(options.config.fiscal_year_starts)
    chosen = _chosen(begin, over, options, month)
    start, end = chosen or (begin, over)
    if start >= end:
        raise UsageProblem(f"the window from {start} to {end} is empty; the data covers {begin} to {over}")
    grain = options.period or options.config.period or periods.fitting(begin, over)
    _refuse_many(min(begin, start), end, grain)
    marks = list(periods.between(min(begin, start), end, grain, month))
    if end < over:
        marks[-1] = min(marks[-1], end)
    before = _compared(chosen, begin, start, options)
    edges = tuple(sorted({*marks, start, end, *(before or ())}))
    number = {day: i for i, day in enumerate(edges)}

    def span(start: date, end: date, *, partial: bool) -> Span:
        return Span(start, end, number[start], number[end], partial)

    def is_partial(start: date, end: date) -> bool:
        by_day = grain == "day" and not chosen
        return _is_cut(start, end, begin, grain) or _ends(end, over, as_of, options, by_day=by_day)

    return Windows(
        grain=grain,
        zone=zone,
        as_of=as_of.astimezone(zone),
        edges=edges,
        overall=span(start, end, partial=end > over),
        series=tuple(span(a, b, partial=is_partial(a, b)) for a, b in pairwise(marks)),
        previous=span(*before, partial=False) if before else None,
        rolling=chosen is not None,
        year_starts=month,
        yearly=options.compare == "year",
    )


def _refuse_many(start: date, end: date, grain: Grain) -> None:
    """Raises `UsageProblem` for a span of more periods than anybody reads: they would take minutes."""
    if (number := periods.count(start, end, grain)) > _MOST_PERIODS:
        fits = next(
            (each for each in periods.GRAINS if periods.count(start, end, each) <= _MOST_PERIODS), "year"
        )
        raise UsageProblem(
            f"--period {grain}: the data begins on {start}, which makes {number} periods, and {_MOST_PERIODS} are "
            f"the most; choose --period {fits}, or take older rows out of the files"
        )


def _is_cut(start: date, end: date, begin: date, grain: Grain) -> bool:
    """Whether a period is not whole, or the data begins late in it."""
    late = (begin - start).days > _LATE * (end - start).days
    return late or periods.shift(start, grain, 1) != end


def _known(first: datetime, as_of: datetime, options: Options, zone: ZoneInfo) -> tuple[date, date]:
    """The first day of the data, and the first that has not ended; raises `UsageProblem` where that is no later."""
    begin, over = first.astimezone(zone).date(), _over(as_of, options, zone)
    if over <= begin:
        raise UsageProblem(f"--as-of {options.as_of}: nothing is known before {begin}; name a later day")
    return begin, over


def _compared(
    chosen: tuple[date, date] | None, begin: date, start: date, options: Options
) -> tuple[date, date] | None:
    """The span to compare a window with, which starts on `start`."""
    if options.phase:
        return _phase(options.phase, start, begin)
    return _before(*chosen, begin, options.compare) if chosen else None


def _over(as_of: datetime, options: Options, zone: ZoneInfo) -> date:
    """The first day that has not ended: the day after the latest timestamp, or the day of an `--as-of`."""
    day = as_of.astimezone(zone).date()
    return day if options.as_of and as_of == midnight(day, zone) else day + timedelta(days=1)


def _ends(end: date, over: date, as_of: datetime, options: Options, *, by_day: bool) -> bool:
    """Whether a period has not ended. The last day of data counts as over, as it does in a chosen window.

    Not so for a set `--as-of`, and not in a report `by_day` of all data, where it would be judged as a whole day.
    """
    if options.as_of or by_day:
        return midnight(end, ZoneInfo(options.timezone)) > as_of
    return end > over


def _chosen(begin: date, over: date, options: Options, month: int) -> tuple[date, date] | None:
    if options.last:
        return _last(options.last, begin, over, options.until, month)
    after = options.phase and options.phase[1]
    if options.since or options.until or after:
        return options.since or after or begin, options.until or over
    return None


def _phase(phase: tuple[date, date], start: date, begin: date) -> tuple[date, date]:
    """The span to compare with, checked: after the data begins, and before the window."""
    earlier, after = phase
    said = f"--compare {earlier}..{after}"
    if earlier >= after:
        raise UsageProblem(f"{said} is empty; write the first day and the first day after")
    if after > start:
        raise UsageProblem(f"{said} reaches into the window, which starts on {start}; name an earlier span")
    if (begin - earlier).days > _LATE * (after - earlier).days:
        raise UsageProblem(f"{said}: the data begins on {begin}; name a later span")
    return phase


def _last(text: str, begin: date, over: date, until: date | None, month: int) -> tuple[date, date]:
    """The last full periods; raises `UsageProblem` where the data begins after the middle of them."""
    number, grain = periods.parse_length(text)
    end = periods.floor(until or over, grain, month)
    try:
        start, middle = periods.shift(end, grain, -number), periods.shift(end, grain, -(number // 2))
    except (ValueError, OverflowError):
        start = middle = date.min
    if begin >= end or begin > middle:
        latest = over - timedelta(days=1)
        raise UsageProblem(f"--last {text}: the data covers {begin} to {latest} only; ask for another span")
    return start, end


def _before(start: date, end: date, begin: date, compare: Compare) -> tuple[date, date] | None:
    """The span of equal length before, or that of the year before; None before the data.

    Whole months are compared with whole months, whatever their days; other spans by days, a year before by 52 weeks.
    """
    months = (end.year - start.year) * 12 + end.month - start.month
    whole = start.day == end.day == 1 and months > 0
    if compare == "year":
        earlier, after = (periods.year_before(day, whole=whole) for day in (start, end))
    else:
        earlier = periods.shift(start, "month", -months) if whole else start - (end - start)
        after = start
    late = (begin - earlier).days > _LATE * (after - earlier).days
    return None if late else (earlier, after)


def bin_index(column: pl.Expr, instants: list[int]) -> pl.Expr:
    """Number of the last edge at or before an instant: −1 before the first; null stays null.

    A gather from a table of equal steps (their greatest common divisor) is far quicker than a search.
    """
    base = instants[0]
    step = gcd(*(instant - base for instant in instants)) or _MICRO
    steps = (instants[-1] - base) // step
    physical = column.to_physical()
    if steps > _LARGEST_TABLE:
        found = pl.lit(pl.Series(instants)).search_sorted(physical, side="right").cast(pl.Int32) - 1
        return pl.when(physical.is_not_null()).then(found)
    table = [-1]
    for number, (low, high) in enumerate(pairwise(instants)):
        table += [number] * ((high - low) // step)
    table.append(len(instants) - 1)
    index = ((physical - base) // step).clip(-1, steps) + 1
    return pl.lit(pl.Series(table, dtype=pl.Int32)).gather(index)
