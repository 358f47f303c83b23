"""How much of the work comes from how few: customers with most contacts."""

from typing import Any

import polars as pl

from cx_kpi.metrics.definition.aggregations import divided
from cx_kpi.metrics.definition.clocks import CREATED
from cx_kpi.metrics.definition.metric import Aggregation, Contribution, Foremost, Measured, Method, Metric
from cx_kpi.metrics.families.channels import NOBODY
from cx_kpi.model.figures import Figure
from cx_kpi.model.values import Better, Unit
from cx_kpi.wording.language import mark

MOST = 10  # customers
CUSTOMER = mark("customer {n}")


def _foremost(key: str, name: str, weight: pl.Expr) -> Aggregation:
    """The share of rows that belong to the keys with most of them; as a detail, the share of their weights."""

    def finish(parts: Measured) -> Figure:
        top = parts["top"]
        if not top.n:
            return Figure(None, 0)
        shown: dict[str, Any] = {"distinct": top.keys}
        if top.weight:
            shown["share_of_hours"] = top.weight_ahead / top.weight
        if table := [_row(each, top) for each in top.first]:
            shown["table"] = table
        return Figure(top.n_ahead / top.n, top.n, None, shown, divided(top.n_ahead, top.n))

    measure = Foremost(key, name, weight, MOST, CUSTOMER)
    return Aggregation({"top": measure}, finish, contribution=Contribution(pl.col(key).is_not_null()))


def _row(each: Any, top: Any) -> dict[str, Any]:
    """One of the foremost, with its share of all."""
    row = {"name": each.name, "n": each.n, "share": each.n / top.n}
    return row | {"share_of_hours": each.weight / top.weight} if top.weight else row


METRICS = (
    Metric(
        id="customer_concentration",
        title=mark("Contacts of the ten busiest customers"),
        group="channels",
        about=mark(
            "How much of the work a few customers make: the share of contacts of the ten with most, and of handling "
            "hours where they are known; the table names their ids where these are mere numbers."
        ),
        formula=mark("contacts of the ten customers with most ÷ contacts with a known customer"),
        unit=Unit.SHARE,
        better=Better.NEITHER,
        methods=(
            Method(
                CREATED,
                _foremost("customer_id", "customer_name", pl.col("handled_seconds")),
                exclusions=(NOBODY,),
            ),
        ),
    ),
)
