"""Normal, t, chi-square, F and Poisson probabilities in closed form: a statistics library would take a second to import."""

from functools import lru_cache
from math import erfc, exp, inf, lgamma, log, log1p, pi, sqrt
from statistics import NormalDist

from cx_kpi.engine.ranks.binomial import beta

_NORMAL = NormalDist()
_EPSILON = 1e-15
_TINY = 1e-300
_LAST = 1e-8  # a step after which none is needed


def normal_quantile(p: float) -> float:
    """The x with P(Z ≤ x) = p, for 0 < p < 1."""
    return _NORMAL.inv_cdf(p)


def two_sided(z: float) -> float:
    """P(|Z| ≥ |z|) of the standard normal, exact far out too."""
    return erfc(abs(z) / sqrt(2))


def overdispersed(p: float, factor: float) -> float:
    """A two-sided p of the standard normal, where the variance is larger by this factor."""
    return two_sided(normal_quantile(max(p, _TINY) / 2) / sqrt(factor)) if p < 1 else p


def student_cdf(t: float, df: float) -> float:
    """P(T ≤ t) of Student's t with df > 0 degrees of freedom."""
    return student_tail(-t, df)


def student_tail(t: float, df: float) -> float:
    """P(T ≥ t) of Student's t, exact far out too."""
    total = df + t * t
    half = beta(df / 2, 0.5, df / total, t * t / total) / 2
    return half if t >= 0 else 1 - half


@lru_cache(maxsize=20_000)
def student_quantile(p: float, df: float) -> float:
    """The t with P(T ≤ t) = p, for 0 < p < 1; good to 1e-9 up to ten million degrees of freedom."""
    if p < 0.5:
        return -student_quantile(1 - p, df)
    # Newton's steps from the beginning of Cornish and Fisher's series; what the last leaves is about its square.
    z, step = normal_quantile(p), inf
    t = z + (z**3 + z) / (4 * df)
    while abs(step) > _LAST * (1 + t):
        step = (student_tail(t, df) - (1 - p)) / _student_density(t, df)
        t += step
    return t


def _student_density(t: float, df: float) -> float:
    scale = lgamma((df + 1) / 2) - lgamma(df / 2) - log(df * pi) / 2
    return exp(scale - (df + 1) / 2 * log1p(t * t / df))


def chi_square_tail(x: float, df: float) -> float:
    """P(X ≥ x) of chi-square with df > 0 degrees of freedom."""
    return 1.0 if x <= 0 else _gamma(df / 2, x / 2)[1]


def fisher_tail(f: float, df: float, below: float) -> float:
    """P(F ≥ f) of Fisher's F with these degrees of freedom above and below the line."""
    total = below + df * f
    return 1.0 if f <= 0 else beta(below / 2, df / 2, below / total, df * f / total)


def poisson_tail(k: float, mean: float) -> float:
    """P(X ≥ k) of the Poisson distribution; between whole k the gamma distribution joins them."""
    return 1.0 if k <= 0 else _gamma(k, mean)[0]


def poisson_mass(k: float, mean: float) -> float:
    """P(X = k) of the Poisson distribution with mean > 0."""
    return exp(k * log(mean) - mean - lgamma(k + 1))


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
    value = d = 1 / (b or _TINY)
    factor, m = inf, 0
    while abs(factor - 1) > _EPSILON:
        m += 1
        numerator = m * (a - m)
        b += 2
        d = 1 / (numerator * d + b or _TINY)
        c = b + numerator / c or _TINY
        factor = c * d
        value *= factor
    return 1 - front * value, front * value
