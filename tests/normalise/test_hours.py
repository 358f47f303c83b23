"""Opening hours in words: weekdays, shifts, nights, and what is wrong with them."""

import pytest

from cx_kpi.model.errors import UsageProblem
from cx_kpi.normalise.calendar.hours import clock, shifts_of, week_of

HOUR = 3600
DAYTIME = ((9 * HOUR, 17 * HOUR),)


@pytest.mark.parametrize(
    ("words", "days"),
    [
        ("mon-fri", [0, 1, 2, 3, 4]),
        ("sat", [5]),
        ("Sat-Sun", [5, 6]),
        ("mon, wed,fri", [0, 2, 4]),
        ("sat-tue", [0, 1, 5, 6]),
        ("mon-sun", [0, 1, 2, 3, 4, 5, 6]),
    ],
)
def test_weekdays(words, days):
    week = week_of({words: "09:00-17:00"})
    assert [day for day in range(7) if week[day]] == days
    assert {week[day] for day in days} == {DAYTIME}


@pytest.mark.parametrize(
    ("said", "shifts"),
    [
        ("closed", ()),
        (["closed"], ()),
        ("00:00-24:00", ((0, 24 * HOUR),)),
        ("9:00 – 17:00", DAYTIME),
        ("08:59-12:00", ((9 * HOUR - 60, 12 * HOUR),)),
        ("22:00-06:00", ((22 * HOUR, 30 * HOUR),)),
        ("18:00-00:00", ((18 * HOUR, 24 * HOUR),)),
        (["13:30-18:00", "08:00-12:00"], ((8 * HOUR, 12 * HOUR), (13 * HOUR + 1800, 18 * HOUR))),
        (["08:00-12:00", "12:00-18:00"], ((8 * HOUR, 12 * HOUR), (12 * HOUR, 18 * HOUR))),
    ],
)
def test_shifts(said, shifts):
    assert shifts_of(said) == shifts


@pytest.mark.parametrize(
    ("hours", "says"),
    [
        ({"mon-fry": "09:00-17:00"}, "hours: no weekday 'fry'; did you mean fri?"),
        ({"mon": "09:00-25:00"}, "25:00 is no time of day; write 00:00 to 24:00"),
        ({"mon": "09:60-17:00"}, "09:60 is no time of day"),
        ({"mon": "09:00-24:30"}, "24:30 is no time of day"),
        ({"mon": "9-17"}, "'9-17' is no span of time; write for example 09:00-17:00"),
        ({"mon": "09:00-09:00"}, "ends where it starts; a whole day is 00:00-24:00"),
        ({"mon": "24:00-06:00"}, "ends where it starts"),
        ({"mon": ["closed", "09:00-17:00"]}, "'closed' is no span of time"),
        ({"mon": ["09:00-13:00", "12:00-17:00"]}, "12:00 lies within another shift"),
        ({"mon-fri": "22:00-06:00", "sat": "05:00-09:00"}, "05:00 lies within another shift"),
        ({"sun": "22:00-06:00", "mon": "05:00-09:00"}, "05:00 lies within another shift"),
        ({"mon-fri": "09:00-17:00", "fri": "09:00-15:00"}, "hours: fri is said twice"),
    ],
)
def test_hours_that_cannot_be(hours, says):
    with pytest.raises(UsageProblem, match=says):
        week_of(hours)


def test_shifts_may_follow_one_another_around_the_clock():
    assert week_of({"mon-sun": ["06:00-22:00", "22:00-06:00"]})[6] == (
        (6 * HOUR, 22 * HOUR),
        (22 * HOUR, 30 * HOUR),
    )


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "00:00"), (9 * HOUR + 1800, "09:30"), (24 * HOUR, "24:00"), (30 * HOUR, "06:00")],
)
def test_times_of_day(seconds, text):
    assert clock(seconds) == text
