"""Customers kept and lost."""

from collections.abc import Callable

import polars as pl

from cx_kpi.metrics.definition.aggregations import EVERY, breakdown, count, share
from cx_kpi.metrics.definition.clocks import ACTIVE, BUYING, COUNTED, CUSTOMERS, LISTED
from cx_kpi.metrics.definition.metric import (
    Aggregation,
    Clock,
    Closing,
    Cohort,
    Contribution,
    Headline,
    Measure,
    Measured,
    Method,
    Metric,
    Opening,
    Sum,
    helper,
)
from cx_kpi.model.figures import Figure, Proportion, Worked
from cx_kpi.model.values import Better, Unit
from cx_kpi.wording.language import mark

KEPT = pl.col("kept")
LEFT = Clock(mark("left"), "customers", "ended_at", Cohort.EVENT)


def _totals(hit: Callable[[Measured], float], formula: str) -> Aggregation:
    """A share of the customers at the start of the window, from totals alone; `formula` is its working."""

    def finish(parts: Measured) -> Figure:
        start = int(parts["start"] or 0)
        if not start:
            return Figure(None, 0)
        hits = hit(parts)
        whole = 0 <= hits <= start and float(hits).is_integer()
        sample = Proportion(int(hits), start) if whole else None
        totals = {name: int(parts[name] or 0) for name in measures}
        return Figure(hits / start, start, sample, {"hits": hits}, Worked(formula, totals))

    measures: dict[str, Measure] = {
        "start": Opening(pl.col("start_count")),
        "end": Closing(pl.col("end_count")),
        "new": Sum(pl.col("new_totals").cast(pl.Int128)),
        "lost": Sum(pl.col("lost_totals").cast(pl.Int128)),
    }
    return Aggregation(measures, finish, contribution=Contribution(EVERY))


def _customers_at_end() -> Aggregation:
    def finish(parts: Measured) -> Figure:
        n = int(parts["end"] or 0)
        return Figure(n or None, n)

    return Aggregation({"end": Closing(pl.col("end_count"))}, finish)


BY_IDENTITY = mark("by identity")
FROM_TOTALS = mark("from totals")
BY_INACTIVITY = mark("by inactivity")
OF_A_LIST = mark("share of the list; over what time is not known")
EVER_LEFT = mark("of all in the list who left, whenever that was")

METRICS = (
    Metric(
        id="retention_rate",
        title=mark("Customers retained"),
        group="customers",
        about=mark("Share of the customers at the start of the window who are still customers at its end."),
        formula=mark("active at start and still active at end ÷ active at start"),
        unit=Unit.SHARE,
        better=Better.HIGHER,
        headline=Headline("customers", 3),
        methods=(
            Method(ACTIVE, share(KEPT, of=KEPT.is_not_null()), BY_IDENTITY),
            Method(
                COUNTED,
                _totals(lambda parts: parts["end"] - parts["new"], "({end} − {new}) ÷ {start}"),
                FROM_TOTALS,
            ),
            Method(BUYING, share(KEPT, of=KEPT.is_not_null()), BY_INACTIVITY),
            Method(LISTED, share(~pl.col("is_lost"), of=pl.col("is_lost").is_not_null()), OF_A_LIST),
        ),
        all_methods=True,
    ),
    Metric(
        id="churn_rate",
        title=mark("Customers lost (churn)"),
        group="customers",
        about=mark("Share of the customers at the start of the window who left before its end."),
        formula=mark("lost of those active at start ÷ active at start"),
        unit=Unit.SHARE,
        better=Better.LOWER,
        same_as="retention_rate",
        whom=mark("those who left"),
        methods=(
            Method(ACTIVE, share(~KEPT, of=KEPT.is_not_null()), BY_IDENTITY),
            Method(COUNTED, _totals(lambda parts: parts["lost"], "{lost} ÷ {start}"), FROM_TOTALS),
            Method(BUYING, share(~KEPT, of=KEPT.is_not_null()), BY_INACTIVITY),
            Method(LISTED, share(pl.col("is_lost"), of=pl.col("is_lost").is_not_null()), OF_A_LIST),
        ),
        all_methods=True,
    ),
    Metric(
        id="churn_reasons",
        title=mark("Customers lost for the main reason"),
        group="customers",
        about=mark(
            "Why customers left in the window, by the reason given, most first; the value is the share of the first."
        ),
        formula=mark("lost customers of one reason ÷ all lost customers"),
        unit=Unit.SHARE,
        better=Better.NEITHER,
        methods=(
            Method(LEFT, breakdown("ended_reason")),
            Method(LISTED, breakdown("ended_reason", pl.col("is_lost")), EVER_LEFT),
        ),
        not_by=frozenset({"ended_reason"}),
    ),
    helper("customers_active", Unit.COUNT, Method(CUSTOMERS, count()), Method(COUNTED, _customers_at_end())),
)
