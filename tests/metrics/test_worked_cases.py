"""The worked cases of the catalogue and of the statistics, from rows to the report."""

from datetime import UTC, datetime, timedelta

import pytest
from canonical import report

from cx_kpi.model.values import Verdict

DAY = datetime(2026, 3, 2, 9, tzinfo=UTC)


def answers(kind, scores, at=DAY):
    """Surveys of one kind: how many gave each score, a minute apart."""
    given = [score for score, k in scores.items() for _ in range(k)]
    return [
        {"kind": kind, "score": float(score), "responded_at": at + timedelta(minutes=i)}
        for i, score in enumerate(given)
    ]


def test_mean_first_response():
    waits = [60.0] * 400 + [75.0] * 400
    tickets = [{"ticket_id": i, "created_at": DAY, "first_response_seconds": w} for i, w in enumerate(waits)]
    found = report({"tickets": tickets}).metrics["first_response_time"]
    assert (sum(waits), found.n, found.value) == (54_000, 800, 67.5)


@pytest.mark.parametrize(
    ("counts", "retained", "lost"),
    [
        ({"start_count": 1000, "end_count": 1200, "new_count": 300}, 0.90, 0.10),
        ({"start_count": 2000, "end_count": 1600, "lost_count": 400}, 0.80, 0.20),
    ],
)
def test_customers_from_totals(counts, retained, lost):
    row = {"period_start": DAY, "period_end": DAY + timedelta(days=30), **counts}
    found = report({"customer_counts": [row]}).metrics
    assert found["retention_rate"].value == retained
    assert found["churn_rate"].value == lost


def test_nps():
    found = report({"surveys": answers("nps", {10: 50, 8: 30, 3: 20})}).metrics["nps"]
    assert (found.value, found.n) == (30, 100)
    assert found.interval == pytest.approx((14.051, 44.201), abs=5e-4)
    assert found.details == {"promoters": 50, "passives": 30, "detractors": 20}


def test_csat():
    found = report({"surveys": answers("csat", {5: 42, 4: 32, 3: 10, 2: 9, 1: 14})}).metrics["csat"]
    assert found.value == pytest.approx(0.691589, abs=5e-7)
    assert found.interval == pytest.approx((0.59872, 0.77118), abs=5e-6)
    assert found.details["mean"] == pytest.approx(3.73832, abs=5e-6)
    assert found.status == "missed"


def test_ces():
    scores = dict(zip(range(1, 8), (80, 210, 140, 110, 160, 180, 120), strict=True))
    found = report({"surveys": answers("ces", scores)}).metrics["ces"]
    assert (found.value, found.n, found.details["mean"]) == (0.460, 1000, 4.08)


def test_open_tickets_count():
    hour = 3600.0
    tickets = [
        {"ticket_id": i, "created_at": DAY, "first_response_seconds": h and h * hour, "channel": "email"}
        for i, h in enumerate((1, 2, 3, 4, 5, 6, None, None, None, None))
    ]
    found = report(
        {"tickets": tickets}, as_of="2026-03-02T17:00", config={"targets": {"first_response_time": "4 h"}}
    ).metrics
    details = found["first_response_time"].details
    assert (details["median"], details["censored_median"], details["pending"]) == (3.5 * hour, 5 * hour, 4)
    within = found["first_response_within_target"]
    assert (within.value, within.n, within.details) == (0.40, 10, {"hits": 4, "overdue": 4, "pending": 0})


def test_a_target_of_ones_own_goes_before_the_built_in_ones():
    tickets = [{"ticket_id": 1, "created_at": DAY, "first_response_seconds": 300.0, "channel": "phone"}]
    for targets, value in (({}, 0.0), ({"first_response_time": "10 min"}, 1.0)):
        found = report({"tickets": tickets}, config={"targets": targets}).metrics
        assert found["first_response_within_target"].value == value


def test_calls():
    waits = {"answered": (0, 0, 10, 30), "abandoned": (120, 180)}
    calls = [
        {"queued_at": DAY, "wait_seconds": float(wait), "disposition": outcome}
        for outcome, every in waits.items()
        for wait in every
    ]
    found = report({"calls": calls}).metrics
    assert found["call_wait_time"].value == 10
    assert found["call_wait_time"].details["abandon_rate"] == found["call_abandon_rate"].value
    assert found["call_abandon_rate"].value == pytest.approx(0.3333, abs=5e-5)


def test_nineteen_of_twenty_against_95_percent():
    surveys = answers("csat", {5: 19, 1: 1})
    found = report({"surveys": surveys}, config={"targets": {"csat": "95%"}}).metrics["csat"]
    assert (found.value, found.target.value, found.status) == (0.95, 0.95, "inconclusive")


def test_retention_by_identity_and_from_totals():
    before, during, after = (datetime(2026, month, 1, tzinfo=UTC) for month in (1, 2, 3))
    left = during + timedelta(days=10)
    customers = [
        {"customer_id": i, "started_at": before, "ended_at": left if i < 10 else None} for i in range(100)
    ]
    joined = during + timedelta(days=2)
    customers += [
        {"customer_id": 100 + i, "started_at": joined, "ended_at": left if i < 3 else None} for i in range(20)
    ]
    total = {"start_count": 100, "end_count": 107, "new_count": 20}
    counts = [{"period_start": during, "period_end": after, **total}]
    found = report(
        {"customers": customers, "customer_counts": counts},
        since="2026-02-01",
        until="2026-03-01",
        as_of="2026-02-28",
    ).metrics["retention_rate"]
    assert (found.value, found.n, found.details["method"]) == (0.90, 100, "by identity")
    assert found.details["other_methods"] == [{"method": "from totals", "value": 0.87, "n": 100}]


MONTHS = [datetime(2026, month, 1, tzinfo=UTC) for month in (1, 2)]
LAST = {"kind": "review", "score": 5.0, "responded_at": datetime(2026, 2, 28, 12, tzinfo=UTC)}


def change(kind, previous, current):
    """The change that the report shows between two full months."""
    rows = [*answers(kind, previous, MONTHS[0]), *answers(kind, current, MONTHS[1]), LAST]
    return report({"surveys": rows}, period="month").metrics[kind]


def test_change_of_nps():
    found = change("nps", {10: 50, 8: 30, 0: 20}, {10: 60, 8: 25, 0: 15})
    assert (found.previous, found.change, found.verdict) == (30, 15, "no change can be shown")
    assert found.compared.interval == pytest.approx((-6.25, 35.37), abs=5e-3)
    assert found.compared.p == pytest.approx(0.1702, abs=5e-5)
    assert (found.compared.current.start, found.compared.previous.start) == ("2026-02-01", "2026-01-01")


def test_change_of_a_share():
    found = change("csat", {5: 60, 1: 40}, {5: 74, 1: 33})
    assert found.change == pytest.approx(0.09159, abs=5e-6)
    assert found.compared.interval == pytest.approx((-0.03816, 0.21784), abs=5e-6)
    assert found.compared.p == pytest.approx(0.1692, abs=5e-5)
    assert found.verdict == "no change can be shown"


@pytest.mark.parametrize(("before", "said"), [(10, Verdict.WORSENED), (40, Verdict.UNCHANGED)])
def test_what_complaints_cost_is_judged_as_a_mean_of_single_costs(before, said):
    fewer = [before + k for k in range(-4, 5)]
    costs = {1: fewer, 2: fewer, 3: [30 + 2 * k for k in range(10)]}
    tickets = [
        {
            "ticket_id": f"{month}-{k}",
            "created_at": datetime(2026, month, 1 + 3 * k, tzinfo=UTC),
            "solved_at": datetime(2026, month, 1 + 3 * k, 9, tzinfo=UTC),
            "is_complaint": True,
            "cost": float(cost),
        }
        for month, each in costs.items()
        for k, cost in enumerate(each)
    ]
    found = report({"tickets": tickets}, period="month", as_of="2026-04-01").metrics["cost_per_complaint"]
    assert found.verdict is said
    assert found.interval[0] < found.value < found.interval[1]
