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
        table = [{"name": each.name, "n": each.n, "share": each.n / top.n} for each in top.first]
        hits = sum(each.n for each in top.first)
        shown: dict[str, Any] = {"distinct": top.keys}
        if top.weight:
            shown["share_of_hours"] = sum(each.weight for each in top.first) / top.weight
            for row, each in zip(table, top.first, strict=True):
                row["share_of_hours"] = each.weight / top.weight
        return Figure(hits / top.n, top.n, None, {**shown, "table": table}, divided(hits, top.n))

    measure = Foremost(key, name, weight, MOST, CUSTOMER)
    return Aggregation({"top": measure}, finish, contribution=Contribution(pl.col(key).is_not_null()))


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
