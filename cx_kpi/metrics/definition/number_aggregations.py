"""The shapes of figures over any numbers: means, quantiles, ratios of sums and net scores of two conditions."""

import polars as pl

from cx_kpi.metrics.definition.aggregations import mean_figure, mean_of, moments, net, only
from cx_kpi.metrics.definition.metric import Aggregation, Contribution, Exclusion, Measured, Ranked, Sum
from cx_kpi.model.figures import Figure, Mean, Ordered, Worked, nearly, worked
from cx_kpi.model.sums import Quantity
from cx_kpi.model.values import Unit
from cx_kpi.wording.language import mark

NEGATIVE = mark("a length of time below zero")
QUANTILE_OF = mark("percentile {p} of {n}")


def mean(value: pl.Expr, *, is_length: bool) -> Aggregation:
    """Mean of numbers; lengths of time are in seconds, and those below zero do not count."""
    value, exclusions = _known(value, is_length=is_length)

    def finish(parts: Measured) -> Figure:
        return mean_figure(mean_of(parts, low=0.0 if is_length else None), parts, {})

    quantity = Quantity.DURATION if is_length else Quantity.AMOUNT
    contribution = Contribution(value.is_not_null(), value, exclusions=exclusions, quantity=quantity)
    return Aggregation(moments(value), finish, contribution=contribution)


def quantile(value: pl.Expr, q: float, *, is_length: bool) -> Aggregation:
    """The q-quantile of numbers, between neighbours; the median of lengths of time is judged by their geometric mean."""
    value, exclusions = _known(value, is_length=is_length)

    def finish(parts: Measured) -> Figure:
        found: Ordered = parts["ordered"]
        if not found.n:
            return Figure(None, 0)
        working = Worked(QUANTILE_OF, {"p": 100 * q, "n": found.n}, unit=Unit.RATIO)
        return Figure(found.value, found.n, found, nearly(found.error), working)

    quantity = Quantity.DURATION if is_length and q == 0.5 else None
    contribution = Contribution(value.is_not_null(), value, exclusions=exclusions, quantity=quantity)
    return Aggregation({"ordered": Ranked(value, q)}, finish, contribution=contribution)


def _known(value: pl.Expr, *, is_length: bool) -> tuple[pl.Expr, tuple[Exclusion, ...]]:
    return (only(value, value >= 0), (Exclusion(NEGATIVE, value < 0),)) if is_length else (value, ())


def ratio(top: pl.Expr, bottom: pl.Expr) -> Aggregation:
    """Σ top ÷ Σ bottom over the rows that have both; no value where the sum below the line is zero.

    The interval is that of the mean of the linearised ratio (Taylor): each row brings top − ratio × bottom.
    """
    known = top.is_not_null() & bottom.is_not_null()
    top, bottom = only(top, known), only(bottom, known)

    def finish(parts: Measured) -> Figure:
        n, above, below = int(parts["n"]), parts["top"], parts["bottom"]
        if not n or not below:
            return Figure(None, n)
        value = above / below
        squares = parts["tops"] - 2 * value * parts["both"] + value * value * parts["bottoms"]
        variance = max(0.0, squares) / (n - 1) / (below / n) ** 2 if n > 1 else 0.0
        working = worked("{top} ÷ {bottom}", top=float(above), bottom=float(below))
        return Figure(value, n, Mean(n, value, variance), {}, working)

    measures = {
        "n": Sum(known),
        "top": Sum(top),
        "bottom": Sum(bottom),
        "tops": Sum(top * top),
        "bottoms": Sum(bottom * bottom),
        "both": Sum(top * bottom),
    }
    return Aggregation(measures, finish, contribution=Contribution(known, top))


def net_of(hit: pl.Expr, miss: pl.Expr, of: pl.Expr) -> Aggregation:
    """100 × (hits − misses) ÷ rows, in points; a row that is both is a hit."""
    known = of & hit.is_not_null() & miss.is_not_null()
    score = pl.when(hit).then(10.0).when(miss).then(0.0).otherwise(8.0)
    return net(only(score, known), other_scale=pl.lit(None, pl.Float64))
