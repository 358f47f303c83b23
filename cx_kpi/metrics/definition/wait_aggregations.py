"""The shapes of waits: durations, how long until most are finished, ages, and shares within a target."""

from dataclasses import replace
from typing import Any

import polars as pl

from cx_kpi.metrics.definition.aggregations import mean_figure, mean_of, moments, only, share
from cx_kpi.metrics.definition.metric import (
    Aggregation,
    Contribution,
    Exclusion,
    Measure,
    Measured,
    Quantiles,
    Sum,
)
from cx_kpi.model.figures import Figure, nearly, worked
from cx_kpi.model.sums import Quantity
from cx_kpi.wording.language import mark

UNFINISHED = mark("not finished yet: pending")
UNDONE = mark("solved without it, so that nothing can be timed")
AIMLESS = mark("without a target")
YOUNG = mark("still open and within the target: pending")
MEDIAN_OF = mark("median of {n}")
NO_TARGET = mark(
    "no row has a target: no known channel, and no target for all; set one in cxkpi.toml, [targets]"
)


def within(value: pl.Expr, target: pl.Expr, waiting: pl.Expr, age: pl.Expr) -> Aggregation:
    """Share finished within each row's target, all in seconds: rule 7 of the catalogue.

    A waiting row older than its target is a miss, `overdue`; a younger one is left out, `pending`. Rows without
    a target do not count; refused where no row has one.
    """
    overdue, pending = waiting & (age > target), waiting & (age <= target)
    hit = (value <= target).fill_null(value=False)
    known = target.is_not_null() & (value.is_not_null() | overdue)
    found = share(hit, of=known, overdue=Sum(overdue), pending=Sum(pending))

    def finish(parts: Measured) -> Figure:
        figure = found.finish(parts)
        aimless = not parts["aimed"] and bool(parts["known"])
        return replace(figure, details={**figure.details, "refused": NO_TARGET}) if aimless else figure

    measures = {**found.measures, "aimed": Sum(target.is_not_null()), "known": Sum(value.is_not_null())}
    finished = ~(value.is_not_null() | waiting).fill_null(value=False)
    exclusions = (
        Exclusion(UNDONE, finished),
        Exclusion(AIMLESS, target.is_null()),
        Exclusion(YOUNG, pending),
    )
    size = pl.coalesce(value, only(age, waiting))
    return Aggregation(
        measures, finish, contribution=Contribution(known, hit, size, target, exclusions, Quantity.SHARE)
    )


def duration(value: pl.Expr, censored: pl.Expr | None = None, **details: Measure) -> Aggregation:
    """Mean of durations in seconds, with median and 90th percentile; `censored`: ages of the unfinished."""

    def finish(parts: Measured) -> Figure:
        sample, order = mean_of(parts, low=0.0), parts["order"]
        shown: dict[str, Any] = {"median": order.median, "p90": order.p90} | _bounds(order)
        if censored is not None:
            shown |= {"pending": order.censored, "censored_median": order.censored_median}
        for name in details:
            shown[name] = parts[name]
        return mean_figure(sample, parts, shown)

    exclusions = (Exclusion(UNFINISHED, censored.is_not_null()),) if censored is not None else ()
    measures = {**moments(value), "order": Quantiles(value, censored), **details}
    return Aggregation(
        measures,
        finish,
        contribution=Contribution(
            value.is_not_null(), value, exclusions=exclusions, quantity=Quantity.DURATION
        ),
    )


def _bounds(order: Any) -> dict[str, Any]:
    """The 95 % intervals of median and 90th percentile, where there are rows enough, and how near all these are."""
    found: dict[str, Any] = {}
    if order.median_interval:
        found["median_interval"] = [*order.median_interval]
    if order.p90_interval:
        found["p90_interval"] = [*order.p90_interval]
    return found | nearly(order.error)


def survival(value: pl.Expr, censored: pl.Expr) -> Aggregation:
    """Censor-aware (Kaplan–Meier) median of durations, in seconds; n counts finished and unfinished."""

    def finish(parts: Measured) -> Figure:
        order = parts["order"]
        shown = {"pending": order.censored, "p90": order.censored_p90} | nearly(order.error)
        return Figure(order.censored_median, order.n + order.censored, None, shown)

    return Aggregation({"order": Quantiles(value, censored)}, finish)


def age(value: pl.Expr, bands: dict[str, tuple[float, float]], *, since_start: bool = False) -> Aggregation:
    """Median age in seconds, with the greatest and, where there are bands, the number in each `[from, to)`.

    `since_start` says that all time since a row began counts.
    """

    def finish(parts: Measured) -> Figure:
        order = parts["order"]
        shown: dict[str, Any] = {"maximum": order.maximum, "p90": order.p90} | _bounds(order)
        if bands:
            shown["bands"] = {name: parts[name] for name in bands}
        return Figure(order.median, order.n, None, shown, worked(MEDIAN_OF, n=int(order.n)))

    counted = {
        name: Sum((value >= low) & (value < high), since=value >= low, until=value >= high)
        for name, (low, high) in bands.items()
    }
    contribution = Contribution(value.is_not_null(), value)
    order = Quantiles(value, since_start=since_start)
    return Aggregation({"order": order, **counted}, finish, contribution=contribution)
