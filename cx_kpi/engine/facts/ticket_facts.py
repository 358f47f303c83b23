"""Facts about tickets that metrics read."""

import polars as pl

from cx_kpi.engine.facts import business_waits, row_targets, target_rules
from cx_kpi.engine.facts.fact import SEEN, Context, Fact, Rows, moment, seconds, seen
from cx_kpi.engine.facts.known import month_of
from cx_kpi.engine.facts.of_customers.purchases import returned, turn
from cx_kpi.engine.facts.of_customers.repeat_contacts import followed, preceded
from cx_kpi.model.errors import UsageProblem
from cx_kpi.normalise.mapping.reading_plan import SPELT
from cx_kpi.normalise.vocabulary.derived import UNTOLD

ISSUE = ("category", "product")
ENDED = ("solved_at", "is_solved")  # what tells whether a ticket is open: since when it is not, or that alone
NOT_WAITING = ("agent", "bot")  # nobody waits for an answer to these
WAITED_FOR = {"new": "us", "open": "us", "pending": "customer", "on_hold": "third party"}  # by status
MANAGEMENT = 2  # escalation level


def _age(_: Context) -> pl.Expr:
    return seconds(pl.col(SEEN) - pl.col("created_at"))


def _answerable(context: Context) -> pl.Expr:
    if not context.has("initiator"):
        return pl.lit(value=True)
    opened_by = pl.col("initiator").cast(pl.String)
    return ~opened_by.is_in(NOT_WAITING).fill_null(value=False)


def _finished(context: Context) -> pl.Expr:
    return context.optional("is_solved", pl.Boolean).fill_null(value=False)


def _untold(context: Context, name: str) -> pl.Expr:
    """Whether the file of a row lacks this column, which other files have, and no event gives it."""
    marked = context.optional(UNTOLD[name], pl.Boolean).fill_null(value=False)
    return marked & context.optional(name, pl.Datetime("us", "UTC")).is_null()


def _unsolved(context: Context) -> pl.Expr:
    """Whether a ticket is known to wait for its solution."""
    return ~_finished(context) & ~_untold(context, "solved_at")


def _first_solve(_: Context) -> pl.Expr:
    return seconds(pl.col("first_solved_at") - pl.col("created_at"))


def _opened(context: Context) -> pl.Expr:
    open_by_status = context.optional("is_solved", pl.Boolean).is_not_null() & ~_finished(context)
    untold = _untold(context, "solved_at") if context.has("solved_at") else pl.lit(value=True)
    unknown_end = (_finished(context) & _ended(context).is_null()) | (untold & ~open_by_status)
    return pl.when(~unknown_end).then(pl.col("created_at"))


def _ended(context: Context) -> pl.Expr:
    closed = context.optional("closed_at", pl.Datetime("us", "UTC"))
    solved = context.optional("solved_at", pl.Datetime("us", "UTC"))
    return pl.coalesce(solved, pl.when(_finished(context)).then(closed))


def _overdue_limit(context: Context) -> pl.Expr:
    config = context.config
    try:
        limit = target_rules.parse_seconds(config.backlog_age) if config.backlog_age else None
        by_priority = {k: target_rules.parse_seconds(v) for k, v in config.backlog_age_by_priority.items()}
    except ValueError as problem:
        raise UsageProblem(f"backlog_age: {problem} is no length of time; write for example '48 h'") from None
    total, n = context.known["resolution"]
    default = pl.lit(limit or (total / n if n else None), dtype=pl.Float64)
    if not by_priority or not context.has("priority"):
        return default
    return (
        pl.col("priority")
        .cast(pl.String)
        .replace_strict(by_priority, default=default, return_dtype=pl.Float64)
    )


def _issue(context: Context) -> pl.Expr:
    """A hash of the category, else of the product; null where neither is known."""
    about = pl.lit(None, pl.UInt64)
    for seed, name in reversed(list(enumerate(ISSUE, start=1))):
        if context.has(name):
            code = pl.col(name).cast(pl.Categorical).to_physical()
            about = pl.when(code.is_not_null()).then(code.hash(seed)).otherwise(about)
    return about


def _repeated(context: Context) -> pl.Series:
    key = pl.col("customer_id") ^ _issue(context).fill_null(0)
    return followed(context.rows.lazy(), key, context.config.repeat_days)


def _repeat_known(context: Context) -> pl.Expr:
    over = pl.col("solved_at") <= moment(context.as_of) - pl.duration(days=context.config.repeat_days)
    return over & pl.col("customer_id").is_not_null()


def _ever_solved(context: Context) -> pl.Expr:
    before = context.optional("first_solved_at", pl.Datetime("us", "UTC")).is_not_null()
    again = (context.optional("reopen_count", pl.Int64) > 0).fill_null(value=False)
    return pl.col("is_solved").fill_null(value=False) | before | again


def _one_touch(context: Context) -> pl.Expr:
    reopened = context.optional("reopen_count", pl.Int64).fill_null(0) > 0
    return (pl.col("reply_count") == 1) & ~reopened


def _complaint_key(context: Context) -> pl.Expr:
    """A hash of the customer and the issue of a complaint; null where either is unknown."""
    complaint = pl.col("is_complaint").fill_null(value=False)
    return pl.when(complaint).then(pl.col("customer_id") ^ _issue(context))


def _complaint_repeated(context: Context) -> pl.Series:
    """Linked to a parent complaint of the same customer within the span, else about the same issue."""
    complaint = context.rows.series("is_complaint").fill_null(value=False)
    complaints = Rows(context.rows.base.filter(complaint))
    key, days = _complaint_key(context), context.config.complaint_repeat_days
    found = preceded(complaints.lazy(), key, days)
    if context.has("parent_ticket_id") and context.has("ticket_id"):
        found |= _parented(complaints.base, days)
    places = complaint.arg_true().filter(found)
    return pl.repeat(value=False, n=len(complaint), eager=True).scatter(places, values=True)


def _parented(complaints: pl.DataFrame, days: int) -> pl.Series:
    parents = complaints.select(
        parent_ticket_id="ticket_id", parent_customer="customer_id", parent_created="created_at"
    )
    joined = complaints.select("parent_ticket_id", "customer_id", "created_at").join(
        parents.unique("parent_ticket_id", keep="last"),
        on="parent_ticket_id",
        how="left",
        maintain_order="left",
    )
    gap = pl.col("created_at") - pl.col("parent_created")
    near = (gap >= pl.duration(days=0)) & (gap <= pl.duration(days=days))
    near &= pl.col("customer_id") == pl.col("parent_customer")
    return joined.select(near=near.fill_null(value=False))["near"]


def _complaint_repeat_known(context: Context) -> pl.Expr:
    since = pl.lit(context.known["since"], pl.Datetime("us", "UTC"))
    begin = since + pl.duration(days=context.config.complaint_repeat_days)
    linked = (
        context.optional("parent_ticket_id", pl.UInt64).is_not_null() & pl.col("customer_id").is_not_null()
    )
    known = _complaint_key(context).is_not_null() | (linked & pl.col("is_complaint").fill_null(value=False))
    return known & (pl.col("created_at") >= begin)


def _follow_up(context: Context) -> pl.Series:
    """Whether a ticket is linked to one that was solved before it came."""
    links = context.rows.lazy().select("parent_ticket_id", "created_at")
    solved = context.known["solved_parents"].lazy()
    found = links.join(solved, on="parent_ticket_id", how="left", maintain_order="left")
    follows = (pl.col("solved") <= pl.col("created_at")).fill_null(value=False)
    return found.select(follows=follows).collect()["follows"]


def _customer_name(context: Context) -> pl.Expr:
    """The id as the files spell it; where it was not read so, its hash."""
    spelt = context.optional("customer_id" + SPELT, pl.String).cast(pl.String)
    return pl.coalesce(spelt, pl.col("customer_id").cast(pl.String))


def _waited_for(context: Context) -> pl.Expr:
    """Who has to act next, at the moment of the report alone: of earlier ones the status is not known."""
    waits = pl.lit(None, pl.String)
    for who in sorted(
        {*WAITED_FOR.values()}
    ):  # rather than `replace_strict`, which takes thirty times as long
        theirs = [status for status, whom in WAITED_FOR.items() if whom == who]
        waits = pl.when(pl.col("status").is_in(theirs)).then(pl.lit(who)).otherwise(waits)
    return pl.when(pl.col(SEEN) >= moment(context.as_of)).then(waits)


def _labour_cost(context: Context) -> pl.Expr:
    hours = context.optional("handle_seconds", pl.Float64) / target_rules.HOUR
    return hours * pl.lit(context.config.costs.hourly_rate, dtype=pl.Float64)


def _complaint_cost(context: Context) -> pl.Expr:
    direct = context.optional("cost", pl.Float64)
    labour = pl.col("labour_cost")
    either = direct.is_not_null() | labour.is_not_null()
    return pl.when(either).then(direct.fill_null(0.0) + labour.fill_null(0.0))


def _allocated_cost(context: Context) -> pl.Expr:
    """The month's cost spread evenly over the month's tickets, so that any cut adds up."""
    months = context.known["months"]
    known = pl.DataFrame({"month": [*months], "n": [*months.values()]})
    number = month_of(context).replace_strict(known["month"], known["n"], default=None)
    return pl.lit(context.config.costs.per_month) / number


def _to_management(context: Context) -> pl.Expr:
    level = context.optional("escalation_level", pl.Int64)
    return pl.coalesce(context.optional("escalated_to_management", pl.Boolean), level >= MANAGEMENT)


FACTS = {
    SEEN: Fact(seen),
    "age_seconds": Fact(_age, ("created_at", SEEN)),
    **business_waits.facts(
        "created_at",
        {
            "first_response_business_seconds": "first_response_at",
            "resolution_business_seconds": "solved_at",
        },
    ),
    "answerable": Fact(_answerable, optional=("initiator",)),
    "finished": Fact(_finished, optional=("is_solved",)),
    "unsolved": Fact(_unsolved, optional=("is_solved", "solved_at")),
    "response_untold": Fact(lambda c: _untold(c, "first_response_at"), optional=("first_response_at",)),
    "solution_untold": Fact(lambda c: _untold(c, "solved_at"), optional=("solved_at",)),
    "first_response_target": row_targets.target("first_response_time"),
    "first_response_judged_seconds": row_targets.judged("first_response_time"),
    "first_response_judged_age": row_targets.judged_age("first_response_time"),
    "resolution_target": row_targets.target("resolution_time"),
    "resolution_judged_seconds": row_targets.judged("resolution_time"),
    "resolution_judged_age": row_targets.judged_age("resolution_time"),
    "complaint_target": row_targets.target("complaint_processing_time"),
    "complaint_judged_seconds": row_targets.judged("complaint_processing_time"),
    "complaint_judged_age": row_targets.judged_age("complaint_processing_time"),
    "first_solve_seconds": Fact(_first_solve, ("first_solved_at", "created_at")),
    "ended_at": Fact(_ended, (ENDED,), ("closed_at", *ENDED)),
    "opened_at": Fact(_opened, ("created_at", ENDED), ("closed_at", *ENDED)),
    "overdue_limit": Fact(
        _overdue_limit,
        ("resolution_seconds",),
        reads=("backlog_age", "backlog_age_by_priority"),
        knows=("resolution",),
    ),
    "repeated": Fact(
        _repeated,
        ("customer_id", "created_at", "solved_at"),
        ISSUE,
        reads=("repeat_days",),
        together="customer_id",
    ),
    "repeat_known": Fact(_repeat_known, ("customer_id", "solved_at"), reads=("repeat_days",)),
    "ever_solved": Fact(_ever_solved, ("is_solved",), ("first_solved_at", "reopen_count")),
    "one_touch": Fact(_one_touch, ("reply_count",), ("reopen_count",)),
    "complaint_repeated": Fact(
        _complaint_repeated,
        ("is_complaint", "customer_id", "created_at", ("category", "product", "parent_ticket_id")),
        ("category", "product", "parent_ticket_id", "ticket_id"),
        reads=("complaint_repeat_days", "complaints"),
        together="customer_id",
    ),
    "complaint_repeat_known": Fact(
        _complaint_repeat_known,
        ("is_complaint", "customer_id", "created_at", ("category", "product", "parent_ticket_id")),
        ("category", "product", "parent_ticket_id"),
        reads=("complaint_repeat_days", "complaints"),
        knows=("since",),
    ),
    "follow_up": Fact(
        _follow_up,
        ("ticket_id", "parent_ticket_id", "created_at", "solved_at"),
        ("first_solved_at",),
        knows=("solved_parents",),
    ),
    "customer_name": Fact(_customer_name, ("customer_id",), spelt=("customer_id",)),
    "handled_seconds": Fact(lambda c: c.optional("handle_seconds", pl.Float64), (), ("handle_seconds",)),
    "came_back": returned("created_at"),
    "return_turn": turn("is_complaint"),
    "waited_for": Fact(_waited_for, ("status", SEEN)),
    "labour_cost": Fact(
        _labour_cost,
        ("handle_seconds",),
        setting=lambda config: config.costs.hourly_rate is not None,
        setting_name="costs.hourly_rate",
        reads=("costs",),
    ),
    "complaint_cost": Fact(_complaint_cost, (("cost", "labour_cost"),), ("cost", "labour_cost")),
    "allocated_cost": Fact(
        _allocated_cost,
        ("created_at",),
        setting=lambda config: config.costs.per_month is not None,
        setting_name="costs.per_month",
        reads=("costs",),
        knows=("months",),
    ),
    "to_management": Fact(
        _to_management,
        (("escalated_to_management", "escalation_level"),),
        ("escalated_to_management", "escalation_level"),
    ),
}
