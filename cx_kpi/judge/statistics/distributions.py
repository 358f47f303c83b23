"""Normal, Student t and binomial probabilities in closed form: importing a statistics library would cost a second."""

from functools import lru_cache
from math import exp, inf, lgamma, log, log1p, pi, sqrt
from statistics import NormalDist

_NORMAL = NormalDist()
_EPSILON = 1e-15
_TINY = 1e-300
_LARGE = 10  # from here on four terms of Stirling's series reach 1e-12


def normal_cdf(x: float) -> float:
    """P(Z ≤ x) of the standard normal."""
    return _NORMAL.cdf(x)


def normal_quantile(p: float) -> float:
    """The x with P(Z ≤ x) = p, for 0 < p < 1."""
    return _NORMAL.inv_cdf(p)


def two_sided(z: float) -> float:
    """P(|Z| ≥ |z|) of the standard normal."""
    return 2 * normal_cdf(-abs(z))


def student_cdf(t: float, df: float) -> float:
    """P(T ≤ t) of Student's t with df > 0 degrees of freedom."""
    return student_tail(-t, df)


def student_tail(t: float, df: float) -> float:
    """P(T ≥ t) of Student's t, exact far out too."""
    total = df + t * t
    half = _beta(df / 2, 0.5, df / total, t * t / total) / 2
    return half if t >= 0 else 1 - half


@lru_cache(maxsize=1024)
def student_quantile(p: float, df: float) -> float:
    """The t with P(T ≤ t) = p, for 0 < p < 1; good to 1e-9 up to ten million degrees of freedom."""
    if p < 0.5:
        return -student_quantile(1 - p, df)
    # The tail is convex and t is heavier than the normal: Newton steps from there only climb towards the root.
    t, step = normal_quantile(p), inf
    while step > _EPSILON * (1 + t):
        step = (student_tail(t, df) - (1 - p)) / _student_density(t, df)
        t += step
    return t


def binomial_cdf(k: int, n: int, q: float) -> float:
    """P(B ≤ k) for B the successes in n tries of chance q, 0 < q < 1."""
    if k < 0:
        return 0.0
    return 1.0 if k >= n else _beta(n - k, k + 1, 1 - q, q)


def _student_density(t: float, df: float) -> float:
    scale = lgamma((df + 1) / 2) - lgamma(df / 2) - log(df * pi) / 2
    return exp(scale - (df + 1) / 2 * log1p(t * t / df))


def _beta(a: float, b: float, x: float, y: float) -> float:
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
    value = d = 1 / _away(1 - (a + b) * x / (a + 1))
    c, factor, m = 1.0, inf, 0
    while abs(factor - 1) > _EPSILON:
        m += 1
        factor = 1.0
        for numerator in _terms(a, b, x, m):
            d = 1 / _away(1 + numerator * d)
            c = _away(1 + numerator / c)
            factor *= c * d
        value *= factor
    return value


def _terms(a: float, b: float, x: float, m: int) -> tuple[float, float]:
    even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
    odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
    return even, odd


def _away(value: float) -> float:
    """The value, kept away from zero so that it can be divided by."""
    return value if abs(value) > _TINY else _TINY


def chi_square_tail(x: float, df: float) -> float:
    """P(X ≥ x) of chi-square with df > 0 degrees of freedom."""
    return 1.0 if x <= 0 else _gamma(df / 2, x / 2)[1]


def fisher_tail(f: float, df: float, below: float) -> float:
    """P(F ≥ f) of Fisher's F with these degrees of freedom above and below the line."""
    total = below + df * f
    return 1.0 if f <= 0 else _beta(below / 2, df / 2, below / total, df * f / total)


def poisson_tail(k: float, mean: float) -> float:
    """P(X ≥ k) of the Poisson distribution; between whole k the gamma distribution joins them."""
    return 1.0 if k <= 0 else _gamma(k, mean)[0]


def _gamma(a: float, x: float) -> tuple[float, float]:
    """The regularised incomplete gamma functions P(a, x) and Q(a, x)."""
    if x <= 0:
        return 0.0, 1.0
    front = exp(a * log(x) - x - lgamma(a))
    if x < a + 1:
        term = total = 1 / a
        k = a
        while abs(term) > _EPSILON * abs(total):
            k += 1
            term *= x / k
            total += term
        return front * total, 1 - front * total
    b, c = x + 1 - a, 1 / _TINY
    value = d = 1 / _away(b)
    factor, m = inf, 0
    while abs(factor - 1) > _EPSILON:
        m += 1
        numerator = m * (a - m)
        b += 2
        d = 1 / _away(numerator * d + b)
        c = _away(b + numerator / c)
        factor = c * d
        value *= factor
    return 1 - front * value, front * value
