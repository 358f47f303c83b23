"""What rows contribute to metrics day by day: judging needs it to separate change from chance."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import zip_longest

import polars as pl

from cx_kpi.engine.aggregation.binning import by_spell
from cx_kpi.engine.facts.fact import Rows
from cx_kpi.engine.planning.plan import Job
from cx_kpi.engine.time.judged_periods import judged_periods
from cx_kpi.engine.time.windows import Windows, bin_index, microseconds, midnight
from cx_kpi.metrics.definition.metric import Clock, Contribution
from cx_kpi.model.sums import Quantity, Sums

DAY, SEGMENT, PERIOD = "day:", "segment:", "period:"
Days = dict[int, Sums]  # by `date.toordinal`
Segmented = dict[str | None, Days]  # by the value of a column; None is unknown
Dates = tuple[date, date]  # the first day of a span, and the first after it
WHOLE = None
_NOTHING = pl.LazyFrame()
_Asked = tuple[str | None, list[Job], list[pl.LazyFrame]]  # sums by a column, of each bucket
OF_ONES = (Quantity.COUNT, Quantity.SHARE)  # of which each row is 0 or 1
PARTED = {Quantity.COMPOSITE, Quantity.COMPOSITION}  # these cannot be added up by day: they are kept in parts


def day_sums(
    tables: Mapping[str, Rows],
    jobs: Sequence[Job],
    windows: Windows,
    by: Sequence[str] | None = None,
    spans: Sequence[Dates] | None = None,
    *,
    in_order: bool = False,
) -> dict[str | None, dict[str, Segmented]]:
    """The sums of each judged metric by day, over the periods by which it is judged, or over these spans.

    By each column of `by`; without, by None, of which each metric has one segment, None. Metrics whose rows do not add
    up by day are not among them. Spans follow one another; of several rows of which the latest counts, that is the
    latest in its span. `in_order` adds row by row, so that the last digit is the same in each run.
    """
    add = _in_order if in_order else pl.Expr.sum
    spans = periods_over(windows) if spans is None else spans
    columns: Sequence[str | None] = (WHOLE,) if by is None else by
    found: dict[str | None, dict[str, Segmented]] = {column: {} for column in columns}
    if not spans:
        return found
    days = _Days(spans, windows)
    asked = list[_Asked]()
    for (clock, latest), members in _bundled(tables, jobs, whole=by is None).items():
        rows = tables[clock.table]
        if clock.until is None:
            known = [column for column in columns if column in {WHOLE, *rows.columns}]
            values = [
                _values(_inside(some, clock, days, latest), members, days, known) for some in rows.buckets()
            ]
            asked += [(column, members, _added_up(values, members, column, add)) for column in known]
        elif by is None:
            levels = _levels(rows, clock, days)
            found[WHOLE] |= {job.key: {WHOLE: levels} for job in members}
    for (column, members, _), table in zip(asked, _collected(asked), strict=True):
        found[column] |= _by_segment(table, members, days.first)
    return found


def _collected(asked: Sequence[_Asked]) -> Iterator[pl.DataFrame]:
    """The sums of all buckets; the rows of one at a time are in memory."""
    buckets = zip_longest(*(every for _, _, every in asked), fillvalue=_NOTHING)
    collected = [pl.collect_all(some) for some in buckets]
    yield from map(_together, zip(*collected, strict=True))


def _together(tables: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """The sums of all buckets from those of each."""
    if len(tables) == 1:
        return tables[0]
    every = pl.concat([table for table in tables if table.width])
    keys = [DAY, *({SEGMENT} & {*every.columns})]
    return every.group_by(keys).agg(pl.all().sum()).sort(keys)


class _Days:
    """All days from the first of some spans to the last, and where each begins."""

    def __init__(self, spans: Sequence[Dates], windows: Windows) -> None:
        self.spans, self.windows = spans, windows
        start, end = spans[0][0], spans[-1][1]
        self.first, self.size = start.toordinal(), (end - start).days
        self.instants = [
            microseconds(midnight(start + timedelta(days=n), windows.zone)) for n in range(self.size + 1)
        ]


def _bundled(
    tables: Mapping[str, Rows], jobs: Sequence[Job], *, whole: bool
) -> dict[tuple[Clock, str | None], list[Job]]:
    """The metrics that add up by day, by their clock and the key of which the latest row counts."""
    bundles: dict[tuple[Clock, str | None], list[Job]] = defaultdict(list)
    for job in jobs:
        quantity = quantity_of(job)
        tells = quantity is not None and not (whole and quantity in PARTED)
        if tells and _read_by(job) <= tables[job.method.clock.table].columns:
            bundles[job.method.clock, job.method.aggregation.latest].append(job)
    return bundles


def periods_over(windows: Windows) -> list[Dates]:
    """The periods by which changes are judged."""
    return [(span.start, span.end) for span in judged_periods(windows).spans]


def within(days: Days, spans: Sequence[Dates]) -> Days:
    """The sums of those days that lie in some spans."""
    inside = [(start.toordinal(), end.toordinal()) for start, end in spans]
    return {day: sums for day, sums in days.items() if any(start <= day < end for start, end in inside)}


def _read_by(job: Job) -> set[str]:
    """The columns that decide whether a row counts and what it contributes."""
    contribution = job.method.aggregation.contribution
    if contribution is None:
        return set()
    every = [contribution.counts, *([] if contribution.value is None else [contribution.value])]
    dates = {contribution.happened} if contribution.happened else set[str]()
    return dates.union(*(expr.meta.root_names() for expr in every))


def quantity_of(job: Job) -> Quantity | None:
    """The kind of quantity that rows contribute to a metric; None where days do not add up."""
    contribution, clock = job.method.aggregation.contribution, job.method.clock
    if contribution is None or contribution.quantity is None or clock.undated or clock.opening:
        return None
    if clock.until is not None:
        return Quantity.STOCK if contribution.quantity is Quantity.COUNT else None
    return contribution.quantity


def _inside(rows: Rows, clock: Clock, days: _Days, latest: str | None) -> pl.LazyFrame:
    """The rows within the spans, with their day and the number of their span."""
    placed = rows.lazy().with_columns(bin_index(pl.col(clock.at), days.instants).alias(DAY))
    inside = placed.filter(pl.col(DAY).is_between(0, days.size - 1))
    period = pl.lit(_period_of_day(days)).gather(pl.col(DAY))
    inside = inside.with_columns(period.alias(PERIOD)).filter(pl.col(PERIOD).is_not_null())
    if latest:
        inside = inside.sort(clock.at, maintain_order=True)
        inside = inside.unique([latest, PERIOD], keep="last", maintain_order=True)
    return inside


def _values(
    inside: pl.LazyFrame, jobs: Sequence[Job], days: _Days, columns: Sequence[str | None]
) -> pl.LazyFrame:
    """The day of each row, the columns by which it is added up, and what it brings to each metric of one clock."""
    brought = {name: expr for job in jobs for name, expr in _brought(job, days).items()}
    return inside.select(DAY, *filter(None, columns), **brought)


def _added_up(
    values: Sequence[pl.LazyFrame], jobs: Sequence[Job], by: str | None, add: Callable[[pl.Expr], pl.Expr]
) -> list[pl.LazyFrame]:
    """The sums of metrics of one clock whose rows have one date each, by day and by a column, of each bucket."""
    keys = {DAY: pl.col(DAY)} if by is None else {DAY: pl.col(DAY), SEGMENT: pl.col(by)}
    sums = [each.cast(pl.Float64) for each in _sums(jobs, add)]
    added = (some.with_columns(**keys).group_by(*keys).agg(*sums) for some in values)
    return [some.with_columns(pl.col({*keys} - {DAY}).cast(pl.String)).sort(*keys) for some in added]


def _sums(jobs: Sequence[Job], add: Callable[[pl.Expr], pl.Expr]) -> Iterator[pl.Expr]:
    """The n, total and squares of what rows bring to metrics; what is only 0 or 1 is its own square."""
    quantities = {job.key: quantity_of(job) for job in jobs}
    shares = [f"total {key}" for key, quantity in quantities.items() if quantity is Quantity.SHARE]
    numbers = [key for key, quantity in quantities.items() if quantity not in OF_ONES]
    yield pl.col([*(f"n {key}" for key in quantities), *shares]).sum()
    for key in numbers:
        total = pl.col(f"total {key}")
        yield add(total)
        yield add(total * total).alias(f"squares {key}")


def _in_order(numbers: pl.Expr) -> pl.Expr:
    """Their sum row by row: the last digit of the faster `sum` differs from run to run."""
    return numbers.fill_null(0.0).cum_sum().last()


def _by_segment(table: pl.DataFrame, jobs: Sequence[Job], first: int) -> dict[str, Segmented]:
    """The sums of each metric out of the table of all."""
    days = [first + day for day in table[DAY].to_list()]
    values = table[SEGMENT].to_list() if SEGMENT in table.columns else [WHOLE] * len(days)
    found: dict[str, Segmented] = {}
    for job in jobs:
        segments: dict[str | None, Days] = defaultdict(dict)
        for day, segment, n, total, squares in zip(days, values, *_sums_of(table, job), strict=True):
            if n:
                segments[segment][day] = Sums(n, total, squares)
        found[job.key] = dict(segments)
    return found


def _sums_of(table: pl.DataFrame, job: Job) -> Iterator[list[float]]:
    """The n, totals and squares of a metric as lists: what was not added up is as the sum before it."""
    numbers: list[float] = []
    for name in ("n", "total", "squares"):
        column = f"{name} {job.key}"
        numbers = table[column].to_list() if column in table.columns else numbers
        yield numbers


def _period_of_day(days: _Days) -> pl.Series:
    """The number of the span of each day; null between spans."""
    numbers: list[int | None] = [None] * days.size
    for number, (start, end) in enumerate(days.spans):
        first = start.toordinal() - days.first
        numbers[first : first + (end - start).days] = [number] * (end - start).days
    return pl.Series(numbers, dtype=pl.Int32)


def _brought(job: Job, days: _Days) -> dict[str, pl.Expr]:
    """Whether a row counts, and what it brings: whether it is a hit, or a number, null where it does not count."""
    contribution, quantity = job.method.aggregation.contribution, quantity_of(job)
    assert contribution is not None  # noqa: S101 - such jobs were left out
    mature = _mature(contribution, days)
    counts, value = mature.counts.fill_null(value=False), mature.value
    if value is None or quantity is Quantity.COUNT:
        return {f"n {job.key}": counts}
    known = counts & value.is_not_null()
    if quantity is Quantity.SHARE:
        return {f"n {job.key}": known, f"total {job.key}": counts & value.cast(pl.Boolean)}
    number = pl.when(counts).then(number_of(mature, quantity))
    return {f"n {job.key}": known, f"total {job.key}": number}


def _mature(contribution: Contribution, days: _Days) -> Contribution:
    """A hit that came later than it could have come in the latest period is none: all periods at one age.

    Of longer periods only the last days count, so that the rows of all are as old.
    """
    if contribution.happened is None or contribution.value is None:
        return contribution
    spans, windows = days.spans, days.windows
    lag = windows.as_of - midnight(spans[-1][1], windows.zone)
    ends = pl.Series([midnight(end, windows.zone) + lag for _, end in spans])
    limit = pl.lit(ends).gather(pl.col(PERIOD)).dt.convert_time_zone("UTC")
    in_time = (pl.col(contribution.happened) < limit).fill_null(value=True)
    shortest = min((end - start).days for start, end in spans)
    firsts = pl.Series([(end - spans[0][0]).days - shortest for _, end in spans], dtype=pl.Int32)
    late = pl.col(DAY) >= pl.lit(firsts).gather(pl.col(PERIOD))
    return replace(contribution, counts=contribution.counts & late, value=contribution.value & in_time)


def number_of(contribution: Contribution, quantity: Quantity | None) -> pl.Expr:
    """What a row brings, as a number."""
    value = contribution.value
    if value is None or quantity is Quantity.COUNT:
        return pl.lit(1.0)
    if quantity is Quantity.NET:
        return 100.0 * (value >= 9).cast(pl.Float64) - 100.0 * (value <= 6).cast(pl.Float64)
    number = value.cast(pl.Float64)
    return number.clip(lower_bound=1.0).log() if quantity is Quantity.DURATION else number


def _levels(rows: Rows, clock: Clock, days: _Days) -> Days:
    """How many rows are alive at the end of each day."""
    changes = [_changes(some, clock, days) for some in rows.buckets()]
    came, went = ([*map(sum, zip(*side, strict=True))] for side in zip(*changes, strict=True))
    level, found = came[0] - went[0], {}
    for place in range(days.size):
        level += came[place + 1] - went[place + 1]
        found[days.first + place] = Sums(1, float(level), float(level) ** 2)
    return found


def _changes(rows: Rows, clock: Clock, days: _Days) -> tuple[list[int], list[int]]:
    """How many rows came, and how many went, before the first day, on the first, and so on."""
    spells, opened, ended = by_spell(rows.lazy(), clock)
    edges = spells.select(
        opened=bin_index(opened, days.instants),
        ended=bin_index(ended, days.instants).fill_null(days.size + 1),
    )
    lives = edges.filter(pl.col("opened") < pl.col("ended")).collect()
    return _counted(lives["opened"], days.size + 1), _counted(lives["ended"], days.size + 1)


def _counted(places: pl.Series, size: int) -> list[int]:
    """How many rows have each place: before the first day, on the first, and so on."""
    counts = [0] * (size + 2)
    for place, n in places.value_counts().iter_rows():
        counts[place + 1] = n
    return counts
