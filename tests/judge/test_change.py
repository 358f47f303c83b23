import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from cx_kpi.judge.statistics.change import Change, compare, net_difference, share_z, verdict
from cx_kpi.judge.statistics.intervals import interval
from cx_kpi.model.figures import Mean, Net, Proportion
from cx_kpi.model.values import Better, Verdict

sizes = st.integers(1, 2000)


@st.composite
def proportions(draw):
    n = draw(sizes)
    return Proportion(draw(st.integers(0, n)), n)


@st.composite
def nets(draw):
    n = draw(sizes)
    promoters = draw(st.integers(0, n))
    return Net(promoters, draw(st.integers(0, n - promoters)), n)


means = st.builds(Mean, st.integers(2, 2000), st.floats(1, 5), st.floats(0.001, 4))
pairs = st.one_of(*(st.tuples(kind, kind) for kind in (proportions(), nets(), means)))


def test_share_change_of_the_worked_case():
    current, previous = Proportion(74, 107), Proportion(60, 100)
    found = compare(current, previous)
    assert found.change == pytest.approx(0.09159, abs=5e-6)
    assert found.interval == pytest.approx((-0.03816, 0.21784), abs=5e-6)
    assert share_z(current, previous) == pytest.approx(1.3748, abs=5e-5)
    assert found.p == pytest.approx(0.1692, abs=5e-5)


def test_net_change_of_the_worked_case():
    current, previous = Net(60, 15, 100), Net(50, 20, 100)
    found = compare(current, previous)
    middle, error = net_difference(current, previous)
    assert found.change == 15
    assert found.interval == pytest.approx((-6.25, 35.37), abs=5e-3)
    assert middle / error == pytest.approx(1.3716, abs=5e-5)
    assert found.p == pytest.approx(0.1702, abs=5e-5)


@given(means, means)
def test_mean_change_agrees_with_scipy(current, previous):
    expected = stats.ttest_ind_from_stats(
        current.mean, current.variance**0.5, current.n,
        previous.mean, previous.variance**0.5, previous.n,
        equal_var=False,
    )  # fmt: skip
    found = compare(current, previous)
    assert found.p == pytest.approx(expected.pvalue, abs=1e-9)
    assert (found.p < 0.05) == (not found.interval[0] <= 0 <= found.interval[1])
    assert sum(found.interval) / 2 == pytest.approx(found.change)


@given(means, means, st.floats(0.0, 1.0))
def test_a_p_is_told_from_others_down_from_the_one_that_is_asked_for(current, previous, asked):
    exact = compare(current, previous).p
    found = compare(current, previous, bounded=False, asked=asked).p
    assert found == exact if exact is None or exact <= asked else found > asked


@given(proportions(), proportions())
def test_share_p_is_the_chi_square_of_the_table_scaled_to_n_minus_one(current, previous):
    rows = [[sample.hits, sample.n - sample.hits] for sample in (current, previous)]
    p = compare(current, previous).p
    if 0 in (sum(column) for column in zip(*rows, strict=True)):
        assert p == 1
    else:
        n = current.n + previous.n
        chi = stats.chi2_contingency(rows, correction=False).statistic * (n - 1) / n
        assert p == pytest.approx(stats.chi2.sf(chi, 1), abs=1e-9)


@given(pairs)
def test_swapping_the_periods_turns_the_change_round(pair):
    current, previous = pair
    there, back = compare(current, previous), compare(previous, current)
    assert back.change == pytest.approx(-there.change)
    assert back.interval == pytest.approx((-there.interval[1], -there.interval[0]))
    assert back.p == pytest.approx(there.p)


@given(pairs)
def test_the_interval_holds_the_change(pair):
    found = compare(*pair)
    low, high = found.interval
    assert low <= found.change <= high
    assert 0 <= found.p <= 1


@given(pairs)
def test_no_change_is_shown_between_a_sample_and_itself(pair):
    found = compare(pair[0], pair[0])
    assert found.change == 0
    assert found.p == pytest.approx(1)
    assert verdict(found, Better.HIGHER) is Verdict.UNCHANGED


@given(proportions(), proportions())
def test_intervals_that_do_not_meet_are_a_change(current, previous):
    low, high = interval(current)
    low0, high0 = interval(previous)
    if low > high0 or high < low0:
        assert verdict(compare(current, previous), Better.NEITHER) is not Verdict.UNCHANGED


@pytest.mark.parametrize("empty", [Proportion(0, 0), Net(0, 0, 0), Mean(0, 0, 0)])
def test_nothing_to_compare_with(empty):
    some = type(empty)(**{name: 1 for name in empty.__dataclass_fields__ if name not in ("low", "high")})
    assert compare(some, empty) == compare(empty, some) == Change()


@pytest.mark.parametrize("previous", [Mean(1, 3, 0), Mean(1, 3, 1), Mean(9, 3, 0)])
def test_means_without_spread_only_differ(previous):
    assert compare(Mean(9, 4, 0), previous) == Change(1, None, None)


def test_one_spread_is_enough():
    found = compare(Mean(9, 4, 0), Mean(9, 3, 1))
    reach = stats.t.ppf(0.975, 8) / 3
    assert found.interval == pytest.approx((1 - reach, 1 + reach))


def test_two_kinds_cannot_be_compared():
    with pytest.raises(TypeError, match="Proportion with Net"):
        compare(Proportion(1, 2), Net(1, 0, 2))


@pytest.mark.parametrize(
    ("bounds", "words"),
    [
        ((0.1, 0.3), ("improved", "worsened", "rose")),
        ((-0.3, -0.1), ("worsened", "improved", "fell")),
        ((0.0, 0.3), ("no change can be shown",) * 3),
        ((-0.3, 0.0), ("no change can be shown",) * 3),
        (None, ("no change can be shown",) * 3),
    ],
)
def test_verdict(bounds, words):
    found = tuple(verdict(Change(0.2, bounds), better) for better in Better)
    assert found == words


def test_a_change_per_hundred_is_a_hundred_times_that_of_the_share():
    share, hundred = (compare(Proportion(74, 107, per), Proportion(60, 100, per)) for per in (1.0, 100.0))
    assert hundred.change == pytest.approx(100 * share.change)
    assert hundred.interval == pytest.approx([100 * bound for bound in share.interval])
    assert hundred.p == share.p
