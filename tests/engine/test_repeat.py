"""Contacts that follow one another, against every pair of rows."""

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cx_kpi.engine import packing
from cx_kpi.engine.facts.of_customers.repeat_contacts import followed, preceded

START = datetime(2026, 3, 1, tzinfo=UTC)
hours = st.integers(0, 24 * 6)
rows = st.lists(
    st.tuples(st.sampled_from([None, 1, 2, 3]), hours, st.one_of(st.none(), st.just(0), hours)), max_size=30
)
ONE_MS = timedelta(milliseconds=1)


def frame(rows):
    """Rows (key, hour created, hours to the solve)."""
    created = [START + timedelta(hours=at) for _, at, _ in rows]
    solved = [
        None if took is None else begin + timedelta(hours=took)
        for begin, (_, _, took) in zip(created, rows, strict=True)
    ]
    stamp = pl.Datetime("us", "UTC")
    columns = {"key": [key for key, *_ in rows], "created_at": created, "solved_at": solved}
    return pl.DataFrame(columns, {"key": pl.UInt64, "created_at": stamp, "solved_at": stamp})


def in_shares(flags, table, days):
    """The flags, which are the same however many rows are sorted together."""
    together, *others = (flagged(flags, table, days, rows) for rows in (1_000_000, 5, 1))
    assert others == [together, together]
    return together


def flagged(flags, table, days, at_once):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(packing, "AT_ONCE", at_once)
        return flags(table.lazy(), pl.col("key"), days).to_list()


@given(rows, st.integers(1, 4))
def test_followed_within_the_span_after_the_solve(rows, days):
    table = frame(rows)
    records = table.rows()
    expected = [
        key is not None
        and solved is not None
        and any(
            other == key and solved < created <= solved + timedelta(days=days)
            for other, created, _ in records
        )
        for key, _, solved in records
    ]
    assert in_shares(followed, table, days) == expected


@given(rows, st.integers(1, 4))
def test_preceded_within_the_span_before(rows, days):
    table = frame(rows)
    records = table.rows()
    expected = [
        key is not None
        and any(
            other == key and created - timedelta(days=days) <= before < created
            for other, before, _ in records
        )
        for key, created, _ in records
    ]
    assert in_shares(preceded, table, days) == expected


def test_to_the_millisecond():
    solve, week = START, timedelta(days=7)
    for after, hit in ((timedelta(), False), (ONE_MS, True), (week, True), (week + ONE_MS, False)):
        table = pl.DataFrame(
            {"key": [1, 1], "created_at": [solve - week, solve + after], "solved_at": [solve, None]}
        )
        assert followed(table.lazy(), pl.col("key"), 7).to_list() == [hit, False]


def test_a_customer_who_writes_all_the_time_while_a_ticket_is_open():
    table = frame([(1, 0, 100), *((1, hour, None) for hour in range(1, 140))])
    assert followed(table.lazy(), pl.col("key"), 1).to_list() == [True] + [False] * 139
