from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from cx_kpi.judge.statistics.series import Period, Series
from cx_kpi.judge.statistics.trend import growth, since, trend
from cx_kpi.model.sums import Quantity, Sums

START = 738_158  # a Monday


@given(st.lists(st.integers(0, 9), min_size=10, max_size=40))
def test_sen_and_kendall_agree_with_scipy(values):
    found = trend(values)
    places = range(len(values))
    assert found.slope == pytest.approx(stats.theilslopes(values, places).slope)
    if len({*values}) > 1:
        score = sum((b > a) - (b < a) for i, a in enumerate(values) for b in values[i + 1 :])
        ties = [values.count(each) for each in {*values}]
        n = len(values)
        variance = (n * (n - 1) * (2 * n + 5) - sum(k * (k - 1) * (2 * k + 5) for k in ties)) / 18
        z = (score - (score > 0) + (score < 0)) / variance**0.5
        assert found.p == pytest.approx(2 * stats.norm.sf(abs(z)))


def test_a_trend_needs_ten_points():
    assert trend([*range(9)]) is None
    assert trend([*range(10)]).p < 0.001
    assert trend([*range(5), None, *range(5)]) is not None
    assert trend([4.0] * 12).p == 1


def stock(levels):
    days = {START + 6 + 7 * i: Sums(1, level, level**2) for i, level in enumerate(levels)}
    return Series("backlog", Quantity.STOCK, days), [Period(START, START + 7 * len(levels))]


def test_a_stock_that_grows_is_told_by_its_steps_of_four_weeks_in_the_latest_year():
    levels = [100 + 9 * i + (i * 7) % 5 for i in range(70)]
    found = growth(*stock(levels))
    used = levels[-53::4]
    steps = [b - a for a, b in pairwise(used)]
    expected = stats.ttest_1samp(steps, 0)
    assert found.p == pytest.approx(expected.pvalue, abs=1e-12)
    assert found.weekly == pytest.approx(sum(steps) / 52)
    assert found.interval == pytest.approx([each / 4 for each in expected.confidence_interval()])
    assert (found.first, found.latest) == (used[0], levels[-1])


def test_a_shorter_history_goes_week_by_week():
    levels = [100 + 9 * i + (i * 7) % 5 for i in range(20)]
    steps = [b - a for a, b in pairwise(levels)]
    assert growth(*stock(levels)).p == pytest.approx(stats.ttest_1samp(steps, 0).pvalue, abs=1e-12)


def test_growth_says_in_which_period_it_starts():
    series, (whole,) = stock([100 + 9 * i + (i * 7) % 5 for i in range(70)])
    months = [Period(day, day + 35) for day in range(whole.start, whole.end, 35)]
    assert growth(series, months).since == (7 * 17 + 6) // 35


def test_a_stock_that_returns_does_not_grow():
    assert growth(*stock([100 + (i * 37) % 50 for i in range(60)])).p > 0.5
    assert growth(*stock([1, 2] * 6)) is None  # eleven steps
    assert growth(*stock([5] * 30)) is None


def test_since_when():
    assert since([0.9, 0.9, 0.8, 0.8, 0.8], [100] * 5) == 2
    assert since([0.9, 0.9, 0.9, 0.9, 0.8], [100] * 5) == 4
    assert since([0.9, None, 0.9, 0.8, 0.8], [100, 0, 100, 100, 100]) == 3
