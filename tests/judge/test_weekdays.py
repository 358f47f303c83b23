import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cx_kpi.judge.statistics.series import Period, Series
from cx_kpi.judge.statistics.weekdays import even, filled
from cx_kpi.model.sums import Quantity, Sums

START = 738_158  # a Monday
MONTHS = [Period(START + a, START + b) for a, b in ((0, 31), (31, 59), (59, 90), (90, 120))]


def days(hits, rows=lambda _: 100):
    return {day: Sums(rows(day), hits(day), hits(day)) for day in range(START, START + 120) if rows(day)}


def monday_is_worse(day):
    return 40 if day % 7 == 1 else 90


def test_a_month_with_more_mondays_is_as_good_as_the_others():
    found = even(Series("x", Quantity.SHARE, days(monday_is_worse)), MONTHS)
    raw = [rows.rate for rows in found.rows]
    assert max(raw) - min(raw) > 0.008
    evened = found.rates
    assert max(evened) - min(evened) < 0.001


def test_weekdays_that_differ_by_chance_alone_stay_as_they_are():
    chance = random.Random(3)
    drawn = {day: sum(chance.random() < 0.8 for _ in range(100)) for day in range(START, START + 120)}
    found = even(Series("x", Quantity.SHARE, days(drawn.get)), MONTHS)
    for raw, evened in zip(found.rows, found.rates, strict=True):
        assert evened == pytest.approx(raw.rate, abs=1e-3)
    assert found.spread == pytest.approx(1, abs=0.01)


def test_a_desk_closed_at_weekends_gets_as_much_a_working_day():
    def rows(day):
        return 0 if day % 7 in (6, 0) else 20

    found = even(Series("created", Quantity.COUNT, days(rows, rows)), MONTHS)
    assert [each.total for each in found.rows] == [
        sum(map(rows, range(month.start, month.end))) for month in MONTHS
    ]
    assert max(found.rates) == pytest.approx(min(found.rates), rel=1e-3)


@settings(max_examples=20)
@given(st.lists(st.tuples(st.integers(0, 40), st.floats(0, 1)), min_size=120, max_size=120))
def test_evening_moves_nothing_between_rows_of_all_periods(drawn):
    table = {START + i: Sums(n, round(n * p), round(n * p)) for i, (n, p) in enumerate(drawn)}
    found = even(Series("x", Quantity.SHARE, table), MONTHS)
    pieces = [piece for period in found.periods for piece in period]
    assert sum(piece.n for piece in pieces) == sum(sums.n for sums in table.values())
    assert sum(piece.total for piece in pieces) == pytest.approx(
        sum(sums.total for sums in table.values()), abs=1e-6
    )


@pytest.mark.parametrize(
    ("kind", "scale", "low", "high"), [(Quantity.NET, None, -100, 100), (Quantity.SCORE, (1, 5), 1, 5)]
)
def test_bounded_contributions_run_from_nothing_to_one(kind, scale, low, high):
    table = {START + i: Sums(2, low + high, low**2 + high**2) for i in range(120)}
    found = even(Series("x", kind, table, scale=scale), MONTHS)
    assert found.rates == pytest.approx([0.5] * 4)
    assert found.spread == pytest.approx(1, abs=0.02)
    assert found.rows[0] == Sums(62, 31, pytest.approx(31))


def test_a_weekday_with_most_of_its_rows_in_good_weeks_is_no_better_one():
    """Rows are held against the rate of their own week: on no weekday they are better than on the others."""
    weeks = [Period(START + 7 * i, START + 7 * i + 7) for i in range(12)]
    table = {}
    for day in range(START, START + 84):
        good, monday = (day - START) // 7 % 2 == 0, (day - START) % 7 == 0
        rows = 400 if good is monday else 100
        hits = round(rows * (0.9 if good else 0.2))
        table[day] = Sums(rows, hits, hits)
    found = even(Series("x", Quantity.SHARE, table), weeks)
    assert found.rates == pytest.approx([0.9, 0.2] * 6, abs=1e-3)


def test_days_outside_the_periods_do_not_count():
    table = {START - 1: Sums(9, 9, 9), **days(lambda _: 50), START + 120: Sums(9, 9, 9)}
    assert [rows.n for rows in even(Series("x", Quantity.SHARE, table), MONTHS).rows] == [
        3100,
        2800,
        3100,
        3000,
    ]


def test_rows_of_one_weekday_a_month_say_nothing_of_weekdays():
    """Each month asks on one day: months differ, not the weekdays those days happen to be."""
    asked = {month.start: share for month, share in zip(MONTHS, (0.8, 0.5, 0.9, 0.6), strict=True)}
    series = Series("x", Quantity.SHARE, {day: Sums(100, 100 * p, 100 * p) for day, p in asked.items()})
    assert even(series, MONTHS).rates == pytest.approx([0.8, 0.5, 0.9, 0.6])


@pytest.mark.parametrize("quantity", [Quantity.COUNT, Quantity.SHARE, Quantity.DURATION])
def test_a_single_day_is_as_one_of_several(quantity):
    known = {day: Sums(4 + day % 3, 3.0, 3.0) for day in range(736_000, 736_010)}
    found = Series("csat", quantity, known)
    for day in known:
        (alone,) = filled(found, [Period(day, day + 1)])
        both = [filled(replace(found, days={day: known[day]}), [Period(day, day + 7)])[0], alone]
        if quantity is not Quantity.COUNT:  # of which days without rows count, too
            parts = [(each.days, each.weeks, each.sums, each.rows, each.totals) for each in both]
            assert parts[0] == parts[1]
        assert alone.rows[(day - 1) % 7] == alone.sums.n == (1 if quantity is Quantity.COUNT else 4 + day % 3)
        assert alone.away is None
