"""Deadlines by working days, against a walk from one day to the next."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import polars as pl
from canonical import settings
from hypothesis import given
from hypothesis import strategies as st

from cx_kpi.engine.facts.fact import Context, Rows
from cx_kpi.engine.facts.row_deadlines import seconds_until, working_days

ZONE = ZoneInfo("Europe/Berlin")
START = datetime(2026, 3, 23, tzinfo=ZONE)  # a week before the clock is put forward
CLOSED = "2026-03-27"
WEEKS = {  # hours, and of each weekday the minute the last shift ends, from its midnight on
    "office": ({"mon-fri": ["09:00-13:00", "14:00-18:00"]}, dict.fromkeys(range(5), 18 * 60)),
    "night": ({"sun-thu": "22:00-06:00"}, dict.fromkeys((6, 0, 1, 2, 3), 30 * 60)),
    "weekend": ({"sat": "10:00-14:00", "sun": "00:00-24:00"}, {5: 14 * 60, 6: 24 * 60}),
}


def moments():
    """Moments of three weeks, on the minutes at which desks open and close more often than not."""
    return st.one_of(
        st.integers(0, 21 * 24).map(lambda hours: START.astimezone(UTC) + timedelta(hours=hours)),
        st.integers(0, 21 * 288).map(lambda steps: START.astimezone(UTC) + timedelta(minutes=5 * steps)),
    )


def due(deadline, week, moment):
    """The deadline of what begins at a moment."""
    calendar = {"hours": WEEKS[week][0], "timezone": ZONE.key, "days": {CLOSED: "closed"}}
    config = settings(config={"calendar": [calendar]}).config
    rows = pl.DataFrame({"created_at": [moment], "calendar_number": [0]})
    context = Context(Rows(rows), {}, moment.astimezone(ZONE), config)
    seconds = rows.select(seconds_until(deadline, "created_at", context)).item()
    return moment + timedelta(seconds=seconds)


def closings(week, moment):
    """The working days around a moment, and when the desk closes on each."""
    ends = WEEKS[week][1]
    for number in range(-2, 40):
        day = moment.astimezone(ZONE).date() + timedelta(days=number)
        if day.weekday() in ends and day.isoformat() != CLOSED:
            hours, minutes = divmod(ends[day.weekday()], 60)
            local = datetime(day.year, day.month, day.day) + timedelta(hours=hours, minutes=minutes)
            yield day, local.replace(tzinfo=ZONE).astimezone(UTC)


@given(st.sampled_from(sorted(WEEKS)), moments())
def test_the_end_of_the_day_is_the_next_closing_time(week, moment):
    assert due("end_of_day", week, moment) == next(end for _, end in closings(week, moment) if end > moment)


@given(st.sampled_from(sorted(WEEKS)), moments(), st.integers(1, 9))
def test_so_many_working_days_later_the_desk_closes(week, moment, days):
    after = [end for day, end in closings(week, moment) if day > moment.astimezone(ZONE).date()]
    assert due(f"business_days:{days}", week, moment) == after[days - 1]


def test_the_next_working_day_is_one_day_later():
    assert (working_days("next_working_day"), working_days("end_of_day")) == (1, 0)
