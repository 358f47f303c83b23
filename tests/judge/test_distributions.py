import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from cx_kpi.engine.ranks.binomial import binomial_cdf
from cx_kpi.judge.statistics.distributions import (
    normal_quantile,
    student_cdf,
    student_quantile,
    student_tail,
    two_sided,
)

degrees = st.floats(-0.5, 6).map(lambda power: 10**power)
chances = st.floats(0.001, 0.999)


@given(st.floats(-36, 36))
def test_normal_agrees_with_scipy(x):
    assert two_sided(x) == pytest.approx(2 * stats.norm.sf(abs(x)), rel=1e-9, abs=0)


@given(chances)
def test_normal_quantile_agrees_with_scipy(p):
    assert normal_quantile(p) == pytest.approx(stats.norm.ppf(p), abs=1e-12)


def scipy_cdf(t, df):
    """P(T ≤ t) by scipy, which answers 0.5 for a t near 0, such as 4e-9: there the curve is its tangent."""
    return 0.5 + t * stats.t.pdf(0, df) if abs(t) < 1e-6 else stats.t.cdf(t, df)


@given(st.floats(-50, 50) | st.floats(-1e-5, 1e-5), degrees)
def test_student_agrees_with_scipy(t, df):
    assert student_cdf(t, df) == pytest.approx(scipy_cdf(t, df), abs=1e-9)
    assert student_tail(t, df) == pytest.approx(scipy_cdf(-t, df), abs=1e-9)


@given(chances, degrees)
def test_student_quantile_agrees_with_scipy(p, df):
    assert student_quantile(p, df) == pytest.approx(stats.t.ppf(p, df), rel=1e-9, abs=1e-9)


def test_student_far_out_keeps_its_digits():
    assert student_tail(40, 30) == pytest.approx(stats.t.sf(40, 30), rel=1e-9, abs=0)


def test_student_of_very_many_degrees_nears_the_normal():
    z, df = normal_quantile(0.975), 1e7
    assert student_quantile(0.975, df) == pytest.approx(z + (z**3 + z) / (4 * df), abs=1e-9)


@given(st.integers(1, 100_000), st.floats(0.01, 0.99), st.floats(-5, 5))
def test_binomial_agrees_with_scipy(n, q, deviations):
    k = round(n * q + deviations * (n * q * (1 - q)) ** 0.5)
    assert binomial_cdf(k, n, q) == pytest.approx(stats.binom.cdf(k, n, q), abs=1e-9)
