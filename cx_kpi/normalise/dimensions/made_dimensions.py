"""Dimensions made by us: what a contact was like, by its moment, its customer and its wait, in closed vocabularies."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta

import polars as pl

from cx_kpi.model.frozen import dataclass
from cx_kpi.model.options import Config, Options
from cx_kpi.model.schema import MADE
from cx_kpi.normalise.calendar.calendars import Calendar, calendars
from cx_kpi.normalise.calendar.hours import DAY

AT = {"tickets": "created_at", "calls": "queued_at", "surveys": "responded_at"}
WAIT = {"tickets": "first_response_seconds", "calls": "wait_seconds"}
AGES = (30 * DAY, 90 * DAY, 365 * DAY, 730 * DAY)  # seconds, where the next band begins
WAITS = (60, 900, 3_600, 4 * 3_600, DAY, 3 * DAY)
COMPLAINANTS = {"customer": "customer", "agent": "employee"}  # by who opened the ticket
Needs = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Making:
    """The sources of a dimension: a table's rows, when customers came, and the settings."""

    table: str
    rows: pl.DataFrame
    customers: pl.DataFrame | None
    options: Options

    @property
    def at(self) -> pl.Expr:
        """The moment of each row by the clock on the wall."""
        return pl.col(AT[self.table]).dt.convert_time_zone(self.options.timezone)


def needs(table: str, name: str, config: Config) -> Needs | None:
    """The fields of a table that a dimension is made of, those of customers with a dot; None where it cannot be made."""
    at, wait = AT.get(table), WAIT.get(table)
    if at is None or (name == "working_time" and not config.calendar):
        return None
    return {
        "weekday": (at,),
        "hour": (at,),
        "working_time": (at,),
        "wait_band": (wait,) if wait else None,
        "experience": (at, "customer_id") if table != "surveys" else None,
        "age_of_customer": (at, "customer_id", "customers.customer_id", "customers.started_at"),
        "complainant": ("initiator",) if table == "tickets" else None,
    }.get(name)


def with_made(making: Making, names: Sequence[str]) -> pl.DataFrame:
    """The rows with those of the dimensions named that can be made and are not there."""
    found = making.rows
    for name in names:
        own = needs(making.table, name, making.options.config)
        if name in found.columns or own is None or not _has(making, own):
            continue
        made = found.select(BUILD[name](making)).to_series()
        found = found.with_columns(made.cast(pl.Categorical).alias(name))
    return found


def _has(making: Making, own: Needs) -> bool:
    of_customers = {each.removeprefix("customers.") for each in own if "." in each}
    there = set(making.customers.columns) if making.customers is not None else set()
    return {each for each in own if "." not in each} <= set(making.rows.columns) and of_customers <= there


def _weekday(making: Making) -> pl.Expr:
    return _named(making.at.dt.weekday() - 1, MADE["weekday"])


def _hour(making: Making) -> pl.Expr:
    return _named(making.at.dt.hour(), MADE["hour"])


def _named(number: pl.Expr, names: Sequence[str]) -> pl.Expr:
    return number.replace_strict(dict(enumerate(names)), default=None, return_dtype=pl.String)


def _banded(seconds: pl.Expr, limits: Sequence[float], names: Sequence[str]) -> pl.Expr:
    """The name of the band `[from, to)` that a length of time is in; null below none."""
    band = pl.sum_horizontal((seconds >= limit).cast(pl.Int32) for limit in limits)
    return pl.when(seconds >= 0).then(_named(band, names))


def _wait_band(making: Making) -> pl.Expr:
    return _banded(pl.col(WAIT[making.table]), WAITS, MADE["wait_band"])


def _experience(making: Making) -> pl.Expr:
    at = pl.col(AT[making.table])
    first = at == at.min().over("customer_id")
    told = pl.when(first).then(pl.lit("first contact")).when(~first).then(pl.lit("returning"))
    return pl.when(pl.col("customer_id").is_not_null()).then(told)


def _age_of_customer(making: Making) -> pl.Expr:
    customers = making.customers
    assert customers is not None  # noqa: S101 - its needs are met
    came = customers.group_by("customer_id").agg(pl.col("started_at").min())
    rows = making.rows.select("customer_id", at=AT[making.table])
    joined = rows.join(came, on="customer_id", how="left", maintain_order="left")
    age = (pl.col("at") - pl.col("started_at")).dt.total_seconds()
    return pl.lit(joined.select(_banded(age, AGES, MADE["age_of_customer"])).to_series())


def _complainant(_: Making) -> pl.Expr:
    opened = pl.col("initiator").cast(pl.String)
    return opened.replace_strict(COMPLAINANTS, default=None, return_dtype=pl.String)


def _working_time(making: Making) -> pl.Expr:
    """By the first calendar whose conditions a row meets; null where none does."""
    told = pl.lit(None, pl.String)
    for calendar in reversed(calendars(making.options.config.calendar, making.options.timezone)):
        if {name for name, _ in calendar.when} <= set(making.rows.columns):
            inside = pl.lit(_is_open(making.rows[AT[making.table]], calendar))
            said = pl.when(inside).then(pl.lit("in hours")).when(~inside).then(pl.lit("out of hours"))
            meets = [(pl.col(name) == value).fill_null(value=False) for name, value in calendar.when]
            told = pl.when(pl.all_horizontal(meets)).then(said).otherwise(told) if meets else said
    return told


def _is_open(moments: pl.Series, calendar: Calendar) -> pl.Series:
    """Whether a calendar is open at each moment, by its local time; shifts may end after midnight."""
    local = moments.to_frame("at").select(pl.col("at").dt.convert_time_zone(calendar.zone))
    rows = local.select(day=pl.col("at").dt.date(), second=_second(pl.col("at"))).with_row_index("nr")
    first, last = rows["day"].min(), rows["day"].max()
    if not isinstance(first, date) or not isinstance(last, date):
        return pl.Series([None] * len(moments), dtype=pl.Boolean)
    spans = [
        (day + timedelta(days=late), start - late * DAY, end - late * DAY)
        for day, shifts in calendar.shifts(first - timedelta(days=1), last)
        for start, end in shifts
        for late in (0, 1)
    ]
    shifts = pl.DataFrame(spans, schema={"day": pl.Date, "start": pl.Int64, "end": pl.Int64}, orient="row")
    met = rows.join(shifts, on="day").filter(pl.col("second").is_between("start", "end", closed="left"))
    open_rows = pl.Series(rows["nr"].is_in(met["nr"].implode()))
    return pl.select(pl.when(moments.is_not_null()).then(open_rows)).to_series()


def _second(at: pl.Expr) -> pl.Expr:
    """Seconds since midnight."""
    return at.dt.hour().cast(pl.Int64) * 3600 + at.dt.minute().cast(pl.Int64) * 60 + at.dt.second()


BUILD: Mapping[str, Callable[[Making], pl.Expr]] = {
    "experience": _experience,
    "age_of_customer": _age_of_customer,
    "weekday": _weekday,
    "hour": _hour,
    "working_time": _working_time,
    "wait_band": _wait_band,
    "complainant": _complainant,
}
