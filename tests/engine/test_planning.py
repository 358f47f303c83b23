"""What the columns allow: which method of a metric, what is missing, what has to be read."""

from datetime import datetime

import pytest
from canonical import report, settings

from cx_kpi.engine.planning.needs import needs_of
from cx_kpi.engine.planning.plan import make_plan, wanted
from cx_kpi.metrics.registry import METRICS, PUBLIC
from cx_kpi.model.schema import TABLES

EVERYTHING = {name: frozenset(table.fields) | {"is_solved"} for name, table in TABLES.items()}
CONFIG = settings(
    config={
        "costs": {"hourly_rate": 1.0, "per_month": 1.0},
        "calendar": [{"name": "desk", "hours": {"mon-fri": "09:00-17:00"}}],
        "target": [{"metric": "next_response_time", "value": "1 h"}],
    }
).config
UNSENT = "the files do not tell which surveys were sent and not answered"


def missing(available, metrics, config=CONFIG):
    return {each.metric.id: each.needs for each in make_plan(available, metrics, config).missing}


def test_with_everything_nothing_is_missing():
    plan = make_plan(EVERYTHING, (), CONFIG)
    assert plan.missing == ()
    assert {job.metric.id for job in plan.jobs} == set(METRICS)
    assert not any(job.aside for job in plan.jobs if not job.metric.all_methods)


def test_with_nothing_everything_is():
    assert set(missing({}, ())) == set(PUBLIC)


@pytest.mark.parametrize(
    ("columns", "metric", "needs"),
    [
        ("ticket_id created_at", "tickets_solved", ("solved_at",)),
        ("ticket_id created_at", "contacts_per_customer", ("customer_id",)),
        ("ticket_id created_at is_complaint", "complaints_by_product", ("product",)),
        (
            "ticket_id created_at is_complaint customer_id",
            "complaint_repeat_rate",
            ("category or product or parent_ticket_id",),
        ),
        (
            "ticket_id created_at is_complaint solved_at",
            "complaints_without_management",
            ("escalated_to_management or escalation_level",),
        ),
    ],
)
def test_the_missing_columns_are_named(columns, metric, needs):
    assert missing({"tickets": frozenset(columns.split())}, [metric]) == {metric: needs}


def test_another_table_is_named_with_its_column():
    surveys = frozenset({"kind", "score", "responded_at", "ticket_id"})
    tickets = frozenset({"ticket_id", "created_at"})
    needs = missing({"surveys": surveys, "tickets": tickets}, ["complaint_satisfaction"])
    assert needs == {"complaint_satisfaction": ("is_complaint",)}
    assert missing({"surveys": surveys}, ["complaint_satisfaction"]) == {
        "complaint_satisfaction": ("tickets.ticket_id", "tickets.is_complaint")
    }


def test_a_price_of_hours_is_a_need_like_a_column():
    columns = frozenset({"ticket_id", "created_at", "solved_at", "is_complaint", "handle_seconds"})
    needs = missing({"tickets": columns}, ["cost_per_complaint"], settings().config)
    assert needs == {"cost_per_complaint": ("cost or costs.hourly_rate",)}


def test_only_what_the_metrics_read_is_wanted():
    plan = make_plan(EVERYTHING, ["escalation_rate"], CONFIG)
    assert wanted(plan, {"tickets": EVERYTHING["tickets"]}) == {
        "tickets": {"ticket_id", "created_at", "first_response_at", "solved_at", "escalation_level"}
    }
    plan = make_plan(EVERYTHING, (), CONFIG)
    unread = EVERYTHING["tickets"] - wanted(plan, EVERYTHING)["tickets"]
    assert {"subject", "tags", "updated_at", "agent", "team"} <= unread


def test_what_is_wanted_is_enough():
    """A report on the wanted columns alone is the report on all of them."""
    from random_tables import Company

    frames = Company(17, 120).frames()
    plan = make_plan({name: frozenset(frame.columns) for name, frame in frames.items()}, (), CONFIG)
    fields = wanted(plan, {name: frozenset(frame.columns) for name, frame in frames.items()})
    fewer = {
        name: frame.select(
            sorted((fields[name] | {"is_solved", "channel"}) & set(frame.columns))  # no id is spelt in them
        )
        for name, frame in frames.items()
    }
    assert sum(map(len, fields.values())) < sum(frame.width for frame in frames.values())
    one, other = report(frames), report(fewer)
    assert one.metrics.keys() == other.metrics.keys()
    assert all(other.metrics[name].n == reading.n for name, reading in one.metrics.items())


def test_surveys_without_dates_are_counted_once():
    found = report({"surveys": [{"kind": "csat", "score": float(k % 5 + 1)} for k in range(10)]})
    assert (found.window, found.as_of, found.series) == (None, None, [])
    assert (found.metrics["csat"].value, found.metrics["csat"].n) == (0.4, 10)
    assert {each.metric: each.why for each in found.left_out}["response_rate"] == UNSENT


@pytest.mark.parametrize(
    ("metric", "table", "columns"),
    [
        ("csat", "surveys", ["kind", "score"]),
        (
            "cost_per_complaint",
            "tickets",
            ["cost or [costs.hourly_rate] and handle_seconds", "is_complaint", "solved_at"],
        ),
        ("resolution_time_business", "tickets", ["[calendar]", "solved_at", "created_at"]),
        ("reopen_rate", "tickets", ["created_at", "status or solved_at", "reopen_count"]),
    ],
)
def test_what_a_method_needs_is_shown_by_the_columns_of_an_export(metric, table, columns):
    assert needs_of(METRICS[metric].methods[0]) == (table, columns)


@pytest.mark.parametrize("most", [2**15 - 1, 2**15, 2**31])
def test_numbers_of_any_size_are_counted(most):
    """Small ones are kept in half the memory."""
    own = {"id": "replies", "title": "Replies", "kind": "mean", "value": "reply_count"}
    rows = [{"ticket_id": k, "created_at": datetime(2026, 3, 1), "reply_count": k * most} for k in range(2)]
    found = report({"tickets": rows}, config={"metric": [own]}, metrics=["replies"])
    assert found.metrics["replies"].value == most / 2
