"""What facts have to know of all rows, whichever part of them is at hand. It adds up over parts, as figures do."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from typing import Any

import polars as pl

from cx_kpi.engine.facts.fact import Context
from cx_kpi.model.frozen import dataclass

TIME = pl.Datetime("us", "UTC")


@dataclass(frozen=True, slots=True)
class Knowledge:
    """Something to know of the rows of a table: how it is counted, and how two parts are one.

    `named` is what has to be known before, where only rows that others name matter; without one of the `columns` there
    is nothing to know.
    """

    table: str
    count: Callable[[Context], Any]
    add: Callable[[Any, Any], Any]
    named: str = ""
    columns: frozenset[str] = frozenset()


def _resolution(context: Context) -> tuple[float, int]:
    """The sum of all resolution times and how many there are."""
    seconds = context.rows.series("resolution_seconds")
    return float(seconds.sum()), len(seconds) - seconds.null_count()


def _sum_of_both(one: tuple[float, int], other: tuple[float, int]) -> tuple[float, int]:
    return one[0] + other[0], one[1] + other[1]


def _since(context: Context) -> Any:
    """The earliest creation of a ticket."""
    return context.rows.series("created_at").min()


def _earlier(one: Any, other: Any) -> Any:
    return min((each for each in (one, other) if each is not None), default=None)


def month_of(context: Context) -> pl.Expr:
    """The local month in which a ticket was created."""
    return pl.col("created_at").dt.convert_time_zone(str(context.as_of.tzinfo)).dt.truncate("1mo")


def _months(context: Context) -> Counter[Any]:
    """How many tickets were created in each month."""
    counted = context.rows.lazy().group_by(month_of(context)).len().collect()
    return Counter(dict(counted.iter_rows()))


def _scores(context: Context) -> Counter[Any]:
    """How often each score was given, by kind of survey and the scale that the files name."""
    scale = [context.optional(name, pl.Float64).alias(name) for name in ("scale_min", "scale_max")]
    rows = context.rows.base.lazy().select(pl.col("kind").cast(pl.String), *scale, "score")
    counted = rows.drop_nulls("score").group_by("kind", "scale_min", "scale_max", "score").len().collect()
    return Counter({(kind or "", low, high, score): n for kind, low, high, score, n in counted.iter_rows()})


def _ids(condition: pl.Expr) -> Callable[[Context], pl.Series]:
    """The tickets for which a condition holds."""

    def count(context: Context) -> pl.Series:
        return _named(context.rows.base.lazy().filter(condition), context, "answered").collect()["ticket_id"]

    return count


def _answered(context: Context) -> pl.Series:
    """The tickets that answers name."""
    return context.rows.series("ticket_id").drop_nulls().unique()


def _parents(context: Context) -> pl.Series:
    """The tickets that others name as theirs before."""
    return context.rows.series("parent_ticket_id").drop_nulls().unique()


def _named(tickets: pl.LazyFrame, context: Context, by: str) -> pl.LazyFrame:
    """The tickets that others name; all where it is not known which those are, in a run over all rows."""
    ids = context.known.get(by)
    return tickets if ids is None else tickets.filter(pl.col("ticket_id").is_in(ids.implode()))


def _customers(context: Context) -> pl.DataFrame:
    """The customer of each ticket that an answer names: ticket_id, named."""
    tickets = _named(context.rows.base.lazy(), context, "answered")
    known = tickets.select("ticket_id", named="customer_id")
    return known.unique("ticket_id", keep="last", maintain_order=True).collect()


def _solved(context: Context) -> pl.DataFrame:
    """When each ticket that others name was first solved: parent_ticket_id, solved."""
    first = context.optional("first_solved_at", TIME)
    tickets = _named(context.rows.lazy(), context, "parents")
    solved = tickets.select(parent_ticket_id="ticket_id", solved=pl.coalesce(first, "solved_at"))
    return solved.unique("parent_ticket_id", keep="last").collect()


def _ordered(context: Context) -> pl.DataFrame:
    """Who ordered when: customer, at."""
    return context.rows.base.select(customer="customer_id", at="ordered_at").drop_nulls()


def _contacts(context: Context) -> pl.DataFrame:
    """When customers wrote, of each the contacts nearest to an order: customer, wrote, in order of time."""
    contacts = context.rows.base.select(customer="customer_id", wrote="created_at").drop_nulls().sort("wrote")
    orders = context.known.get("ordered")
    return contacts if orders is None else _nearest(orders, contacts, context.config.repurchase_days)


def _nearest(orders: pl.DataFrame, contacts: pl.DataFrame, days: int) -> pl.DataFrame:
    """The contacts nearest to orders of their customers, at most so many days from them."""
    own = orders.join(contacts, on="customer", how="semi").sort("at")
    return with_nearest(own, contacts, timedelta(days=days)).select("customer", "wrote").drop_nulls().unique()


def with_nearest(rows: pl.DataFrame, contacts: pl.DataFrame, within: timedelta) -> pl.DataFrame:
    """The rows (customer, at) with `wrote`, the customer's contact nearest in time; both are in order of time."""
    return rows.join_asof(
        contacts,
        left_on="at",
        right_on="wrote",
        by="customer",
        strategy="nearest",
        tolerance=within,
        check_sortedness=False,
    )


def _one_after_other(one: Any, other: Any) -> Any:
    return pl.concat([one, other])


COMPLAINT = pl.col("is_complaint").fill_null(value=False)
KNOWLEDGE: Mapping[str, Knowledge] = {
    "resolution": Knowledge("tickets", _resolution, _sum_of_both),
    "since": Knowledge("tickets", _since, _earlier),
    "months": Knowledge("tickets", _months, Counter.__add__),
    "scores": Knowledge("surveys", _scores, Counter.__add__),
    "answered": Knowledge("surveys", _answered, _one_after_other),
    "parents": Knowledge("tickets", _parents, _one_after_other),
    "complaints": Knowledge("tickets", _ids(COMPLAINT), _one_after_other, "answered"),
    "solved_complaints": Knowledge(
        "tickets",
        _ids(COMPLAINT & pl.col("is_solved").fill_null(value=False)),
        _one_after_other,
        "answered",
    ),
    "customers": Knowledge(
        "tickets", _customers, _one_after_other, "answered", frozenset({"ticket_id", "customer_id"})
    ),
    "ordered": Knowledge("orders", _ordered, _one_after_other),
    "contacts": Knowledge(
        "tickets", _contacts, _one_after_other, "ordered", frozenset({"customer_id", "created_at"})
    ),
    "solved_parents": Knowledge("tickets", _solved, _one_after_other, "parents"),
}


def known_of(names: Iterable[str], context_of: Callable[[str], Context | None]) -> dict[str, Any]:
    """What some facts know, from the tables at hand, each with its context; without what has no table or columns."""
    found: dict[str, Any] = {}
    for name in dict.fromkeys(names):
        context = context_of(KNOWLEDGE[name].table)
        if context is not None and context.rows.columns >= KNOWLEDGE[name].columns:
            found[name] = KNOWLEDGE[name].count(context)
    return found


def add_known(one: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    """What is known of the rows of both."""
    both = {name: KNOWLEDGE[name].add(one[name], other[name]) for name in one.keys() & other.keys()}
    return {**one, **other, **both}
