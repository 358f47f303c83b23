import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import stats

from cx_kpi.engine.ranks.quantile_ranks import median_ranks, quantile_ranks, ranks_of_each
from cx_kpi.judge.statistics.closed_forms import (
    association,
    composite_change,
    few_weeks,
    geometric_ratio,
    poisson_interval,
    rate_ratio,
)
from cx_kpi.judge.statistics.distributions import chi_square_tail, poisson_tail
from cx_kpi.judge.statistics.intervals import bounded_mean
from cx_kpi.judge.statistics.series import Period, Series
from cx_kpi.judge.statistics.weekdays import even
from cx_kpi.model.figures import Mean
from cx_kpi.model.sums import Quantity, Sums

counts = st.integers(0, 5000)
means = st.builds(Mean, st.integers(2, 2000), st.floats(1, 5), st.floats(0.001, 4))


@given(st.floats(0.001, 3000), st.floats(0.5, 300))
def test_chi_square_agrees_with_scipy(x, df):
    assert chi_square_tail(x, df) == pytest.approx(stats.chi2.sf(x, df), abs=1e-9)


@given(st.integers(0, 2000), st.floats(0.01, 2000))
def test_poisson_agrees_with_scipy(k, mean):
    assert poisson_tail(k, mean) == pytest.approx(stats.poisson.sf(k - 1, mean), abs=1e-9)


def test_the_interval_of_no_events_begins_at_zero():
    assert poisson_interval(0)[0] == 0


@settings(max_examples=40)
@given(counts)
def test_interval_of_a_count_leaves_a_fortieth_on_each_side_by_mid_p(k):
    low, high = poisson_interval(k)
    above = stats.poisson.sf(k, low) + stats.poisson.pmf(k, low) / 2 if k else 0.025
    below = stats.poisson.cdf(k - 1, high) + stats.poisson.pmf(k, high) / 2
    assert (above, below) == pytest.approx((0.025, 0.025), abs=1e-9)


@settings(max_examples=40)
@given(counts)
def test_interval_of_a_count_is_inside_that_of_garwood(k):
    low, high = poisson_interval(k)
    assert stats.chi2.ppf(0.025, 2 * k) / 2 < low < k < high or k == 0
    assert high < stats.chi2.ppf(0.975, 2 * k + 2) / 2


@settings(max_examples=25)
@given(st.integers(1, 5000), st.floats(1.5, 9))
def test_overdispersed_counts_are_wider(k, factor):
    low, high = poisson_interval(k, factor)
    assert low < poisson_interval(k)[0] <= poisson_interval(k)[1] < high


def test_a_few_events_that_are_much_overdispersed_have_an_interval():
    low, high = poisson_interval(1, 7111.9)
    assert low == pytest.approx(0, abs=1e-6)
    assert 7112 < high < 7 * 7112


@given(st.integers(0, 500), st.integers(0, 500), st.integers(1, 400), st.integers(1, 400))
def test_rate_ratio_is_the_binomial_of_all_events(events, before, days, days_before):
    assume(events + before)
    found = rate_ratio(events, days, before, days_before)
    part = days / (days + days_before)
    tails = stats.binom.cdf(events, events + before, part), stats.binom.sf(events - 1, events + before, part)
    assert found.p == pytest.approx(min(1, 2 * min(tails)), abs=1e-9)
    if before:
        assert found.change == pytest.approx(events / days / (before / days_before) - 1)
        assert found.interval[0] <= found.change <= found.interval[1]


@given(means, means)
def test_ratio_of_geometric_means_is_welch_on_logs(current, previous):
    expected = stats.ttest_ind_from_stats(
        current.mean, current.variance**0.5, current.n,
        previous.mean, previous.variance**0.5, previous.n,
        equal_var=False,
    )  # fmt: skip
    assert geometric_ratio(current, previous).p == pytest.approx(expected.pvalue, abs=1e-9)


@given(st.lists(st.lists(st.integers(0, 300), min_size=3, max_size=3), min_size=2, max_size=4))
def test_association_agrees_with_scipy(table):
    assume(all(map(sum, table)) and all(map(sum, zip(*table, strict=True))))
    found = association(table)
    expected = stats.chi2_contingency(table, correction=False)
    assert found.statistic == pytest.approx(expected.statistic)
    assert found.p == pytest.approx(expected.pvalue, abs=1e-9)


def test_a_composition_of_60_to_40_turned_round_is_a_change():
    found = association([[60, 40], [40, 60]])
    assert found.p == pytest.approx(0.004678, abs=1e-6)
    assert abs(found.residual) == pytest.approx(2.8284, abs=1e-4)


def test_one_row_or_one_column_is_no_table():
    assert association([[3, 4]]) is None
    assert association([[3, 0], [4, 0]]) is None


@given(st.integers(1, 3000), st.sampled_from([0.1, 0.5, 0.9]))
def test_ranks_between_whole_ones_are_inside_them(n, q):
    ranks = quantile_ranks(n, q)
    assert (ranks is None) == (median_ranks(n, q) is None)
    if ranks:
        low, high = median_ranks(n, q)
        assert low <= ranks[0] <= low + 1
        assert high - 1 <= ranks[1] <= high


@pytest.mark.parametrize("q", [0.5, 0.9])
def test_ranks_among_many_rows_go_on_as_among_few(q):
    (low, high), (low1, high1) = quantile_ranks(99_999, q), quantile_ranks(100_000, q)
    assert (low1 - low, high1 - high) == pytest.approx((q, q), abs=1)
    assert low1 + high1 == pytest.approx(2 * 100_000 * q + 1)


@pytest.mark.parametrize("step", [1, 37, 9_973])
def test_ranks_of_many_sizes_are_to_the_last_bit_those_of_each(step):
    sizes = [*range(0, 200 * step, step), 100_000, step]
    none = [None, None]
    expected = [[quantile_ranks(n, q) for q in (0.5, 0.9)] if n else none for n in sizes]
    assert ranks_of_each(sizes, (0.5, 0.9)) == expected
    assert ranks_of_each(sizes[:20], (0.5, 0.9)) == expected[:20]
    assert ranks_of_each([], (0.5,)) == []


def test_ranks_of_the_median_are_those_of_hettmansperger_and_sheather():
    n, low, high = 30, *median_ranks(30)
    inside = stats.binom.cdf(high - 1, n, 0.5) - stats.binom.cdf(low - 1, n, 0.5)
    closer = stats.binom.cdf(high - 2, n, 0.5) - stats.binom.cdf(low, n, 0.5)
    part = (inside - 0.95) / (inside - closer)
    step = (n - low) * part / (low + (n - 2 * low) * part)
    assert quantile_ranks(30) == pytest.approx((low + step, high - step))


@given(st.integers(2, 500), st.floats(0, 1), st.floats(0, 1))
def test_a_mean_on_a_scale_has_an_interval_inside_it(n, mean, spread):
    mean = 1 + 4 * mean
    variance = spread * (mean - 1) * (5 - mean) * n / (n - 1)
    low, high = bounded_mean(Mean(n, mean, variance, 1, 5))
    assert 1 <= low <= mean + 1e-9
    assert mean - 1e-9 <= high <= 5
    assert low < high


def test_equal_answers_are_not_certain():
    low, high = bounded_mean(Mean(5, 5.0, 0.0, 1, 5))
    assert 2 < low < 4
    assert high == pytest.approx(5)
    assert bounded_mean(Mean(50, 5.0, 0.0, 1, 5))[0] > 4.5
    assert bounded_mean(Mean(1, 5.0, 0.0, 1, 5)) is None
    assert bounded_mean(Mean(9, 5.0, 1.0)) is None


def test_a_stage_of_one_answer_says_nothing_of_the_composite():
    stages = [(Mean(1, 1.0, 0.0), Mean(400, 5.0, 0.1))]
    assert composite_change(stages).p is None
    steady = (Mean(400, 4.0, 1.0), Mean(400, 4.0, 1.0))
    assert composite_change([*stages, steady]).p == pytest.approx(1)


@given(means, means)
def test_a_composite_of_one_stage_is_welch(current, previous):
    assume(min(current.n, previous.n) >= 5)
    expected = stats.ttest_ind_from_stats(
        current.mean, current.variance**0.5, current.n,
        previous.mean, previous.variance**0.5, previous.n,
        equal_var=False,
    )  # fmt: skip
    assert composite_change([(current, previous)]).p == pytest.approx(expected.pvalue, abs=1e-9)


def short(kind, before, now, scale=None):
    """A change from one week to the next, by the closed forms."""
    start = 738_000 - 738_000 % 7 + 1
    series = Series("x", kind, {start: before, start + 7: now}, scale=scale)
    return few_weeks(even(series, [Period(start, start + 7), Period(start + 7, start + 14)]), (1,), (0,))


def test_within_few_weeks_the_closed_forms_stand():
    share = short(Quantity.SHARE, Sums(100, 60, 60), Sums(107, 74, 74))
    assert (share.size, *share.interval) == pytest.approx((0.09159, -0.03816, 0.21784), abs=5e-6)
    assert share.p == pytest.approx(0.1692, abs=5e-5)
    net = short(Quantity.NET, Sums(100, 3000, 700_000), Sums(100, 4500, 750_000))
    assert (net.size, *net.interval) == pytest.approx((15, -6.25, 35.37), abs=5e-3)
    assert net.p == pytest.approx(0.1702, abs=5e-5)


def test_within_few_weeks_means_are_compared_by_welch():
    expected = stats.ttest_ind_from_stats(4.2, 1.1**0.5, 80, 3.9, 1.3**0.5, 60, equal_var=False)
    before, now = (Sums(n, n * m, (n - 1) * v + n * m * m) for n, m, v in ((60, 3.9, 1.3), (80, 4.2, 1.1)))
    assert short(Quantity.SCORE, before, now, (1, 5)).p == pytest.approx(expected.pvalue)
    assert short(Quantity.AMOUNT, before, now).p == pytest.approx(expected.pvalue)
    ratio = short(Quantity.DURATION, before, now)
    assert ratio.p == pytest.approx(expected.pvalue)
    assert ratio.size == pytest.approx(2.718281828**0.3 - 1)
    count = short(Quantity.COUNT, Sums(60, 60, 60), Sums(90, 90, 90))
    assert count.size == pytest.approx(0.5)
