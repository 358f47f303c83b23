"""What comes: the next weeks of a volume or a backlog, how far past forecasts were off, and the pace to a target."""

from collections.abc import Sequence
from itertools import pairwise
from math import ceil, exp, log
from statistics import fmean, median

from cx_kpi.judge.statistics.intervals import Interval
from cx_kpi.model.frozen import dataclass
from cx_kpi.model.values import Target

LATEST = 4  # weeks whose median is the forecast
YEAR = 52
COVERAGE = 0.8  # so that an interval needs four past errors of its horizon
HORIZONS = 4
_NONE = 1e-9


@dataclass(frozen=True, slots=True)
class Expected:
    """One week to come: its number from now, what is expected, and the 80 % interval; `error` of the past, of 1."""

    horizon: int
    value: float
    interval: Interval | None
    error: float | None  # the median past error; of a level against the latest


@dataclass(frozen=True, slots=True)
class Forecast:
    """The weeks to come, and whether they are those of a year ago or the latest."""

    weeks: tuple[Expected, ...]
    seasonal: bool


def forecast(weeks: Sequence[float], horizons: int = HORIZONS) -> Forecast | None:
    """The weeks that follow complete weeks: their median of the last four, or those of a year ago if those did better.

    Intervals are split-conformal on logs, a horizon each. None with fewer than four weeks, or if the usual week has nothing.
    """
    if len(weeks) < LATEST or median(weeks[-LATEST:]) < 1:
        return None
    seasonal = len(weeks) >= 2 * YEAR and _mean_error(weeks, seasonal=True) < _mean_error(
        weeks, seasonal=False
    )
    ahead = range(1, horizons + 1)
    return Forecast(tuple(_expected(weeks, horizon, seasonal=seasonal) for horizon in ahead), seasonal)


def _expected(weeks: Sequence[float], horizon: int, *, seasonal: bool) -> Expected:
    value = _ahead(weeks, len(weeks), horizon, seasonal=seasonal)
    errors = sorted(_errors(weeks, horizon, seasonal=seasonal))
    if not errors:
        return Expected(horizon, value, None, None)
    error, place = exp(median(errors)) - 1, ceil((len(errors) + 1) * COVERAGE)
    if place > len(errors):
        return Expected(horizon, value, None, error)
    reach = errors[place - 1]
    low, high = (exp(log(1 + value) + sign * reach) - 1 for sign in (-1, 1))
    return Expected(horizon, value, (max(0.0, low), high), error)


def _ahead(weeks: Sequence[float], known: int, horizon: int, *, seasonal: bool) -> float:
    """The forecast for a week, from the weeks known so far."""
    return weeks[known + horizon - 1 - YEAR] if seasonal else median(weeks[known - LATEST : known])


def _errors(weeks: Sequence[float], horizon: int, *, seasonal: bool) -> list[float]:
    """How far past forecasts were off, in logs of 1 + what came."""
    first = YEAR if seasonal else LATEST
    return [
        abs(log(1 + weeks[known + horizon - 1]) - log(1 + _ahead(weeks, known, horizon, seasonal=seasonal)))
        for known in range(first, len(weeks) - horizon + 1)
    ]


def _mean_error(weeks: Sequence[float], *, seasonal: bool) -> float:
    found = [each for horizon in (1, HORIZONS) for each in _errors(weeks, horizon, seasonal=seasonal)]
    return fmean(found)


def backlog_ahead(levels: Sequence[float], horizons: int = HORIZONS) -> tuple[Expected, ...]:
    """A backlog's next weeks: its latest level, and the median of its latest weekly steps on top for each week.

    Intervals are split-conformal on the steps over each horizon, as a stock may be near zero.
    """
    if len(levels) <= LATEST or max(levels[-LATEST:]) < 1:
        return ()
    return tuple(_projected(levels, horizon) for horizon in range(1, horizons + 1))


def _projected(levels: Sequence[float], horizon: int) -> Expected:
    value = _level(levels, len(levels), horizon)
    errors = sorted(
        abs(levels[known + horizon - 1] - _level(levels, known, horizon))
        for known in range(LATEST + 1, len(levels) - horizon + 1)
    )
    if not errors:
        return Expected(horizon, value, None, None)
    error, place = median(errors) / max(1.0, levels[-1]), ceil((len(errors) + 1) * COVERAGE)
    if place > len(errors):
        return Expected(horizon, value, None, error)
    reach = errors[place - 1]
    return Expected(horizon, value, (max(0.0, value - reach), value + reach), error)


def _level(levels: Sequence[float], known: int, horizon: int) -> float:
    steps = [b - a for a, b in pairwise(levels[known - LATEST - 1 : known])]
    return max(0.0, levels[known - 1] + horizon * median(steps))


@dataclass(frozen=True, slots=True)
class Pace:
    """Whether a share meets its target by the end of a span.

    `needed` of the rows to come must hit (may, for a share that is better low); None where that is impossible or
    none will come. `cases` more hits (fewer) would have met it so far.
    """

    value: float
    met: bool
    needed: float | None
    cases: int


def pace(hits: float, n: float, to_come: float, target: Target) -> Pace | None:
    """A share so far and the rows expected until the end of the span; None without rows."""
    if not n:
        return None
    higher = target.operator == ">="
    gap = target.value * n - hits if higher else hits - target.value * n
    needed = (target.value * (n + to_come) - hits) / to_come if to_come else None
    if needed is not None:
        out_of_reach = needed > 1 if higher else needed < 0
        needed = None if out_of_reach else min(max(needed, 0.0), 1.0)
    return Pace(hits / n, gap <= _NONE, needed, max(0, ceil(gap - _NONE)))
