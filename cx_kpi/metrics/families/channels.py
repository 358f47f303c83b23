"""Where customers come from."""

import polars as pl

from cx_kpi.metrics.definition.aggregations import breakdown, modal, per_key
from cx_kpi.metrics.definition.clocks import CREATED
from cx_kpi.metrics.definition.metric import Exclusion, Method, Metric
from cx_kpi.model.values import Better, Unit
from cx_kpi.wording.language import mark

NOBODY = Exclusion(mark("without a customer"), pl.col("customer_id").is_null())

METRICS = (
    Metric(
        id="channel_share",
        title=mark("Share of the main channel"),
        group="channels",
        about=mark("How contacts spread over channels; the value is the share of the largest known one."),
        formula=mark("contacts of a channel ÷ all contacts"),
        unit=Unit.SHARE,
        better=Better.NEITHER,
        methods=(Method(CREATED, breakdown("channel")),),
        not_by=frozenset({"channel"}),
    ),
    Metric(
        id="preferred_channel",
        title=mark("Preferred channel"),
        group="channels",
        about=mark(
            "The channel most customers use most; where a customer uses two equally, the latest counts."
        ),
        formula=mark("each customer's most used channel; the one with most customers"),
        unit=Unit.NAME,
        better=Better.NEITHER,
        methods=(
            Method(CREATED, modal("channel", per="customer_id", at="created_at"), exclusions=(NOBODY,)),
        ),
        not_by=frozenset({"channel"}),
    ),
    Metric(
        id="contacts_per_customer",
        title=mark("Contacts per customer"),
        group="channels",
        about=mark("How often a customer who contacts you does so: the repeat-contact index."),
        formula=mark("contacts with a known customer ÷ different customers"),
        unit=Unit.RATIO,
        better=Better.LOWER,
        methods=(Method(CREATED, per_key("customer_id"), exclusions=(NOBODY,)),),
    ),
)
