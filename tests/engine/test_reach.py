"""Backlogs an export cannot know are withheld with their reason; those it can know add up."""

from datetime import UTC, datetime, timedelta

import pytest
from canonical import report

DAY = timedelta(days=1)
START = datetime(2026, 1, 1, 12, tzinfo=UTC)
END = START + 90 * DAY
STOCKS = ["backlog", "backlog_overdue", "backlog_age"]
TOO_SHORT, ONLY_SOLVED = "it does not reach back as far as tickets live", "it holds no open ticket"


def export(since=0.0, rows=720, *, solved_only=False):
    """Tickets of a desk that gets one every three hours and solves each after ten days, from some day on."""
    days = [i / 8 for i in range(720) if i / 8 >= since]
    tickets = [
        {
            "ticket_id": day,
            "created_at": START + day * DAY,
            "solved_at": START + (day + 10) * DAY if day < 80 else None,
        }
        for day in days
    ]
    return [row for row in tickets if row["solved_at"] or not solved_only][:rows]


def withheld(tickets, **options):
    """Why each stock figure is withheld, and the report."""
    found = report(
        {"tickets": tickets}, metrics=STOCKS, **{"period": "day", "as_of": END.isoformat()} | options
    )
    return {each.metric: each.why.split(": ")[1].split(",")[0] for each in found.left_out}, found


def test_a_long_export_knows_its_backlog_once_the_first_tickets_have_lived():
    why, found = withheld(export())
    assert why == {}
    assert found.metrics["backlog"].value == 80
    values = [point.value for point in found.series if point.metric == "backlog"]
    assert values[:10] == [None] * 10  # tickets from before the first of January may be open still
    assert set(values[10:]) == {80}


@pytest.mark.parametrize(("since", "known"), [(60, True), (78, True), (80, False), (83, False)])
def test_an_export_has_to_reach_back_as_far_as_tickets_live(since, known):
    why, found = withheld(export(since))
    assert (found.metrics["backlog"].value == 80) if known else why == dict.fromkeys(STOCKS, TOO_SHORT)


def test_an_export_of_solved_tickets_has_no_backlog_at_all():
    why, found = withheld(export(solved_only=True))
    assert why == dict.fromkeys(STOCKS, ONLY_SOLVED)
    assert (found.metrics, found.series) == ({}, [])


def test_a_window_that_ends_too_early_has_none_either():
    assert withheld(export(), until="2026-01-11")[0] == dict.fromkeys(STOCKS, TOO_SHORT)
    assert withheld(export(), until="2026-01-12")[0] == {}


@pytest.mark.parametrize(
    ("options", "flow"),
    [
        ({}, {"open_start": 0, "created": 720, "solved": 640, "open_end": 80}),
        (
            {"since": "2026-02-01", "until": "2026-03-01"},
            {"open_start": 80, "created": 224, "solved": 224, "open_end": 80},
        ),
    ],
)
def test_the_flow_adds_up(options, flow):
    found = withheld(export(), **options)[1].metrics["backlog"].details["flow"]
    assert found == flow | {"reopened": 0, "residual": 0}


def test_what_was_solved_without_a_date_is_the_residual():
    tickets = export()
    for row in tickets[:3]:
        row |= {"solved_at": None, "is_solved": True}
    found = report({"tickets": [{"is_solved": bool(row["solved_at"])} | row for row in tickets]}).metrics[
        "backlog"
    ]
    flow = {"open_start": 0, "created": 720, "reopened": 0, "solved": 637, "open_end": 80, "residual": 3}
    assert found.details["flow"] == flow


@pytest.mark.parametrize(("rows", "known"), [(19, True), (20, False)])
def test_a_few_tickets_may_all_be_solved_by_chance(rows, known):
    why, found = withheld(export(rows=rows, solved_only=True))
    assert (found.metrics["backlog"].value == 0) if known else why == dict.fromkeys(STOCKS, ONLY_SOLVED)


@pytest.mark.parametrize(("rows", "known"), [(49, True), (50, False)])
def test_of_few_tickets_it_cannot_be_told_how_long_they_live(rows, known):
    why, found = withheld(export(since=80, rows=rows))
    assert (found.metrics["backlog"].value == rows) if known else why == dict.fromkeys(STOCKS, TOO_SHORT)
