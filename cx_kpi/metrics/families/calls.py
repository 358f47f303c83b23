"""Calls: how long callers wait, and how many give up."""

import polars as pl

from cx_kpi.metrics.definition.aggregations import only, share
from cx_kpi.metrics.definition.clocks import QUEUED
from cx_kpi.metrics.definition.metric import Companion, Exclusion, Headline, Method, Metric
from cx_kpi.metrics.definition.wait_aggregations import duration
from cx_kpi.model.values import Better, Target, Unit
from cx_kpi.wording.language import mark

WAIT = pl.col("wait_seconds")
OFFERED = pl.col("offered")
ANSWERED = OFFERED & (pl.col("disposition") == "answered")
ABANDONED = OFFERED & (pl.col("disposition") == "abandoned")
QUICK = 20.0  # seconds
NOT_OFFERED = Exclusion(mark("not offered to the queue: outgoing or failed"), ~OFFERED)
NOT_ANSWERED = Exclusion(mark("not answered"), ~ANSWERED)

METRICS = (
    Metric(
        id="call_wait_time",
        title=mark("Wait on the phone"),
        group="calls",
        about=mark(
            "How long answered callers waited in the queue; callers who gave up are in the abandon rate."
        ),
        formula=mark("Σ queue time of answered calls ÷ answered calls"),
        unit=Unit.SECONDS,
        better=Better.LOWER,
        same_as="call_service_level",
        headline=Headline("speed", 7),
        target=Target("<=", 240.0),
        methods=(Method(QUEUED, duration(only(WAIT, ANSWERED)), exclusions=(NOT_OFFERED, NOT_ANSWERED)),),
        companions=(Companion("abandon_rate", "call_abandon_rate"),),
    ),
    Metric(
        id="call_abandon_rate",
        title=mark("Calls abandoned"),
        group="calls",
        about=mark("Share of callers who hung up in the queue."),
        formula=mark("abandoned in the queue ÷ offered to the queue"),
        unit=Unit.SHARE,
        better=Better.LOWER,
        methods=(Method(QUEUED, share(ABANDONED, of=OFFERED), exclusions=(NOT_OFFERED,)),),
    ),
    Metric(
        id="call_service_level",
        title=mark("Calls answered within 20 s"),
        group="calls",
        about=mark("Share of all callers, those who gave up included, answered within 20 seconds."),
        formula=mark("answered within 20 s ÷ offered to the queue"),
        unit=Unit.SHARE,
        better=Better.HIGHER,
        headline=Headline("speed", 6),
        limit=QUICK,
        target=Target(">=", 0.80),
        methods=(
            Method(
                QUEUED,
                share((ANSWERED & (WAIT <= QUICK)).fill_null(value=False), of=OFFERED),
                exclusions=(NOT_OFFERED,),
            ),
        ),
    ),
)
