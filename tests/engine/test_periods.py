"""Calendar periods, by hand and as properties."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cx_kpi.engine.time.periods import between, floor, parse_length, shift, year_before, year_start
from cx_kpi.model.errors import UsageProblem

days = st.dates(date(1971, 1, 1), date(2199, 1, 1))
grains = st.sampled_from(["day", "week", "month", "quarter", "year"])


@pytest.mark.parametrize(
    ("day", "grain", "start"),
    [
        ("2027-01-03", "week", "2026-12-28"),  # the Sunday of ISO week 53
        ("2027-01-04", "week", "2027-01-04"),
        ("2026-01-01", "week", "2025-12-29"),
        ("2028-02-29", "month", "2028-02-01"),
        ("2026-06-30", "quarter", "2026-04-01"),
        ("2026-12-31", "year", "2026-01-01"),
        ("2026-12-31", "day", "2026-12-31"),
    ],
)
def test_first_day(day, grain, start):
    assert floor(date.fromisoformat(day), grain).isoformat() == start


@pytest.mark.parametrize(
    ("day", "grain", "periods", "then"),
    [
        ("2026-01-31", "month", 1, "2026-02-28"),
        ("2028-01-31", "month", 1, "2028-02-29"),
        ("2028-02-29", "year", 1, "2029-02-28"),
        ("2026-01-01", "month", -1, "2025-12-01"),
        ("2026-11-30", "quarter", 1, "2027-02-28"),
        ("2026-12-28", "week", 1, "2027-01-04"),
        ("2028-02-28", "day", 2, "2028-03-01"),
    ],
)
def test_shifted(day, grain, periods, then):
    assert shift(date.fromisoformat(day), grain, periods).isoformat() == then


@given(days, grains)
def test_a_day_lies_in_its_period(day, grain):
    start = floor(day, grain)
    assert start <= day < shift(start, grain, 1)
    assert floor(start, grain) == start
    assert shift(shift(start, grain, 1), grain, -1) == start


@given(days, st.integers(1, 800), grains)
def test_periods_cover_a_span_without_gaps(start, length, grain):
    end = start + timedelta(days=length)
    marks = list(between(start, end, grain))
    assert marks[0] == floor(start, grain)
    assert marks[-2] < end <= marks[-1]
    assert marks[1:] == [shift(mark, grain, 1) for mark in marks[:-1]]


@pytest.mark.parametrize(
    ("text", "length"),
    [("3m", (3, "month")), ("12 weeks", (12, "week")), (" 1 Quarter ", (1, "quarter")), ("30D", (30, "day"))],
)
def test_lengths(text, length):
    assert parse_length(text) == length


@pytest.mark.parametrize("text", ["", "m", "0m", "-1m", "3 moons", "1.5m", "99999d"])
def test_no_length(text):
    with pytest.raises(UsageProblem, match="write for example 3m"):
        parse_length(text)


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("3 months", (3, "month")),
        ("2 weeks", (2, "week")),
        ("1 quarter", (1, "quarter")),
        ("3 месяца", (3, "month")),
        ("12 недель", (12, "week")),
        ("5 лет", (5, "year")),
        ("21 день", (21, "day")),
        ("2 кв.", (2, "quarter")),
        ("12W", (12, "week")),
    ],
)
def test_spans_in_words(text, length):
    assert parse_length(text) == length


@pytest.mark.parametrize("said", [4, "4", "april", "April", "apr", "апрель", "апр.", "апреля"])
def test_the_month_a_year_starts_in(said):
    assert year_start(said) == 4


@pytest.mark.parametrize("said", [0, 13, "spring", "", "1.5"])
def test_no_month(said):
    with pytest.raises(UsageProblem, match="fiscal_year_starts"):
        year_start(said)


@given(days, st.integers(1, 12), st.sampled_from(["quarter", "year"]))
def test_fiscal_periods_hold_their_days_and_follow_one_another(day, month, grain):
    start = floor(day, grain, month)
    after = shift(start, grain, 1)
    assert start <= day < after
    assert floor(after, grain, month) == after
    assert floor(after - timedelta(days=1), grain, month) == start
    assert (start.month - month) % (3 if grain == "quarter" else 12) == 0


@given(days)
def test_a_year_before_keeps_the_weekday_or_the_date(day):
    assert year_before(day, whole=False).weekday() == day.weekday()
    assert (day - year_before(day, whole=False)).days == 364
    first = day.replace(day=1)
    assert year_before(first, whole=True) == first.replace(year=first.year - 1)
