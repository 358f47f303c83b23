"""The 95 % interval of a figure, by the kind of its sample."""

from math import sqrt

from cx_kpi.judge.statistics.distributions import normal_quantile, student_quantile
from cx_kpi.model.figures import Mean, Net, Ordered, Proportion, Sample
from cx_kpi.wording.language import mark

Interval = tuple[float, float]

END = 0.25  # a quarter of a row is added at each end of a scale, so that no interval is empty

CONFIDENCE = 0.95
UPPER = (1 + CONFIDENCE) / 2
Z = normal_quantile(UPPER)
BY = {  # how the interval of each kind of sample is made
    Proportion: mark("Wilson score interval"),
    Net: mark("adjusted Wald interval"),
    Mean: mark("Student's t interval"),
    Ordered: mark("between the values of two ranks"),
}
ON_A_SCALE = mark("Wilson score interval of the mean on its scale")


def interval(sample: Sample) -> Interval | None:
    """The interval in the unit of the figure; None where the sample is too small or shows no spread."""
    if isinstance(sample, Proportion):  # most are: a pattern for each kind takes half of the time
        bounds, per = wilson(sample.hits, sample.n), sample.per
        return bounds and (per * bounds[0], per * bounds[1])
    if isinstance(sample, Mean):
        return bounded_mean(sample) or student(sample)
    if isinstance(sample, Net):
        return net_promoter(sample.promoters, sample.detractors, sample.n)
    return sample.bounds


def made_by(sample: Sample) -> str:
    """How the interval of a sample is made."""
    return ON_A_SCALE if isinstance(sample, Mean) and bounded_mean(sample) else BY[type(sample)]


def wilson(hits: int, n: int) -> Interval | None:
    """Wilson score interval of the share hits ÷ n."""
    if n == 0:
        return None
    share, z2 = hits / n, Z * Z
    middle = (hits + z2 / 2) / (n + z2)
    reach = Z * sqrt(n * share * (1 - share) + z2 / 4) / (n + z2)
    return around(share, middle, reach, 0.0, 1.0)


def net_promoter(promoters: int, detractors: int, n: int) -> Interval | None:
    """Adjusted Wald interval of a net promoter score, in points."""
    if n == 0:
        return None
    middle, variance = adjusted_net(Net(promoters, detractors, n))
    return around(100 * (promoters - detractors) / n, middle, Z * sqrt(variance), -100.0, 100.0)


def adjusted_net(net: Net) -> tuple[float, float]:
    """Score in points and its variance, ¾ added to promoters and to detractors and 3 to n."""
    n = net.n + 3
    score = (net.promoters - net.detractors) / n
    either = (net.promoters + net.detractors + 1.5) / n
    return 100 * score, 100 * 100 * (either - score * score) / n


def student(sample: Mean) -> Interval | None:
    """Student t interval of a mean, inside its scale."""
    if sample.n < 2 or sample.variance <= 0:
        return None
    reach = student_quantile(UPPER, sample.n - 1) * sqrt(sample.variance / sample.n)
    return around(sample.mean, sample.mean, reach, sample.low, sample.high)


def bounded_mean(sample: Mean) -> Interval | None:
    """Wilson's interval of a mean on a scale, with as many rows as would spread so little; None for fewer than two.

    A quarter of a row at each end of the scale keeps a few equal answers from looking certain.
    """
    if sample.low is None or sample.high is None or sample.n < 2 or sample.high <= sample.low:
        return None
    width, n = sample.high - sample.low, sample.n
    rate = (sample.mean - sample.low) / width
    squares = (n - 1) * sample.variance / width**2
    added = rate + (0.5 - rate) * 2 * END / (n + 2 * END)
    total = squares + n * (rate - added) ** 2 + END * (added**2 + (1 - added) ** 2)
    told = total / (n * added * (1 - added))
    low, high = score_interval(rate, n / told, student_quantile(UPPER, n - 1))
    return sample.low + width * low, sample.low + width * high


def score_interval(rate: float, n: float, reach: float) -> Interval:
    """Wilson's interval of a share of `n` rows, which need not be whole."""
    rate, z2 = min(max(rate, 0.0), 1.0), reach * reach
    middle = (n * rate + z2 / 2) / (n + z2)
    half = reach * sqrt(n * rate * (1 - rate) + z2 / 4) / (n + z2)
    return min(rate, max(0.0, middle - half)), max(rate, min(1.0, middle + half))


def around(value: float, middle: float, reach: float, low: float | None, high: float | None) -> Interval:
    """`middle` ± `reach` inside [low, high], stretched where needed to hold the value that is printed."""
    bottom, top = min(middle - reach, value), max(middle + reach, value)
    return (
        bottom if low is None else max(bottom, low),
        top if high is None else min(top, high),
    )
