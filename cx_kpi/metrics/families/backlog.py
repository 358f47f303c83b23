"""Unfinished work, and work that came back."""

from dataclasses import replace

import polars as pl

from cx_kpi.metrics.definition.aggregations import EVERY, count, one_of, share, without_verdict
from cx_kpi.metrics.definition.clocks import CREATED, OPEN, SOLVED
from cx_kpi.metrics.definition.metric import (
    Aggregation,
    Companion,
    Contribution,
    Exclusion,
    Headline,
    Largest,
    Measure,
    Measured,
    Method,
    Metric,
    Smallest,
    Sum,
)
from cx_kpi.metrics.definition.wait_aggregations import age
from cx_kpi.model.figures import Figure
from cx_kpi.model.values import Better, Unit
from cx_kpi.wording.language import mark

AGE = pl.col("age_seconds")
LIMIT = pl.col("overdue_limit")
NOT_YET = mark("not older than the limit")
NO_CUSTOMER = mark("without a customer, or not yet old enough to tell")
NO_STATUS = mark("whose status at that moment is not known")
US = "us"
CAUSES = (US, "customer", "third party")
DAY = 86_400.0
BANDS = {
    "under 1 day": (0.0, DAY),
    "1–3 days": (DAY, 3 * DAY),
    "3–7 days": (3 * DAY, 7 * DAY),
    "7–30 days": (7 * DAY, 30 * DAY),
    "over 30 days": (30 * DAY, float("inf")),
}


def _overdue() -> Aggregation:
    """Open tickets older than their limit; the limit itself where there is but one."""

    def finish(parts: Measured) -> Figure:
        n, least, most = int(parts["n"]), parts["least"], parts["most"]
        one = {"limit_seconds": most}
        shown = one if least == most else {"limits_seconds": [least, most]}
        return Figure(n, n, details=shown, worked=one_of(n, parts["rows"]))

    counted = {"n": Sum(AGE > LIMIT, since=AGE > LIMIT), "rows": Sum(EVERY)}
    contribution = Contribution(
        AGE > LIMIT, pl.lit(value=True), AGE, LIMIT, (Exclusion(NOT_YET, AGE <= LIMIT),)
    )
    return Aggregation(
        {**counted, "least": Smallest(LIMIT), "most": Largest(LIMIT)}, finish, contribution=contribution
    )


def _causes() -> Aggregation:
    """Share of the open tickets whose status is known that wait for us, with the others in a table."""
    waited = pl.col("waited_for")
    known = waited.is_not_null()
    found = share(waited == US, known, None, **{name: Sum(waited == name) for name in CAUSES})

    def finish(parts: Measured) -> Figure:
        figure = found.finish(parts)
        if not figure.n:
            return Figure(None, 0)
        table = [{"name": name, "n": int(parts[name]), "share": parts[name] / figure.n} for name in CAUSES]
        return replace(figure, details={"hits": figure.details["hits"], "table": table})

    contribution = Contribution(known, waited == US, exclusions=(Exclusion(NO_STATUS, ~known),))
    return Aggregation(
        {name: _lasting(each) for name, each in found.measures.items()}, finish, contribution=contribution
    )


def _lasting(measure: Measure) -> Measure:
    """With the note that the condition it counts goes on holding: it is known at the moment of the report alone."""
    return replace(measure, since=measure.expr) if isinstance(measure, Sum) else measure


STATE_KNOWN = pl.col("is_solved").count() > 0
METRICS = (
    Metric(
        id="backlog",
        title=mark("Backlog"),
        group="flow",
        about=mark("Tickets not solved at the end of the window: what the team still owes its customers."),
        formula=mark("created before the end and not solved by then"),
        unit=Unit.COUNT,
        better=Better.LOWER,
        headline=Headline("speed", 3),
        foreseen=True,
        measured=STATE_KNOWN,
        methods=(Method(OPEN, count()),),
    ),
    Metric(
        id="backlog_overdue",
        title=mark("Overdue backlog"),
        group="flow",
        about=mark(
            "Open tickets older than the limit: the mean resolution time, or the age set in the configuration."
        ),
        formula=mark("open tickets older than the limit"),
        unit=Unit.COUNT,
        better=Better.LOWER,
        measured=STATE_KNOWN,
        methods=(Method(OPEN, _overdue()),),
        companions=(Companion("share_of_backlog", "backlog", per=1.0),),
    ),
    Metric(
        id="backlog_age",
        title=mark("Age of the backlog"),
        group="flow",
        about=mark("How long the open tickets have been waiting, from creation to the end of the window."),
        formula=mark("median of (end of the window − created) over open tickets"),
        unit=Unit.SECONDS,
        better=Better.LOWER,
        measured=STATE_KNOWN,
        methods=(Method(OPEN, age(AGE, BANDS, since_start=True)),),
    ),
    Metric(
        id="backlog_causes",
        title=mark("Backlog that waits for us"),
        group="flow",
        about=mark(
            "Who has to act next on the open tickets: we (new, open), the customer (pending) or a third party (on hold), "
            "as the status tells at the moment of the report; the value is our share. Beside it what came in and went out."
        ),
        formula=mark("open tickets that wait for us ÷ open tickets with a known status"),
        unit=Unit.SHARE,
        better=Better.LOWER,
        methods=(Method(OPEN, _causes()),),
        companions=(Companion("inflow", "tickets_created"), Companion("outflow", "tickets_solved")),
    ),
    Metric(
        id="repeat_contact_rate",
        title=mark("Repeat contacts"),
        group="flow",
        about=mark(
            "Share of solved tickets after which the same customer came back on the same issue within 7 days: "
            "solved on paper, not for the customer. Tickets whose 7 days are not over are left out."
        ),
        formula=mark(
            "solved tickets followed by a contact on the same issue ÷ solved tickets with 7 days over"
        ),
        unit=Unit.SHARE,
        better=Better.LOWER,
        methods=(
            Method(
                SOLVED,
                share(pl.col("repeated"), of=pl.col("repeat_known")),
                exclusions=(Exclusion(NO_CUSTOMER, ~pl.col("repeat_known")),),
            ),
        ),
    ),
    Metric(
        id="reopen_rate",
        title=mark("Reopened"),
        group="flow",
        about=mark("Share of tickets solved at least once that had to be opened again."),
        formula=mark("reopened at least once ÷ solved at least once"),
        unit=Unit.SHARE,
        better=Better.LOWER,
        methods=(
            Method(
                CREATED,
                without_verdict(share(pl.col("reopen_count") > 0, of=pl.col("ever_solved"))),
                exclusions=(Exclusion(mark("never solved"), ~pl.col("ever_solved")),),
            ),
        ),
    ),
    Metric(
        id="one_touch_rate",
        title=mark("Solved in one touch"),
        group="flow",
        about=mark("Share of tickets solved with exactly one agent reply and never reopened."),
        formula=mark("solved with one reply and no reopen ÷ solved with a known number of replies"),
        unit=Unit.SHARE,
        better=Better.HIGHER,
        methods=(Method(SOLVED, share(pl.col("one_touch"), of=pl.col("reply_count").is_not_null())),),
    ),
    Metric(
        id="escalation_rate",
        title=mark("Escalated"),
        group="flow",
        about=mark("Share of tickets handed on to a second line or to management."),
        formula=mark("escalation level 1 or above ÷ tickets with a known level"),
        unit=Unit.SHARE,
        better=Better.LOWER,
        methods=(
            Method(
                CREATED,
                without_verdict(
                    share(pl.col("escalation_level") >= 1, of=pl.col("escalation_level").is_not_null())
                ),
            ),
        ),
    ),
)
