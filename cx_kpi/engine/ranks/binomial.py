"""Binomial probabilities by the incomplete beta function: importing a statistics library would cost a second."""

from math import exp, inf, lgamma, log, log1p, pi, sqrt

_EPSILON = 1e-15
_TINY = 1e-300
_LARGE = 10  # from here on four terms of Stirling's series reach 1e-12


def binomial_cdf(k: int, n: int, q: float) -> float:
    """P(B ≤ k) for B the successes in n tries of chance q, 0 < q < 1."""
    if k < 0:
        return 0.0
    return 1.0 if k >= n else beta(n - k, k + 1, 1 - q, q)


def binomial_chance(k: int, n: int, q: float) -> float:
    """P(B = k), 0 ≤ k < n."""
    return _front(n - k, k + 1, 1 - q, q) / ((n - k) * q)


def beta(a: float, b: float, x: float, y: float) -> float:
    """The regularised incomplete beta function I_x(a, b), given y = 1 − x as well for the digits x has lost."""
    if x <= 0 or y <= 0:
        return 0.0 if x <= 0 else 1.0
    if x * (a + b + 2) > a + 1:
        return 1 - _front(b, a, y, x) * _continued(b, a, y) / b
    return _front(a, b, x, y) * _continued(a, b, x) / a


def _front(a: float, b: float, x: float, y: float) -> float:
    """x^a y^b ÷ B(a, b), in Stirling's form: differences of large log gammas would cost half the digits."""
    away = b * x - a * y
    powers = _power(a, away / a, x * (a + b) / a) + _power(b, -away / b, y * (a + b) / b)
    rest = _stirling_error(a + b) - _stirling_error(a) - _stirling_error(b)
    return exp(powers + rest) * sqrt(a / (a + b) * b / (2 * pi))


def _power(a: float, excess: float, ratio: float) -> float:
    """Log of ratio to the power a, where ratio = 1 + excess."""
    return a * (log1p(excess) if abs(excess) < 0.5 else log(ratio))


def _stirling_error(x: float) -> float:
    """What Stirling's formula leaves out of log Γ(x)."""
    if x < _LARGE:
        return lgamma(x) - (x - 0.5) * log(x) + x - log(2 * pi) / 2
    return (1 / 12 - (1 / 360 - (1 / 1260 - 1 / 1680 / x**2) / x**2) / x**2) / x


def _continued(a: float, b: float, x: float) -> float:
    """The continued fraction of the incomplete beta function, by Lentz's method."""
    value = d = 1 / away_from_zero(1 - (a + b) * x / (a + 1))
    c, factor, m = 1.0, inf, 0
    while not -_EPSILON <= factor - 1 <= _EPSILON:
        m += 1
        top = a + 2 * m
        factor = 1.0
        for numerator in (
            m * (b - m) * x / ((top - 1) * top),
            -(a + m) * (a + b + m) * x / (top * (top + 1)),
        ):  # written out, as are steps away from zero: a report of many days comes here a million times
            d = 1 + numerator * d
            d = 1 / (_TINY if -_TINY <= d <= _TINY else d)
            c = 1 + numerator / c
            c = _TINY if -_TINY <= c <= _TINY else c
            factor *= c * d
        value *= factor
    return value


def away_from_zero(value: float) -> float:
    """The value, kept away from zero so that it can be divided by."""
    return value if abs(value) > _TINY else _TINY
