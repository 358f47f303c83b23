"""Repurchase: whether a customer ordered, else stayed, within N days after a row of theirs."""

from datetime import timedelta

import polars as pl

from cx_kpi.engine.facts.fact import Build, Context, Fact, moment
from cx_kpi.engine.facts.known import with_nearest

BUYERS = ("orders.ordered_at", "customers.started_at")
THEIRS = ("orders.customer_id", "customers.customer_id", "customers.ended_at")
CUSTOMER = "customer_id"
LINKED = ("customer_id", "tickets.customer_id")


def returned(at: str, who: tuple[str, ...] = ("customer_id",)) -> Fact:
    """Whether the customer of a row came back after it; null where it is too early, or the customer is unknown."""
    linked = ("customer_id", "ticket_id", "tickets.ticket_id", "tickets.customer_id") if who == LINKED else ()
    return Fact(
        _returned(at),
        (at, who, BUYERS),
        (*linked, *THEIRS),
        reads=("repurchase_days",),
        knows=("customers",) if linked else (),
        together=CUSTOMER,
    )


def uncontacted(at: str) -> Fact:
    """Whether the customer of a row has no ticket within N days before or after it."""
    needs = (CUSTOMER, at, "tickets.customer_id", "tickets.created_at")
    return Fact(_uncontacted(at), needs, knows=("contacts",))


def turn(*parts: str) -> Fact:
    """A key for each customer and group; rows where it is not known whether the customer came back get a key each."""

    def build(context: Context) -> pl.Expr:
        own = pl.int_range(pl.len()).hash(seed=2)
        key = pl.struct(_customer(context), *parts).hash()
        return pl.when(pl.col("came_back").is_not_null()).then(key).otherwise(own)

    return Fact(build, ("came_back", *parts), together=CUSTOMER)


def _span(context: Context) -> timedelta:
    return timedelta(days=context.config.repurchase_days)


def _customer(context: Context) -> pl.Series:
    """The customer of each row: its own, else that of the ticket it names."""
    base = context.rows.base
    own = (
        base["customer_id"]
        if context.has("customer_id")
        else pl.Series([None] * base.height, dtype=pl.UInt64)
    )
    of = context.known.get("customers")
    if of is None or not context.has("ticket_id") or not own.has_nulls():
        return own.alias("customer")
    found = base.select("ticket_id").join(of, on="ticket_id", how="left", maintain_order="left")
    return own.fill_null(found["named"]).alias("customer")


def _returned(at: str) -> Build:
    def build(context: Context) -> pl.Series:
        rows = pl.DataFrame([_customer(context), context.rows.series(at).alias("at")]).with_row_index("nr")
        over = pl.col("at") <= moment(context.as_of) - _span(context)
        found = _ordered(rows, context) if "orders" in context.tables else _stayed(rows, context)
        told = pl.when(over & pl.col("customer").is_not_null()).then(pl.col("back"))
        return found.sort("nr").select(told.alias("came_back")).to_series()

    return build


def _ordered(rows: pl.DataFrame, context: Context) -> pl.DataFrame:
    """Whether an order follows within the span, not at the same moment."""
    orders = context.tables["orders"].base.select(customer="customer_id", ordered="ordered_at").drop_nulls()
    near = rows.sort("at").join_asof(
        orders.sort("ordered"),
        left_on="at",
        right_on="ordered",
        by="customer",
        strategy="forward",
        tolerance=_span(context),
        allow_exact_matches=False,
        check_sortedness=False,
    )
    return near.with_columns(back=pl.col("ordered").is_not_null())


def _stayed(rows: pl.DataFrame, context: Context) -> pl.DataFrame:
    """Whether a customer of that moment is still one after the span; null for those who were none."""
    base = context.tables["customers"].base
    ended = pl.col("ended_at") if "ended_at" in base.columns else pl.lit(None, pl.Datetime("us", "UTC"))
    lives = base.select(customer="customer_id", begun="started_at", ended=ended)
    lives = lives.drop_nulls("customer").unique("customer", keep="last", maintain_order=True)
    joined = rows.join(lives, on="customer", how="left", maintain_order="left")
    there = (pl.col("begun") <= pl.col("at")) & (pl.col("ended").is_null() | (pl.col("ended") > pl.col("at")))
    stays = pl.col("ended").is_null() | (pl.col("ended") > pl.col("at") + _span(context))
    return joined.with_columns(back=pl.when(there).then(stays))


def _uncontacted(at: str) -> Build:
    def build(context: Context) -> pl.Series:
        contacts = context.known["contacts"].sort("wrote")
        rows = context.rows.base.select(customer="customer_id", at=at).with_row_index("nr").sort("at")
        near = with_nearest(rows, contacts, _span(context))
        return near.sort("nr")["wrote"].is_null()

    return build
