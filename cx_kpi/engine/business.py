"""Facts about tickets in open time: which calendar counts, and the waits by it."""

from collections.abc import Iterable
from functools import reduce

import polars as pl

from cx_kpi.engine.fact import Build, Context, Fact, zone_of
from cx_kpi.engine.open_time import MICRO, OpenTime, open_time
from cx_kpi.engine.windows import microseconds
from cx_kpi.normalise.calendars import Calendar, calendars
from cx_kpi.options import Config

STAMPS = ("created_at", "first_response_at", "solved_at")
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
    """Open time from the first creation to the last date, or to the moment of the report."""
    first, last = reach(context)
    return open_time(known(context), first // MICRO, last // MICRO)


def reach(context: Context) -> tuple[int, int]:
    """The first and the last moment of the tickets, in microseconds since 1970-01-01 UTC."""
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


def _at_creation(context: Context) -> pl.Series | pl.Expr:
    return _kept(context, _until("created_at", context)) if context.config.calendar else NONE


def _since_creation(name: str) -> Fact:
    """Open seconds from the creation to another date."""

    def build(context: Context) -> pl.Series | pl.Expr:
        if not context.config.calendar:
            return NONE
        return _kept(context, (_until(name, context) - pl.col("open_at_creation")) / MICRO)

    return _fact(build, name, "open_at_creation", "calendar_number")


def _age(context: Context) -> pl.Expr:
    if not context.config.calendar:
        return NONE
    return (_until("seen_at", context) - pl.col("open_at_creation")) / MICRO


def has_calendar(config: Config) -> bool:
    """Whether there is a business calendar."""
    return bool(config.calendar)


def _fact(build: Build, *needs: str) -> Fact:
    return Fact(build, needs, setting=has_calendar, setting_name="calendar")


FACTS = {
    "calendar_number": _fact(_number),
    "open_at_creation": _fact(_at_creation, "created_at", "calendar_number"),
    "first_response_business_seconds": _since_creation("first_response_at"),
    "resolution_business_seconds": _since_creation("solved_at"),
    "age_business_seconds": _fact(_age, "created_at", "seen_at", "open_at_creation", "calendar_number"),
}
