"""The shapes of metrics: what a row contributes, how groups fold, and how parts become a figure."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import polars as pl

from cx_kpi.metrics.definition.metric import (
    Aggregation,
    Contribution,
    Distinct,
    Exclusion,
    Largest,
    Measure,
    Measured,
    Mode,
    Smallest,
    Sum,
)
from cx_kpi.model.figures import Figure, Mean, Net, Proportion, Worked, worked
from cx_kpi.model.sums import Quantity
from cx_kpi.wording.language import mark

EVERY = pl.lit(value=True)
NOT_ON_SCALE = mark("on another scale")
ONCE = mark("contacts of a customer, who counts once")
OF_ALL = mark("{k} of {n}")
OTHER_SCALE = mark(
    "the answers are not on a scale of 0 to 10; if they are, write in cxkpi.toml: [surveys.scales] nps = [0, 10]"
)


def only(value: pl.Expr, where: pl.Expr) -> pl.Expr:
    """The value where the condition holds, else null."""
    return pl.when(where).then(value)


def count(where: pl.Expr = EVERY, **details: Measure) -> Aggregation:
    """How many rows hold the condition; other measures go to the details."""

    def finish(parts: Measured) -> Figure:
        n = int(parts["n"])
        return Figure(n, n, details={name: parts[name] for name in details}, worked=one_of(n, parts["rows"]))

    measures = {"n": Sum(where), "rows": Sum(EVERY), **details}
    contribution = Contribution(where, EVERY, quantity=Quantity.COUNT)
    return Aggregation(measures, finish, contribution=contribution)


def one_of(n: int, rows: int) -> Worked:
    """The working of a number of rows: out of how many, where those are more."""
    return Worked("{n}" if n == rows else OF_ALL, {"k": n, "n": int(rows)}, states=True)


def divided(hits: int, n: int) -> Worked:
    """The working of a share of counts."""
    return Worked("{hits} ÷ {n}", {"hits": hits, "n": n})


def averaged(total: float, n: int) -> Worked:
    """The working of a mean."""
    return Worked("Σ {total} ÷ {n}", {"total": float(total), "n": n})


def mean_of_all(means: Sequence[float]) -> Worked:
    """The working of a mean of a few means."""
    names = [f"m{place}" for place in range(len(means))]
    top = " + ".join(f"{{{name}}}" for name in names)
    parts = {name: float(mean) for name, mean in zip(names, means, strict=True)}
    return Worked(f"({top}) ÷ {{n}}", {**parts, "n": len(means)})


def share(hit: pl.Expr, of: pl.Expr, latest: str | None = None, **details: Measure) -> Aggregation:
    """Rows that hit ÷ rows in `of` (a null in either does not count); other measures go to the details."""
    known = (of & hit.is_not_null()).fill_null(value=False)

    def finish(parts: Measured) -> Figure:
        hits, n = int(parts["hits"]), int(parts["n"])
        shown = {"hits": hits, **{name: parts[name] for name in details}}
        sample = Proportion(hits, n) if n else None
        return Figure(hits / n if n else None, n, sample, shown, divided(hits, n))

    measures = {"hits": Sum(hit & known), "n": Sum(known), **details}
    contribution = Contribution(known, hit, quantity=Quantity.SHARE)
    return Aggregation(measures, finish, latest=latest, contribution=contribution)


def at_one_age(aggregation: Aggregation, happened: str) -> Aggregation:
    """The same, judged with all periods at one age: a hit that takes time counts by its date, `happened`."""
    contribution = aggregation.contribution
    assert contribution is not None  # noqa: S101 - such aggregations say what a row brings
    return replace(aggregation, contribution=replace(contribution, happened=happened))


def without_verdict(aggregation: Aggregation) -> Aggregation:
    """The same, its changes not judged: hits come later, undated, so that periods are never at one age."""
    contribution = aggregation.contribution
    assert contribution is not None  # noqa: S101 - such aggregations say what a row brings
    return replace(aggregation, contribution=replace(contribution, quantity=None))


def moments(value: pl.Expr, prefix: str = "") -> dict[str, Measure]:
    """What `mean_of` needs: count, sum and sum of squares."""
    return {
        f"{prefix}n": Sum(value.is_not_null()),
        f"{prefix}sum": Sum(value),
        f"{prefix}squares": Sum(value * value),
    }


def mean_of(parts: Measured, low: float | None = None, high: float | None = None) -> Mean | None:
    """The sample behind a mean, from its count, sum and sum of squares."""
    n = int(parts["n"])
    if not n:
        return None
    mean = parts["sum"] / n
    variance = max(0.0, (parts["squares"] - n * mean * mean) / (n - 1)) if n > 1 else 0.0
    return Mean(n, mean, variance, low, high)


def mean_figure(sample: Mean | None, parts: Measured, shown: dict[str, Any]) -> Figure:
    """The figure of a mean."""
    if sample is None:
        return Figure(None, 0, None, shown)
    return Figure(sample.mean, sample.n, sample, shown, averaged(parts["sum"], sample.n))


def score(
    value: pl.Expr, low: pl.Expr, high: pl.Expr, latest: str | None = None, **details: Measure
) -> Aggregation:
    """Mean on the native scale, with the scale as details; null values do not count."""
    answered = value.is_not_null()

    def finish(parts: Measured) -> Figure:
        sample = mean_of(parts, parts["low"], parts["high"])
        shown = {"scale": [parts["low"], parts["high"]], **{name: parts[name] for name in details}}
        return mean_figure(sample, parts, shown)

    scale: dict[str, Measure] = {"low": Smallest(only(low, answered)), "high": Largest(only(high, answered))}
    measures = {**moments(value), **scale, **details}
    contribution = Contribution(answered, value, quantity=Quantity.SCORE)
    return Aggregation(measures, finish, latest=latest, contribution=contribution)


def net(value: pl.Expr, other_scale: pl.Expr, latest: str | None = None) -> Aggregation:
    """Net promoter score of 0–10 answers, in points −100 … 100; passives count in the denominator.

    Refused where all answers are on another scale, which hold the value of `other_scale`.
    """

    def finish(parts: Measured) -> Figure:
        p, d, n = int(parts["promoters"]), int(parts["detractors"]), int(parts["n"])
        shown: dict[str, Any] = {"promoters": p, "passives": n - p - d, "detractors": d}
        if not n and parts["other"]:
            shown["refused"] = OTHER_SCALE
        working = worked("100 × ({promoters} − {detractors}) ÷ {n}", promoters=p, detractors=d, n=n)
        return Figure(100 * (p - d) / n if n else None, n, Net(p, d, n) if n else None, shown, working)

    measures: dict[str, Measure] = {
        "promoters": Sum(value >= 9),
        "detractors": Sum(value <= 6),
        "n": Sum(value.is_not_null()),
        "other": Sum(other_scale.is_not_null()),
    }
    contribution = Contribution(
        value.is_not_null(),
        value,
        exclusions=(Exclusion(NOT_ON_SCALE, other_scale.is_not_null()),),
        quantity=Quantity.NET,
    )
    return Aggregation(measures, finish, latest=latest, contribution=contribution)


def per_key(key: str) -> Aggregation:
    """Rows with a known key ÷ different keys."""

    def finish(parts: Measured) -> Figure:
        n, keys = int(parts["n"]), int(parts["keys"])
        shown = {"distinct": keys}
        return Figure(n / keys if keys else None, n, details=shown, worked=divided(n, keys))

    column = pl.col(key)
    known = column.is_not_null()
    return Aggregation({"n": Sum(known), "keys": Distinct(column)}, finish, contribution=Contribution(known))


def modal(of: str, per: str, at: str) -> Aggregation:
    """The value that most keys use most, with the share of keys it wins."""

    def brief(parts: Measured) -> Figure:
        wins: dict[str, int] = parts["wins"]
        n = sum(wins.values())
        first = next(iter(wins), None)
        return Figure(first, n, details={"share": wins[first] / n}) if first is not None else Figure(None, 0)

    def finish(parts: Measured) -> Figure:
        figure = brief(parts)
        table = [{"name": name, "n": k, "share": k / figure.n} for name, k in parts["wins"].items()]
        return _with_table(figure, table) if figure.n else figure

    known = pl.col(of).is_not_null() & pl.col(per).is_not_null()
    measures: dict[str, Measure] = {"wins": Mode(of, per, at)}
    return Aggregation(measures, finish, contribution=Contribution(known, folds=ONCE), brief=brief)


def breakdown(by: str, where: pl.Expr = EVERY, pareto: bool = False) -> Aggregation:
    """Share of each value of a column, greatest first, unknown shown; the value is the greatest share."""

    def finish(groups: list[tuple[str | None, Measured]]) -> Figure:
        counted = [(name, int(parts["n"])) for name, parts in groups if parts["n"]]
        counted.sort(key=lambda pair: (pair[0] is None, -pair[1], pair[0] or ""))
        figure = _greatest(groups)
        table: list[dict[str, Any]] = []
        running = 0
        for name, k in counted:
            running += k
            row = {"name": name, "n": k, "share": k / figure.n}
            table.append(row | {"cumulative_share": running / figure.n} if pareto else row)
        return _with_table(figure, table)

    contribution = Contribution(where, quantity=Quantity.COMPOSITION)
    return Aggregation({"n": Sum(where)}, finish, within=by, contribution=contribution, brief=_greatest)


def _with_table(figure: Figure, table: list[dict[str, Any]]) -> Figure:
    """The figure that is finished without one, with its table."""
    return replace(figure, details={**figure.details, "table": table})


def _greatest(groups: list[tuple[str | None, Measured]]) -> Figure:
    """The greatest share of a breakdown alone."""
    counted = [(-int(parts["n"]), name) for name, parts in groups]
    n = -sum(k for k, _ in counted)
    k, top = min(((k, name) for k, name in counted if k and name is not None), default=(0, None))
    return Figure(-k / n, n, Proportion(-k, n), {"top": top}, divided(-k, n)) if k else Figure(None, n)


def grouped(
    by: str,
    measures: dict[str, Measure],
    finish: Callable[[list[tuple[str, Measured]]], Figure],
    value: pl.Expr,
    folds: str = "",
    quantity: Quantity | None = None,
) -> Aggregation:
    """Groups by the known values of a column, in order of name, finished together; `value` is what a row brings."""

    def known(groups: list[tuple[str | None, Measured]]) -> Figure:
        return finish(sorted((name, parts) for name, parts in groups if name is not None))

    counts = value.is_not_null() & pl.col(by).is_not_null()
    contribution = Contribution(counts, value, folds=folds, quantity=quantity)
    return Aggregation(measures, known, within=by, contribution=contribution)
