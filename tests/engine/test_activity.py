"""Customers from orders, against a walk over each customer's orders."""

from datetime import UTC, datetime, timedelta
from itertools import groupby

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from cx_kpi.engine.facts.of_customers.activity import activity

START = datetime(2026, 1, 1, tzinfo=UTC)
AS_OF = START + timedelta(days=60)
orders = st.lists(
    st.tuples(st.sampled_from([None, 1, 2]), st.one_of(st.none(), st.integers(0, 60))), max_size=25
)


def walked(rows, days):
    """Spans of activity, one order at a time."""
    known = sorted(row for row in rows if None not in row)
    for customer, group in groupby(known, key=lambda row: row[0]):
        begin = last = None
        for _, day in group:
            if last is not None and day - last > days:
                yield customer, begin, last + days
                begin = None
            begin, last = day if begin is None else begin, day
        yield customer, begin, last + days if last + days <= 60 else None


@given(orders, st.integers(1, 40))
def test_active_until_so_many_days_without_an_order(rows, days):
    at = [None if day is None else START + timedelta(days=day) for _, day in rows]
    schema = {"customer_id": pl.UInt64, "ordered_at": pl.Datetime("us", "UTC")}
    table = pl.DataFrame({"customer_id": [customer for customer, _ in rows], "ordered_at": at}, schema)
    found = activity(table, days, AS_OF)
    expected = [
        (customer, *(None if day is None else START + timedelta(days=day) for day in ends))
        for customer, *ends in walked(rows, days)
    ]
    assert sorted(found.rows(), key=str) == sorted(expected, key=str)
