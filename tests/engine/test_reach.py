"""Backlogs an export cannot know are lower bounds, or withheld with their reason; those it can know add up."""

from datetime import UTC, datetime, timedelta

import pytest
from canonical import frames, report, results, settings

DAY = timedelta(days=1)
START = datetime(2026, 1, 1, 12, tzinfo=UTC)
END = START + 90 * DAY
STOCKS = ["backlog", "backlog_overdue", "backlog_age"]
ONLY_SOLVED = "it holds no open ticket"


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
    why = {each.metric: each.why.partition(": ")[2].split(",")[0] for each in found.left_out}
    return {name: said for name, said in why.items() if said}, found


def least(read):
    """Whether a figure is a lower bound."""
    return read.details.get("lower_bound", False)


def test_a_long_export_knows_its_backlog_once_the_first_tickets_have_lived():
    why, found = withheld(export())
    assert why == {}
    assert {name: least(found.metrics[name]) for name in STOCKS} == dict.fromkeys(STOCKS, False)
    points = [point for point in found.series if point.metric == "backlog"]
    assert [point.value for point in points[:3]] == [4, 12, 20]  # and those from before the first of January
    assert [least(point) for point in points] == [True] * 10 + [False] * (len(points) - 10)
    assert {point.value for point in points[10:]} == {80}


@pytest.mark.parametrize(("since", "said"), [(0, []), (83, ["backlog_at_least"])])
def test_a_lower_bound_is_said(since, said):
    done = results(frames({"tickets": export(since)}), settings(as_of=END.isoformat()))
    assert [each.code for each in done.notices] == said


@pytest.mark.parametrize(("since", "known"), [(60, True), (78, True), (80, False), (83, False)])
def test_an_export_has_to_reach_back_as_far_as_tickets_live(since, known):
    why, found = withheld(export(since))
    assert why == {}
    assert found.metrics["backlog"].value == len([row for row in export(since) if not row["solved_at"]])
    assert {name: least(found.metrics[name]) for name in STOCKS} == dict.fromkeys(STOCKS, not known)


def test_an_export_of_solved_tickets_has_no_backlog_at_all():
    why, found = withheld(export(solved_only=True))
    assert why == dict.fromkeys(STOCKS, ONLY_SOLVED)
    assert (found.metrics, found.series) == ({}, [])


def test_a_window_that_ends_too_early_gives_a_lower_bound():
    early, later = (withheld(export(), until=day)[1] for day in ("2026-01-11", "2026-01-12"))
    assert (least(early.metrics["backlog"]), least(later.metrics["backlog"])) == (True, False)


def test_an_export_that_is_said_to_be_complete_is_taken_at_its_word():
    whole = {"config": {"tickets": {"complete": True}}}
    found = withheld(export(83), **whole)[1]
    assert not any(map(least, [*found.metrics.values(), *found.series]))
    assert withheld(export(solved_only=True), **whole)[1].metrics["backlog"].value == 0


def test_a_desk_that_leaves_most_of_its_tickets_open_has_a_lower_bound():
    tickets = [row | ({"solved_at": None} if place % 3 else {}) for place, row in enumerate(export())]
    found = withheld(tickets)[1].metrics["backlog"]
    assert (found.value, least(found)) == (sum(not row["solved_at"] for row in tickets), True)


def test_a_lower_bound_is_compared_with_nothing_and_meets_no_target():
    tight, loose = (
        withheld(export(82), period="week", config={"targets": {"backlog": target}})[1].metrics["backlog"]
        for target in (10, 100)
    )
    assert (tight.value, tight.status, loose.status) == (64, "missed", "inconclusive")
    assert (tight.change, tight.verdict, tight.compared) == (None, None, None)


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


@pytest.mark.parametrize("rows", [1, 19, 20])
def test_solved_tickets_alone_however_few_have_no_backlog(rows):
    why, _ = withheld(export(rows=rows, solved_only=True))
    assert why == dict.fromkeys(STOCKS, ONLY_SOLVED)


def test_without_dates_of_solutions_what_is_open_now_was_open_before_at_least():
    rows = [{"created_at": START + day * DAY, "status": "open" if day % 3 else "closed"} for day in range(60)]
    tickets = [{"ticket_id": place, **row} for place, row in enumerate(rows)]
    whole = {"config": {"tickets": {"complete": True}}, "as_of": (START + 60 * DAY).isoformat()}
    unsure, sure = (report({"tickets": tickets}, period="week", **more) for more in ({}, whole))
    for found, known in ((unsure, False), (sure, True)):
        assert (found.metrics["backlog"].value, least(found.metrics["backlog"])) == (40, not known)
        points = [point for point in found.series if point.metric == "backlog"]
        assert all(least(point) for point in points[:-1])
        assert "flow" not in found.metrics["backlog"].details


@pytest.mark.parametrize("dated", [True, False])
def test_a_backlog_that_is_a_lower_bound_does_not_grow(dated):
    """Open tickets of each month alone add up by themselves, where nobody knows which of the others were open then."""
    days = range(720)
    tickets = [
        {
            "ticket_id": day,
            "created_at": START + day * DAY,
            "is_solved": day % 15 > 0,
            "solved_at": START + (day + 1) * DAY if dated and day % 15 else None,
        }
        for day in days
    ]
    if not dated:
        tickets = [{name: cell for name, cell in row.items() if name != "solved_at"} for row in tickets]
    found = report({"tickets": tickets}, metrics=["backlog"], as_of=(START + 720 * DAY).isoformat())
    assert [each.metric for each in found.findings if each.metric] == ["backlog"] * dated
    assert found.metrics["backlog"].value == 48


def test_shares_of_a_backlog_that_is_a_lower_bound_are_none():
    tickets = [row | {"status": "solved" if row["solved_at"] else "open"} for row in export(83)]
    found = report({"tickets": tickets}, as_of=END.isoformat()).metrics
    bounds = {name: least(read) for name, read in found.items() if name.startswith("backlog")}
    assert bounds == dict.fromkeys(STOCKS, True) | {"backlog_causes": False}
