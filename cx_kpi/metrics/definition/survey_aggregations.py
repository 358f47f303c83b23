"""Shapes of the metrics about surveys: stages of the journey, both sides' scores, and reviews."""

from typing import Any

import polars as pl

from cx_kpi.metrics.definition.aggregations import mean_of, mean_of_all, moments, only
from cx_kpi.metrics.definition.metric import Aggregation, Measured, Sum
from cx_kpi.model.figures import Figure, Mean

SCORE = pl.col("answer")
REVIEWS = pl.col("kind") == "review"


def _mean(parts: Measured, prefix: str) -> float | None:
    n = int(parts[f"{prefix}n"])
    return parts[f"{prefix}sum"] / n if n else None


def mean_of_stages(groups: list[tuple[str, Measured]]) -> Figure:
    """The mean of the stage means, and the weakest stage.

    Its standard error is that of a mean of independent means: √Σ(s²ᵢ ÷ nᵢ) ÷ stages.
    """
    means = {stage: found for stage, parts in groups if (found := mean_of(parts, 1.0, 5.0))}
    high = {stage: parts["high"] for stage, parts in groups}
    if not means:
        return Figure(None, 0)
    table: list[dict[str, Any]] = [
        {"name": stage, "n": each.n, "mean": each.mean, "share_4_5": high[stage] / each.n}
        for stage, each in means.items()
    ]
    n = sum(each.n for each in means.values())
    value = sum(each.mean for each in means.values()) / len(means)
    error = sum(each.variance / each.n for each in means.values()) / len(means) ** 2
    weakest = min(table, key=lambda row: (row["mean"], row["name"]))
    shown = {"scale": [1.0, 5.0], "weakest": weakest["name"], "weakest_mean": weakest["mean"], "table": table}
    working = mean_of_all([each.mean for each in means.values()])
    return Figure(value, n, Mean(n, value, error * n, 1.0, 5.0), shown, working)


def gaps(groups: list[tuple[str, Measured]]) -> Figure:
    """Mean over the stages both sides rated of (our own score − the customers'); the widest gap first."""
    found: list[tuple[dict[str, Any], tuple[Mean, Mean]]] = []
    for stage, parts in groups:
        ours, theirs = _sample(parts, "self_"), _sample(parts, "customer_")
        if ours and theirs:
            means = {"mean_self": ours.mean, "mean_customers": theirs.mean, "gap": ours.mean - theirs.mean}
            found.append(({"name": stage, **means, "n_self": ours.n, "n": theirs.n}, (ours, theirs)))
    if not found:
        return Figure(None, 0)
    found.sort(key=lambda each: (abs(each[0]["gap"]), each[0]["name"]), reverse=True)
    table, pairs = [row for row, _ in found], tuple(pair for _, pair in found)
    value = sum(row["gap"] for row in table) / len(table)
    shown = {"widest": table[0]["name"], "table": table}
    working = mean_of_all([row["gap"] for row in table])
    return Figure(value, sum(row["n"] for row in table), None, shown, working, pairs)


def _sample(parts: Measured, prefix: str) -> Mean | None:
    return mean_of({name: parts[f"{prefix}{name}"] for name in ("n", "sum", "squares")}, 1.0, 5.0)


def review_sources(by: str) -> Aggregation:
    """Reviews in each value of a column, most first, unknown last, and their mean rating."""

    def finish(groups: list[tuple[str | None, Measured]]) -> Figure:
        found = [(name, int(parts["rows"]), _mean(parts, "")) for name, parts in groups if parts["rows"]]
        found.sort(key=lambda row: (row[0] is None, -row[1], row[0] or ""))
        n = sum(k for _, k, _ in found)
        table = [{"name": name, "n": k, "share": k / n, "mean": mean} for name, k, mean in found]
        known = any(name is not None for name, _, _ in found)
        return Figure(n, n, details={"table": table} if known else {})

    return Aggregation({"rows": Sum(REVIEWS), **moments(only(SCORE, REVIEWS))}, finish, within=by)


def review_words(parts: Measured) -> Figure:
    """The words that most reviews mention, and those that set low ratings apart from high ones."""
    told = parts["terms"]
    shown = {"low": told.low, "high": told.high, "reviews_low": told.n_low, "reviews_high": told.n_high}
    return Figure(told.most or None, told.n, None, shown | {"table": told.table})
