"""Shapes of the metrics about complaints: what they cost, and how dense they are among contacts."""

from typing import Any

import polars as pl

from cx_kpi.metrics.definition.aggregations import EVERY, averaged, mean_of, only
from cx_kpi.metrics.definition.metric import Aggregation, Contribution, Measured, Sum
from cx_kpi.model.figures import Figure, Proportion, worked
from cx_kpi.model.sums import Quantity
from cx_kpi.wording.language import mark

COMPLAINT = pl.col("is_complaint")
UNCOVERED = mark("less than half of the complaints have a known cost")
COVERAGE = 0.5  # below it, a cost per complaint is refused


def cost_of_known(cost: pl.Expr) -> Aggregation:
    """Cost ÷ complaints whose cost is known; refused where less than half are known."""

    def finish(parts: Measured) -> Figure:
        n, known = int(parts["n"]), int(parts["known"])
        shown: dict[str, Any] = {
            "coverage": known / n if n else None,
            "complaints": n,
            "total": parts["cost"],
        }
        enough = known >= COVERAGE * n
        if not enough:
            shown["refused"] = UNCOVERED
        spread = {"n": known, "sum": parts["cost"], "squares": parts["squares"]}
        sample = mean_of(spread, low=0.0) if enough else None
        value = sample.mean if sample else None
        return Figure(value, known, sample, shown, averaged(parts["cost"] or 0, known))

    return Aggregation(
        {
            "n": Sum(COMPLAINT),
            "known": Sum(COMPLAINT & cost.is_not_null()),
            "cost": Sum(only(cost, COMPLAINT)),
            "squares": Sum(only(cost * cost, COMPLAINT)),
        },
        finish,
        contribution=Contribution(COMPLAINT & cost.is_not_null(), cost, quantity=Quantity.AMOUNT),
    )


def cost_allocated(cost: pl.Expr) -> Aggregation:
    """The period's whole cost × share of complaints among tickets ÷ complaints solved."""

    def finish(parts: Measured) -> Figure:
        n = int(parts["solved"])
        total = parts["cost"]
        value = total * parts["n"] / parts["tickets"] / n if n and parts["tickets"] else None
        counts = {"n": int(parts["n"]), "tickets": int(parts["tickets"]), "solved": n}
        working = worked("{cost} × {n} ÷ {tickets} ÷ {solved}", cost=float(total or 0), **counts)
        return Figure(value, n, None, {"allocated": True, "total": total}, working)

    return Aggregation(
        {
            "n": Sum(COMPLAINT),
            "tickets": Sum(pl.lit(value=True)),
            "solved": Sum(COMPLAINT & pl.col("is_solved")),
            "cost": Sum(cost),
        },
        finish,
        contribution=Contribution(COMPLAINT & pl.col("is_solved")),
    )


def density() -> Aggregation:
    """Complaints per 100 contacts."""

    def finish(parts: Measured) -> Figure:
        k, n = int(parts["k"]), int(parts["n"])
        sample = Proportion(k, n, per=100.0) if n else None
        return Figure(
            _per_hundred(k, n) if n else None,
            n,
            sample,
            {"complaints": k},
            worked("100 × {k} ÷ {n}", k=k, n=n),
        )

    hit = COMPLAINT.fill_null(value=False)
    return Aggregation({"k": Sum(COMPLAINT), "n": Sum(EVERY)}, finish, contribution=Contribution(EVERY, hit))


def density_by(column: str) -> Aggregation:
    """The density in each value of a column, the one with most complaints first, unknown last."""

    def finish(groups: list[tuple[str | None, Measured]]) -> Figure:
        found = [(name, int(parts["k"]), int(parts["n"])) for name, parts in groups if parts["n"]]
        found.sort(key=lambda each: (each[0] is None, -each[1], each[0] or ""))
        table = [{"name": name, "complaints": k, "n": n, "value": _per_hundred(k, n)} for name, k, n in found]
        return Figure(None, sum(n for _, _, n in found), details={"table": table})

    def brief(groups: list[tuple[str | None, Measured]]) -> Figure:
        return Figure(None, sum(int(parts["n"]) for _, parts in groups), details={"table": []})

    return Aggregation(density().measures, finish, within=column, brief=brief)


def _per_hundred(k: int, n: int) -> float:
    return 100 * k / n
