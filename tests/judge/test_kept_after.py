"""Customers who complained or were dissatisfied, against the others: do they stay?"""

import random
from datetime import UTC, datetime, timedelta

import pytest
from canonical import frames, results, settings

from cx_kpi.engine.planning.plan import make_plan, wanted
from cx_kpi.judge.additions.added import added
from cx_kpi.judge.assemble import assemble

START = datetime(2025, 1, 1, tzinfo=UTC)


def company(chance, leave=0.02, after=0.02, late=False):
    """800 customers, half a year: a tenth complain each month; who did leaves the month after with chance `after`."""
    customers, tickets, surveys = [], [], []
    for number in range(800):
        ended = None
        name = str(number)
        for month in range(6):
            complains = chance.random() < 0.1
            if complains:
                at = START + timedelta(days=30 * month + 3, hours=number % 24)
                tickets.append(
                    {
                        "ticket_id": f"{name}-{month}",
                        "created_at": at,
                        "customer_id": name,
                        "is_complaint": True,
                    }
                )
                answer = {"kind": "csat", "score": 1.0, "responded_at": at, "customer_id": name}
                surveys.append(answer if chance.random() < 0.5 else answer | {"score": 5.0})
            if chance.random() < (after if complains else leave):
                ended = START + timedelta(days=30 * (month + 1) + 5)
                break
        if late and ended is None:
            at = START + timedelta(days=175)
            tickets.append(
                {"ticket_id": f"{name}-late", "created_at": at, "customer_id": name, "is_complaint": True}
            )
        customers.append({"customer_id": name, "started_at": START - timedelta(days=400), "ended_at": ended})
    return {"customers": customers, "tickets": tickets, "surveys": surveys}


def kept_after(tables):
    chosen = settings(as_of="2025-07-01")  # whatever else is computed
    found = results(frames(tables), chosen)
    details = added(assemble(found, [], [], chosen), found, chosen).metrics["retention_rate"].details
    return {row["name"]: row for row in details.get("kept_after", [])}


@pytest.mark.parametrize(("after", "shown"), [(0.02, False), (0.2, True)])
def test_those_who_complained_are_set_against_the_others(after, shown):
    table = kept_after(company(random.Random(4), after=after))
    complained = table["complained in the 90 days before"]
    assert complained["shown"] is shown
    assert (complained["against_others"] < -0.02) is shown
    low = table["gave a low answer in the 90 days before"]
    assert low["n"] < complained["n"]


def test_who_complains_later_tells_nothing():
    """Everybody who stays complains at the end: that is no reason to stay."""
    same, late = (kept_after(company(random.Random(7), late=late)) for late in (False, True))
    assert not late["complained in the 90 days before"]["shown"]
    assert late["complained in the 90 days before"]["share"] == pytest.approx(
        same["complained in the 90 days before"]["share"], abs=0.02
    )


def test_nothing_is_said_without_customers_or_complaints():
    tables = company(random.Random(1))
    few = [each | {"score": 5.0} for each in tables["surveys"][:1]]
    assert kept_after(tables | {"tickets": tables["tickets"][:2], "surveys": few}) == {}


@pytest.mark.parametrize(("again", "shown"), [(0.5, False), (0.2, True)])
def test_who_buys_again_after_a_low_answer_is_set_against_the_others(again, shown):
    chance, orders, surveys = random.Random(3), [], []
    for number in range(400):
        low, name = number % 4 == 0, str(number)
        answer = {"kind": "csat", "score": 1.0 if low else 5.0, "customer_id": name}
        surveys.append(answer | {"responded_at": START + timedelta(hours=number)})
        orders.append({"customer_id": name, "ordered_at": START - timedelta(days=20)})
        if chance.random() < (again if low else 0.5):
            orders.append({"customer_id": name, "ordered_at": START + timedelta(days=40)})
    chosen = settings(as_of="2025-07-01")
    found = results(frames({"surveys": surveys, "orders": orders}), chosen)
    reading = added(assemble(found, [], [], chosen), found, chosen).metrics["repurchase_rate"]
    (row,) = reading.details["bought_after"]
    assert row["n"] == 100
    assert row["shown"] is shown
    assert row["share"] == pytest.approx(again, abs=0.1)


def test_what_answers_may_go_with_is_read_for_them_alone():
    available = {
        "surveys": frozenset({"kind", "score", "responded_at", "ticket_id"}),
        "tickets": frozenset({"ticket_id", "created_at", "product", "category", "channel", "subject"}),
    }
    read = wanted(make_plan(available, ["csat"], settings().config), available)
    assert {"ticket_id", "product", "category", "channel"} <= read["tickets"]
    assert "ticket_id" in read["surveys"]
    assert (
        "product"
        not in wanted(make_plan(available, ["tickets_created"], settings().config), available)["tickets"]
    )
