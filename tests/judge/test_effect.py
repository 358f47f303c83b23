import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from cx_kpi.judge.statistics.effect import FEWEST_WEEKS, are_near, distance, effect, score_interval
from cx_kpi.judge.statistics.weekdays import Piece, Weekly
from cx_kpi.judge.statistics.weeks import Pooled, alone, gather, overdispersion
from cx_kpi.model.sums import Quantity, Sums

weeks = st.lists(st.tuples(st.integers(1, 400), st.floats(0.02, 0.98)), min_size=4, max_size=30)


def weekly(*periods, quantity=Quantity.SHARE, spread=1.0, bounds=(0.0, 1.0)):
    """A series whose periods are given week by week: (rows, rate) each."""
    first, found = 0, []
    for period in periods:
        found.append(tuple(Piece(first + i, n, n * rate) for i, (n, rate) in enumerate(period)))
        first += len(period)
    rows = tuple(Sums(sum(n for n, _ in p), sum(n * r for n, r in p), 0) for p in periods)
    return Weekly(quantity, tuple(found), spread, rows, bounds)


def parts(series):
    return [gather(series, (number,)).pooled for number in (1, 0)]


@given(weeks, weeks)
def test_overdispersion_is_the_formula(before, now):
    series = weekly(before, now)
    total = 0.0
    for span in (before, now):
        rate = sum(n * r for n, r in span) / sum(n for n, _ in span)
        total += sum((n * r - n * rate) ** 2 / (n * rate * (1 - rate)) for n, r in span)
    expected = max(1.0, total / (len(before) + len(now) - 2))
    assert overdispersion(series, *parts(series)) == pytest.approx(expected, rel=1e-6)


@settings(max_examples=40)
@given(weeks, weeks)
def test_the_change_of_a_share_is_the_likelihood_ratio(before, now):
    series = weekly(before, now)
    current, previous = parts(series)
    found = effect(series, current, previous)
    table = [[p.total, p.n - p.total] for p in (current, previous)]
    deviance = stats.chi2_contingency(table, correction=False, lambda_="log-likelihood").statistic
    t = math.sqrt(max(0.0, deviance) / found.overdispersion)
    assert found.p == pytest.approx(2 * stats.t.sf(t, found.weeks - 2), abs=1e-6)
    assert found.interval[0] <= found.size <= found.interval[1]


@given(weeks, weeks, st.floats(0.1, 4))
def test_the_change_of_logs_is_a_t_test_of_rows(before, now, spread):
    series = weekly(before, now, quantity=Quantity.DURATION, spread=spread, bounds=None)
    current, previous = parts(series)
    found = effect(series, current, previous)
    error = math.sqrt(spread * found.overdispersion * (1 / current.n + 1 / previous.n))
    away, df = current.rate - previous.rate, found.weeks - 2
    assert found.p == pytest.approx(2 * stats.t.sf(abs(away) / error, df), abs=1e-9)
    reach = stats.t.ppf(0.975, df) * error
    assert found.interval == pytest.approx((math.exp(away - reach) - 1, math.exp(away + reach) - 1))


@given(
    st.lists(st.integers(1, 60), min_size=4, max_size=30),
    st.lists(st.integers(1, 60), min_size=4, max_size=30),
)
def test_the_change_of_a_count_agrees_with_a_poisson_regression(before, now):
    series = weekly(
        [(7, k / 7) for k in before], [(7, k / 7) for k in now], quantity=Quantity.COUNT, bounds=None
    )
    current, previous = parts(series)
    found = effect(series, current, previous)
    totals, days = (sum(now), sum(before)), (7 * len(now), 7 * len(before))
    expected = [sum(totals) * each / sum(days) for each in days]
    deviance = 2 * sum(k * math.log(k / e) for k, e in zip(totals, expected, strict=True))
    t = math.sqrt(max(0.0, deviance) / found.overdispersion)
    assert found.p == pytest.approx(2 * stats.t.sf(t, found.weeks - 2), abs=1e-6)
    assert found.size == pytest.approx(totals[0] / days[0] / (totals[1] / days[1]) - 1)


def test_weeks_that_differ_say_less():
    even = weekly([(100, 0.8)] * 10, [(100, 0.7)] * 4)
    uneven = weekly([(100, 0.6), (100, 1.0)] * 5, [(100, 0.5), (100, 0.9)] * 2)
    calm, wild = effect(even, *parts(even)), effect(uneven, *parts(uneven))
    assert calm.size == pytest.approx(wild.size) == pytest.approx(-0.1)
    assert calm.overdispersion == 1
    assert wild.overdispersion > 5
    assert calm.p < 0.01
    assert wild.p > 0.05


def test_fewer_than_eight_weeks_say_nothing_of_weeks():
    series = weekly([(100, 0.8)] * 4, [(100, 0.7)] * 3)
    assert FEWEST_WEEKS == 8
    assert effect(series, *parts(series)) is None


def test_rows_that_are_all_alike_say_nothing():
    series = weekly([(10, 1.0)] * 9, [(10, 1.0)] * 4)
    assert effect(series, *parts(series)) is None


@given(st.lists(st.tuples(st.integers(1, 50), st.floats(0, 1)), min_size=2, max_size=12), st.integers(0, 5))
def test_a_period_taken_out_is_as_if_it_had_never_been_in(pieces, which):
    """Periods share weeks: two days of one, five of the next."""
    periods = tuple(
        (Piece(2 * i, n, n * rate), Piece(2 * i + 1, n, n * rate), Piece(2 * i + 2, n, n * rate))
        for i, (n, rate) in enumerate(pieces)
    )
    series = Weekly(Quantity.SHARE, periods, 1.0, (Sums(0, 0, 0),) * len(periods), (0, 1))
    number = which % len(periods)
    rest = [i for i in range(len(periods)) if i != number]
    found, expected = (
        gather(series, range(len(periods))).without(periods[number]),
        gather(series, rest).pooled,
    )
    assert found == Pooled(
        *(pytest.approx(getattr(expected, name), abs=1e-6) for name in ("n", "total", "squares", "weeks"))
    )


KINDS = {Quantity.SHARE: (0.0, 1.0), Quantity.COUNT: None, Quantity.DURATION: None}


@given(weeks, weeks, st.sampled_from([*KINDS]), st.floats(0, 5))
def test_only_what_is_within_so_many_standard_errors_is_told_to_be_near(before, now, quantity, errors):
    series = weekly(before, now, quantity=quantity, bounds=KINDS[quantity])
    current, previous = parts(series)
    if are_near(series, current, previous, errors):
        assert distance(series, current, previous).errors <= errors


def test_spans_that_are_about_the_same_are_near_and_those_of_rows_all_alike_are_not():
    near, alike = weekly([(50, 0.5)] * 8, [(50, 0.52)]), weekly([(50, 1.0)] * 8, [(50, 1.0)])
    assert are_near(near, *parts(near), 2.0)
    assert not are_near(near, *parts(near), 0.1)
    assert not are_near(alike, *parts(alike), 2.0)


@given(weeks)
def test_a_period_by_itself_is_its_weeks_gathered(pieces):
    series = weekly(pieces)
    assert alone(series.periods[0]) == gather(series, (0,)).pooled


@given(st.integers(1, 3000), st.floats(0, 1))
def test_score_interval_agrees_with_scipy(n, share):
    hits = round(n * share)
    expected = stats.binomtest(hits, n).proportion_ci(method="wilson")
    assert score_interval(hits / n, n, stats.norm.ppf(0.975)) == pytest.approx(
        (expected.low, expected.high), abs=1e-9
    )
