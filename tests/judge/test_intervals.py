import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import stats

from cx_kpi.engine.ranks.quantile_ranks import median_ranks
from cx_kpi.judge.statistics.intervals import interval, net_promoter, student, wilson
from cx_kpi.model.figures import Mean, Net, Proportion


@st.composite
def proportions(draw):
    n = draw(st.integers(1, 5000))
    return draw(st.integers(0, n)), n


@st.composite
def nets(draw):
    n = draw(st.integers(1, 5000))
    promoters = draw(st.integers(0, n))
    return promoters, draw(st.integers(0, n - promoters)), n


@st.composite
def means(draw):
    mean, variance = draw(st.floats(1, 5)), draw(st.floats(1e-6, 4))
    return Mean(draw(st.integers(2, 5000)), mean, variance, low=1, high=5)


def test_satisfied_of_all_answers():
    assert wilson(74, 107) == pytest.approx((0.59872, 0.77118), abs=5e-6)


def test_net_promoter_of_the_worked_case():
    assert net_promoter(50, 20, 100) == pytest.approx((14.051, 44.201), abs=5e-4)


def test_interval_goes_by_the_kind_of_sample():
    assert interval(Proportion(74, 107)) == wilson(74, 107)
    assert interval(Net(50, 20, 100)) == net_promoter(50, 20, 100)
    assert interval(Mean(9, 3.0, 1.0)) == student(Mean(9, 3.0, 1.0))


@pytest.mark.parametrize(
    "sample", [Proportion(0, 0), Net(0, 0, 0), Mean(0, 0, 0), Mean(1, 4, 0), Mean(1, 4, 1), Mean(7, 5, 0)]
)
def test_too_little_to_say(sample):
    assert interval(sample) is None


@given(proportions())
def test_wilson_agrees_with_scipy(sample):
    expected = stats.binomtest(*sample).proportion_ci(method="wilson")
    assert wilson(*sample) == pytest.approx((expected.low, expected.high), abs=1e-9)


@given(proportions())
def test_wilson_holds_the_share(sample):
    hits, n = sample
    low, high = wilson(hits, n)
    assert 0 <= low <= hits / n <= high <= 1
    assert low < high


@given(proportions())
def test_misses_mirror_hits(sample):
    hits, n = sample
    low, high = wilson(hits, n)
    assert wilson(n - hits, n) == pytest.approx((1 - high, 1 - low))


@given(proportions(), st.integers(2, 9))
def test_more_of_the_same_is_narrower(sample, times):
    hits, n = sample
    low, high = wilson(hits, n)
    narrow_low, narrow_high = wilson(times * hits, times * n)
    assert narrow_high - narrow_low < high - low


@given(nets())
def test_net_promoter_holds_the_score(sample):
    promoters, detractors, n = sample
    low, high = net_promoter(*sample)
    assert -100 <= low <= 100 * (promoters - detractors) / n <= high <= 100
    assert low < high


@given(nets())
def test_detractors_mirror_promoters(sample):
    promoters, detractors, n = sample
    low, high = net_promoter(*sample)
    assert net_promoter(detractors, promoters, n) == pytest.approx((-high, -low))


@given(means())
def test_student_agrees_with_scipy_inside_the_scale(sample):
    error = (sample.variance / sample.n) ** 0.5
    low, high = stats.t.interval(0.95, sample.n - 1, sample.mean, error)
    assert student(sample) == pytest.approx((max(low, 1), min(high, 5)), abs=1e-9)


def test_student_without_a_scale_is_not_clipped():
    low, high = student(Mean(2, 4.0, 50.0))
    assert (low, high) == pytest.approx((4 - 63.5310236808, 4 + 63.5310236808))


@pytest.mark.parametrize(("n", "ranks"), [(5, None), (6, (1, 6)), (30, (10, 21)), (100, (40, 61))])
def test_ranks_of_the_median(n, ranks):
    assert median_ranks(n) == ranks


@pytest.mark.parametrize(("n", "ranks"), [(49, None), (50, (41, 50))])
def test_ninetieth_percentile_needs_fifty(n, ranks):
    assert median_ranks(n, 0.9) == ranks


@given(st.integers(1, 3000), st.sampled_from([0.1, 0.25, 0.5, 0.75, 0.9]))
def test_ranks_cover_the_quantile_and_no_closer_ones_would(n, q):
    ranks = median_ranks(n, q)
    assume(ranks is not None)
    low, high = ranks
    assert 1 <= low < high <= n
    assert stats.binom.cdf(low - 1, n, q) <= 0.025 < stats.binom.cdf(low, n, q)
    assert stats.binom.sf(high - 1, n, q) <= 0.025 < stats.binom.sf(high - 2, n, q)


def test_a_proportion_per_hundred_is_a_hundred_times_the_share():
    share, hundred = (interval(Proportion(4, 8, per)) for per in (1.0, 100.0))
    assert hundred == pytest.approx([100 * bound for bound in share])


@pytest.mark.parametrize("q", [0.01, 0.05, 0.95, 0.99])
def test_far_quantiles_of_few_rows_have_no_ranks(q):
    assert [median_ranks(n, q) for n in range(1, 6)] == [None] * 5
