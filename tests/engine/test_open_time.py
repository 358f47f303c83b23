"""Open time: worked cases to the minute, a walk minute by minute, and what holds of any calendar."""

from datetime import UTC, datetime, timedelta
from unittest import mock
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from cx_kpi.engine.time.open_time import open_time
from cx_kpi.model.options import CalendarRule
from cx_kpi.normalise.calendar.calendars import calendars
from cx_kpi.normalise.calendar.hours import WEEKDAYS

MINUTE, DAY = 60, 86_400
ALWAYS = {"mon-sun": "00:00-24:00"}
OFFICE = {"mon-fri": "09:00-17:00"}
TURNS = {  # zones, and days on which their clocks are put forward, back, or over a whole day
    "Europe/Berlin": ("2026-03-29", "2026-10-25"),
    "America/New_York": ("2026-03-08", "2026-11-01"),
    "Australia/Lord_Howe": ("2026-04-05", "2026-10-04"),
    "Pacific/Apia": ("2011-12-30", "2011-04-02"),
    "Africa/Casablanca": ("2026-02-15", "2026-03-22"),
    "America/Havana": ("2026-03-08", "2026-11-01"),
    "Asia/Kathmandu": ("2026-06-01", "2026-06-02"),
}


def seconds(text, zone):
    """A time by the clock on the wall, in seconds since 1970."""
    return round(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).timestamp())


def rules(zone, hours, **more):
    return calendars([CalendarRule(hours, **more)], zone)


def passed(desk, moments):
    """The open seconds until each moment."""
    table = open_time(desk, min(moments), max(moments))
    rows = pl.DataFrame({"at": [at * 1_000_000 for at in moments]}, {"at": pl.Datetime("us")})
    found = rows.select(table.until(pl.col("at").dt.replace_time_zone("UTC"), pl.lit(0))).to_series()
    return [micros / 1_000_000 for micros in found]


def between(desk, start, end):
    """The open seconds between two moments."""
    first, last = passed(desk, [start, end])
    return last - first


@given(st.sampled_from(sorted(TURNS)), st.lists(st.integers(0, 40 * DAY), min_size=2, max_size=9))
@settings(max_examples=30, deadline=None)
def test_a_search_says_what_a_table_of_slots_does(zone, after):
    """Where opening times are odd and a date is far away, a table would be large."""
    rule = CalendarRule({"mon-fri": ["09:07-12:31", "13:02-17:53"], "sat": "22:11-02:05"})
    desks = (*calendars([rule], zone), *rules(zone, OFFICE))
    start = seconds("2026-03-20 00:00", zone)
    ends = (start, start + 40 * DAY)
    moments = pl.DataFrame({"at": [(start + each) * 1_000_000 for each in after]})
    at, odd = pl.col("at").cast(pl.Datetime("us")), pl.int_range(pl.len()) % 2

    def told():
        open_time.cache_clear()
        return moments.select(open_time(desks, *ends).until(at, odd)).to_series().to_list()

    slots = told()
    with mock.patch("cx_kpi.engine.time.open_time.MOST", 10):
        searched = told()
    open_time.cache_clear()
    assert slots == searched


@pytest.mark.parametrize(
    ("hours", "days", "start", "end", "calendar", "business"),
    [
        (OFFICE, {}, "2026-03-27 16:30", "2026-03-30 09:15", 3825, 45),
        (
            OFFICE,
            {"2026-04-03": "closed", "2026-04-06": "closed"},
            "2026-04-02 16:00",
            "2026-04-07 10:00",
            6840,
            120,
        ),
        ({"mon-fri": "22:00-06:00"}, {}, "2026-04-06 23:00", "2026-04-07 07:00", 480, 420),
        ({"mon-fri": ["08:00-12:00", "13:30-18:00"]}, {}, "2026-04-07 11:30", "2026-04-07 14:00", 150, 60),
        (ALWAYS, {}, "2026-03-28 12:00", "2026-03-29 12:00", 1380, 1380),
    ],
)
def test_worked_cases(hours, days, start, end, calendar, business):
    zone = "Europe/London"
    first, last = seconds(start, zone), seconds(end, zone)
    assert (last - first) / MINUTE == calendar
    assert between(rules(zone, hours, days=days), first, last) / MINUTE == business


def test_the_second_saturday_of_a_moved_week_in_russia():
    desk = rules("Europe/Moscow", OFFICE, holidays="RU")
    start, end = (seconds(text, "Europe/Moscow") for text in ("2024-04-26 16:00", "2024-05-02 10:00"))
    assert (
        between(desk, start, end) == 10 * 3600
    )  # an hour on Friday, a day on Saturday the 27th, an hour in May


def test_versions_change_at_local_midnight():
    zone = "Asia/Tokyo"
    said = [CalendarRule(OFFICE), CalendarRule(ALWAYS, since=datetime(2026, 3, 4).date())]
    start, end = (seconds(text, zone) for text in ("2026-03-03 16:00", "2026-03-04 01:00"))
    assert between(calendars(said, zone), start, end) == 2 * 3600


def test_rows_without_a_calendar_or_a_moment_have_none():
    table = open_time(rules("UTC", OFFICE), 0, 10 * DAY)
    rows = pl.DataFrame(
        {"at": [None, 0, DAY * 1_000_000], "number": [0, None, 0]},
        {"at": pl.Datetime("us", "UTC"), "number": pl.Int64},
    )
    found = rows.select(table.until(pl.col("at"), pl.col("number"))).to_series().to_list()
    assert found == [None, None, 8 * 3600 * 1_000_000]


def test_several_calendars_share_a_table():
    said = [
        CalendarRule(ALWAYS, name="chat", when={"channel": "chat"}, timezone="Asia/Tokyo"),
        CalendarRule(OFFICE),
    ]
    desk = calendars(said, "America/New_York")
    start, end = (seconds(text, "America/New_York") for text in ("2026-03-06 16:00", "2026-03-09 10:00"))
    table = open_time(desk, start, end)
    rows = pl.DataFrame({"at": [start, end] * 2, "number": [0, 0, 1, 1]})
    at = (pl.col("at") * 1_000_000).cast(pl.Datetime("us")).dt.replace_time_zone("UTC")
    a, b, c, d = rows.select(table.until(at, pl.col("number"))).to_series() / 1e6
    assert (b - a, d - c) == (end - start, 2 * 3600)


TIMES = st.integers(0, 95).map(lambda quarter: quarter * 15)


@st.composite
def weeks(draw):
    """Hours of a week: no, one or two shifts on each day, nights too."""
    found = {}
    for name in WEEKDAYS:
        edges = sorted(draw(st.lists(TIMES, min_size=0, max_size=4, unique=True)))
        pairs = list(zip(edges[::2], edges[1::2], strict=False))
        if pairs:
            found[name] = [f"{clock(start)}-{clock(end)}" for start, end in pairs]
    if draw(st.booleans()) and not found.get("tue") and not found.get("wed"):
        found["tue"] = "22:00-00:30"
    assume(found)
    return found


def clock(minutes):
    return f"{minutes // 60:02}:{minutes % 60:02}"


ZONES = st.sampled_from(sorted(TURNS))


@st.composite
def spans(draw, zone, longest=4 * 24 * 60):
    """Two moments near a day on which the zone's clock jumps, in whole minutes."""
    turn = draw(st.sampled_from(TURNS[zone]))
    start = seconds(f"{turn} 00:00", "UTC") + draw(st.integers(-2 * 24 * 60, 24 * 60)) * MINUTE
    return start, start + draw(st.integers(0, longest)) * MINUTE


def walked(week, zone, start, end):
    """Minutes in which local time is within opening hours, one by one."""
    shifts = {
        day: [tuple(map(minutes, said.split("-"))) for said in ([texts] if isinstance(texts, str) else texts)]
        for day, texts in ((WEEKDAYS.index(name), texts) for name, texts in week.items())
    }
    count = 0
    for moment in range(start, end, MINUTE):
        local = datetime.fromtimestamp(moment, UTC).astimezone(ZoneInfo(zone))
        at = local.hour * 60 + local.minute
        today, before = shifts.get(local.weekday(), []), shifts.get((local.weekday() - 1) % 7, [])
        count += any(first <= at < (last if last > first else last + 1440) for first, last in today) or any(
            last <= first and at < last for first, last in before
        )
    return count


def minutes(text):
    return int(text[:2]) * 60 + int(text[3:])


@given(st.data(), weeks(), ZONES)
@settings(max_examples=60, deadline=None)
def test_same_as_a_walk_minute_by_minute(data, week, zone):
    start, end = data.draw(spans(zone))
    assert between(rules(zone, week), start, end) / MINUTE == walked(week, zone, start, end)


@given(st.data(), weeks(), ZONES)
@settings(max_examples=60, deadline=None)
def test_never_negative_never_more_than_by_the_calendar_and_additive(data, week, zone):
    start, end = data.draw(spans(zone, longest=600 * 24 * 60))
    middle = data.draw(st.integers(start, end))
    first, part, last = passed(rules(zone, week), [start, middle, end])
    assert 0 <= part - first <= middle - start
    assert 0 <= last - part <= end - middle
    assert (part - first) + (last - part) == between(rules(zone, week), start, end)


@given(st.data(), ZONES)
@settings(max_examples=40, deadline=None)
def test_around_the_clock_is_by_the_calendar(data, zone):
    start, end = data.draw(spans(zone, longest=3000 * 24 * 60))
    assert between(rules(zone, ALWAYS), start, end) == end - start


@given(st.data(), weeks(), st.integers(1, 200))
@settings(max_examples=40, deadline=None)
def test_whole_weeks_later_it_is_the_same_where_no_clock_changes(data, week, later):
    zone = "Asia/Kathmandu"
    start, end = data.draw(spans(zone))
    shift = later * 7 * DAY
    assert between(rules(zone, week), start, end) == between(rules(zone, week), start + shift, end + shift)


@given(st.data(), weeks(), ZONES)
@settings(max_examples=30, deadline=None)
def test_a_day_closed_takes_away_what_that_day_alone_has(data, week, zone):
    start, end = data.draw(spans(zone))
    turn = datetime.fromisoformat(data.draw(st.sampled_from(TURNS[zone]))).date()
    closed = rules(zone, week, days={turn.isoformat(): "closed"})
    alone = rules(zone, week, since=turn, until=turn + timedelta(days=1))
    whole = between(rules(zone, week), start, end)
    assert whole == between(closed, start, end) + between(alone, start, end)


def test_a_long_time_needs_no_more_rows():
    desk = rules("Europe/Berlin", OFFICE)
    start, end = seconds("1990-01-01", "Europe/Berlin"), seconds("2040-01-01", "Europe/Berlin")
    days = (datetime(1990, 1, 1) + timedelta(days=k) for k in range(18_262))
    assert between(desk, start, end) == sum(day.weekday() < 5 for day in days) * 8 * 3600
