"""Facts in open time: which calendar counts for a row, and its waits by it."""

from collections.abc import Iterable, Mapping
from functools import reduce

import polars as pl

from cx_kpi.engine.facts.fact import SEEN, Build, Context, Fact, zone_of
from cx_kpi.engine.time.open_time import MICRO, OpenTime, open_time
from cx_kpi.engine.time.windows import microseconds
from cx_kpi.model.options import Config
from cx_kpi.normalise.calendar.calendars import Calendar, calendars

STAMPS = ("created_at", "first_response_at", "solved_at", "at", "next_response_at")
NONE = pl.lit(None, dtype=pl.Float64)


def known(context: Context) -> tuple[Calendar, ...]:
    """The calendars of the configuration, in the order they are tried."""
    return calendars(context.config.calendar, str(zone_of(context)))


def _number(context: Context) -> pl.Expr:
    """The place of the first calendar whose conditions a row meets; null where none does."""
    number = pl.lit(None, dtype=pl.Int64)
    for place, calendar in reversed(list(enumerate(known(context)))):
        if context.rows.columns.issuperset(name for name, _ in calendar.when):
            number = (
                pl.when(holds(calendar.when)).then(place).otherwise(number)
                if calendar.when
                else pl.lit(place)
            )
    return number


def holds(when: Iterable[tuple[str, str]]) -> pl.Expr:
    """Whether the fields of a row have these values."""
    parts = [(pl.col(name) == value).fill_null(value=False) for name, value in when]
    return reduce(lambda a, b: a & b, parts, pl.lit(value=True))


def _table(context: Context) -> OpenTime:
    """Open time from the first date to the last, or to the moment of the report."""
    first, last = reach(context)
    return open_time(known(context), first // MICRO, last // MICRO)


def reach(context: Context) -> tuple[int, int]:
    """The first and last moment of the rows, in microseconds since 1970-01-01 UTC."""
    base = context.rows.base
    columns = [base[name].to_physical() for name in STAMPS if name in base.columns]
    found = [edge for column in columns for edge in (column.min(), column.max()) if isinstance(edge, int)]
    now = microseconds(context.as_of)
    return min([now, *found]), max([now, *found])


def _until(name: str, context: Context) -> pl.Expr:
    return _table(context).until(pl.col(name), pl.col("calendar_number"))


def _kept(context: Context, fact: pl.Expr) -> pl.Series:
    """A fact worked out once, since many figures read it."""
    return context.rows.lazy().select(fact).collect().to_series()


def _at_start(start: str) -> Build:
    """The open time until a row begins."""

    def build(context: Context) -> pl.Series | pl.Expr:
        return _kept(context, _until(start, context)) if context.config.calendar else NONE

    return build


def _since_start(end: str) -> Build:
    """Open seconds from where a row begins to a date."""

    def build(context: Context) -> pl.Series | pl.Expr:
        if not context.config.calendar:
            return NONE
        return _kept(context, (_until(end, context) - pl.col("open_at_start")) / MICRO)

    return build


def _age(context: Context) -> pl.Expr:
    if not context.config.calendar:
        return NONE
    return (_until(SEEN, context) - pl.col("open_at_start")) / MICRO


def has_calendar(config: Config) -> bool:
    """Whether there is a business calendar."""
    return bool(config.calendar)


def _fact(build: Build, *needs: str) -> Fact:
    return Fact(build, needs, setting=has_calendar, setting_name="calendar", reads=("calendar",))


def facts(start: str, waits: Mapping[str, str]) -> dict[str, Fact]:
    """Facts of a table whose rows begin at the date `start`; `waits` are names of facts and the dates that end them."""
    started = ("open_at_start", "calendar_number")
    return {
        "calendar_number": _fact(_number),
        "open_at_start": _fact(_at_start(start), start, "calendar_number"),
        **{name: _fact(_since_start(end), end, *started) for name, end in waits.items()},
        "age_business_seconds": _fact(_age, start, SEEN, *started),
    }
