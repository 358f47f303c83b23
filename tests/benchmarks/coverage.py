"""How often 95 % intervals hold the true value, over months of five and more rows (numpy)."""

import sys

import numpy as np
from companies import ANSWERS, SCORES

from cx_kpi.engine.ranks.quantile_ranks import quantile_ranks
from cx_kpi.judge.statistics.closed_forms import poisson_interval
from cx_kpi.judge.statistics.intervals import bounded_mean, net_promoter, student, wilson
from cx_kpi.model.figures import Mean

SIZES = (5, 3000)


def holds(bounds, truth):
    """1, 0, or nothing where there is no interval."""
    return [] if bounds is None else [bounds[0] - 1e-12 <= truth <= bounds[1] + 1e-12]


def share(rng, n):
    p = rng.uniform(0.5, 0.95)
    return holds(wilson(int(rng.binomial(n, p)), n), p)


def net(rng, n):
    p = rng.dirichlet((5, 3, 2))
    for_, _, against = rng.multinomial(n, p)
    return holds(net_promoter(int(for_), int(against), n), 100 * (p[0] - p[2]))


def _score(rng, n, interval):
    shapes = [*(chances for _, chances, _ in SCORES.values()), ANSWERS]
    chances = np.array(shapes[rng.integers(len(shapes))])
    found = rng.multinomial(n, chances)
    points = np.arange(1, 6)
    mean = found @ points / n
    variance = (found @ points**2 - n * mean**2) / (n - 1)
    bounds = interval(Mean(n, mean, max(0.0, variance), 1, 5))
    return holds(bounds, chances @ points) or [False]


def score(rng, n):
    return _score(rng, n, bounded_mean)


def student_score(rng, n):
    return _score(rng, n, student)


def _quantile(rng, n, q):
    ranks = quantile_ranks(n, q)
    values = np.sort(rng.exponential(size=n))
    at = np.arange(1, n + 1)
    return [] if ranks is None else holds(np.interp(ranks, at, values), -np.log(1 - q))


def median(rng, n):
    return _quantile(rng, n, 0.5)


def p90(rng, n):
    return _quantile(rng, n, 0.9)


def count(rng, n):
    return holds(poisson_interval(int(rng.poisson(n))), n)


def main():
    rng = np.random.default_rng(5)
    times = int(sys.argv[1]) if len(sys.argv) > 1 else 4000
    for kind in (share, net, score, student_score, median, p90, count):
        sizes = np.exp(rng.uniform(*np.log(SIZES), times)).astype(int)
        found = [(n, hit) for n in sizes for hit in kind(rng, int(n))]
        few, every = ([hit for n, hit in found if n < most] for most in (100, 10**9))
        print(f"{kind.__name__} {np.mean(every):.4f}; below 100 rows {np.mean(few):.4f}", flush=True)


if __name__ == "__main__":
    main()
