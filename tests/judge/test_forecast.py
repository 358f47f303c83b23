import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cx_kpi.judge.verdicts.forecast import backlog_ahead, forecast, pace
from cx_kpi.model.values import Target

HIGH, LOW = Target(">=", 0.9), Target("<=", 0.05)


def test_the_forecast_is_the_median_of_the_latest_four():
    found = forecast([900, 100, 102, 98, 500])
    assert [week.value for week in found.weeks] == [101] * 4
    assert forecast([1, 2, 3]) is None


def test_a_horizon_has_an_interval_from_four_past_errors():
    assert [week.interval is None for week in forecast([100] * 7).weeks] == [True] * 4
    assert [week.interval is None for week in forecast([100] * 8).weeks] == [False, True, True, True]
    assert [week.interval for week in forecast([100] * 11).weeks] == [pytest.approx((100, 100))] * 4


@pytest.mark.parametrize("length", [16, 30, 60])
@pytest.mark.parametrize("horizon", [1, 4])
def test_four_of_five_weeks_fall_into_their_interval(length, horizon):
    chance = random.Random(length + horizon)
    hits = 0
    for _ in range(600):
        weeks = [chance.lognormvariate(5, 0.2) for _ in range(length + horizon)]
        low, high = forecast(weeks[:length]).weeks[horizon - 1].interval
        hits += low <= weeks[-1] <= high
    assert 0.75 <= hits / 600 <= 0.9


def test_a_season_is_used_from_two_years_on_where_it_does_better():
    year = [100 + 80 * (week % 52 > 40) for week in range(130)]
    found = forecast(year)
    assert found.seasonal
    assert [week.value for week in found.weeks] == [year[(130 + i) % 52] for i in range(4)]
    assert found.weeks[0].error == 0
    assert not forecast(year[:103]).seasonal
    assert not forecast([float(week) for week in range(130)]).seasonal


@given(st.lists(st.integers(0, 500), min_size=5, max_size=40))
def test_a_backlog_never_falls_below_none(levels):
    for week in backlog_ahead(levels):
        assert week.value >= 0
        assert week.interval is None or 0 <= week.interval[0] <= week.value <= week.interval[1]


def test_a_backlog_goes_on_as_it_went():
    found = backlog_ahead([100 + 5 * i for i in range(30)])
    assert [week.value for week in found] == [250, 255, 260, 265]
    assert backlog_ahead([1, 2, 3, 4]) == ()
    assert [backlog_ahead([100] * n)[0].interval for n in (8, 9)] == [None, (100, 100)]


def test_pace():
    behind = pace(80, 100, 100, HIGH)
    assert (behind.met, behind.cases, behind.needed) == (False, 10, 1.0)
    assert pace(80, 100, 50, HIGH).needed is None  # out of reach
    assert pace(95, 100, 100, HIGH).needed == pytest.approx(0.85)
    assert pace(95, 100, 100, HIGH).met
    assert pace(8, 100, 100, LOW).cases == 3
    assert pace(8, 100, 100, LOW).needed == pytest.approx(0.02)
    assert pace(20, 100, 100, LOW).needed is None
    assert pace(9, 10, 0, HIGH).needed is None
    assert pace(0, 0, 9, HIGH) is None


@pytest.mark.parametrize("weeks", [[5] * 30 + [0] * 4, [0, 1, 0, 0] * 9])
def test_where_the_usual_week_has_nothing_nothing_is_foretold(weeks):
    assert forecast(weeks) is None
    assert not backlog_ahead([0] * 30)
    assert forecast([*weeks, 3, 4, 3, 4]) is not None
