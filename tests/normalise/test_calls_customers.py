"""Calls, customers, their totals and their orders."""

from datetime import UTC, datetime

from cx_kpi.normalise.load import Loaded

from .frames import codes, tables, text_frame

AT = "2026-03-02 10:00:"


def calls(**columns: list[str | None]) -> Loaded:
    return tables(text_frame({"queued_at": [AT + "00"] * len(next(iter(columns.values()))), **columns}))[
        "calls"
    ]


def test_waits_and_outcomes_follow_from_the_times() -> None:
    loaded = calls(answered_at=[AT + "10", None, None], ended_at=[AT + "50", AT + "30", None])
    assert loaded.frame["disposition"].to_list() == ["answered", "abandoned", None]
    assert loaded.frame["wait_seconds"].to_list() == [10, 30, None]


def test_a_call_that_left_the_queue_otherwise_did_not_wait_to_its_end() -> None:
    loaded = calls(disposition=["voicemail", "NO ANSWER", "ANSWERED"], ended_at=[AT + "30"] * 3)
    assert loaded.frame["wait_seconds"].to_list() == [None, 30, None]


def test_columns_beat_what_follows() -> None:
    loaded = calls(
        answered_at=[AT + "10", None],
        wait_seconds=["7", None],
        disposition=["callback", "потерян"],
        ended_at=[AT + "20"] * 2,
    )
    assert loaded.frame["wait_seconds"].to_list() == [7, 20]
    assert loaded.frame["disposition"].to_list() == ["callback", "abandoned"]


def test_calls_that_do_not_count() -> None:
    loaded = calls(
        call_id=["a", "a", "b", "c"],
        queued_at=[AT + "00", AT + "00", None, AT + "30"],
        ended_at=[AT + "20"] * 4,
    )
    assert loaded.frame.height == 1
    assert codes(loaded) == {
        ("excluded", "incomplete"): 1,
        ("excluded", "duplicate"): 1,
        ("excluded", "backwards"): 1,
    }


def test_a_customer_of_several_contracts_is_one() -> None:
    cells = {
        "customer_id": ["a", "a", "b", "b", "c"],
        "started_at": ["2025-01-01", "2026-01-01", "2025-01-01", "2025-06-01", "2025-01-01"],
        "ended_at": ["2025-12-01", "No", "2025-12-01", "2025-08-01", None],
    }
    loaded = tables(text_frame(cells))["customers"]
    assert loaded.frame.select("started_at", "ended_at").rows() == [
        (datetime(2025, 1, 1, tzinfo=UTC), None),
        (datetime(2025, 1, 1, tzinfo=UTC), datetime(2025, 12, 1, tzinfo=UTC)),
        (datetime(2025, 1, 1, tzinfo=UTC), None),
    ]
    assert codes(loaded)["excluded", "duplicate"] == 2


def test_flags_are_read_in_words() -> None:
    loaded = tables(text_frame({"customerID": ["a", "b", "c"], "Churn": ["Yes", "Нет", "?"]}))["customers"]
    assert loaded.frame["is_lost"].to_list() == [True, False, None]
    assert not loaded.notices


def test_customers_who_left_before_they_came_are_set_aside() -> None:
    cells = {
        "customer_id": ["a", "b"],
        "started_at": ["2026-01-02"] * 2,
        "ended_at": ["2026-01-01", "2026-01-03"],
    }
    assert codes(tables(text_frame(cells))["customers"]) == {("excluded", "backwards"): 1}


def test_totals_and_orders_need_what_they_need() -> None:
    totals = {
        "period_start": ["2026-01-01"] * 2,
        "period_end": ["2026-02-01"] * 2,
        "start_count": ["1 000", "-"],
        "end_count": ["1200", "5"],
    }
    loaded = tables(text_frame(totals))["customer_counts"]
    assert loaded.frame.select("start_count", "end_count").rows() == [(1000, 1200)]
    orders = tables(
        text_frame({"customer_id": ["a", None], "ordered_at": ["2026-01-01"] * 2, "amount": ["5", "6"]})
    )["orders"]
    assert orders.frame["amount"].to_list() == [5]
    assert [(source.rows, source.used, source.set_aside) for source in orders.sources] == [(2, 1, 1)]
