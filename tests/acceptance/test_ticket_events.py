"""Reports on logs of ticket events, from the file to the figures: the backlog as it was, and earlier moments."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from cx_kpi.api import make_report
from cx_kpi.model.options import Config, Options, TargetRule
from tests.normalise.desk_log import Event, logs, walked

NAMES = ("ticket_id", "at", "event", "status", "author_kind", "is_public", "agent", "team")


def written(folder: str, log: list[Event]) -> str:
    """The log as a file."""
    path = Path(folder) / "ticket_events.csv"
    lines = [",".join(NAMES)]
    for each in log:
        cells = (getattr(each, name) for name in NAMES)
        lines.append(",".join("" if cell is None else str(cell) for cell in cells))
    path.write_text("\n".join(lines), encoding="utf-8")
    return str(path)


def report(log: list[Event], **options: Any) -> dict[str, Any]:
    """The report on it."""
    with TemporaryDirectory() as folder:
        return make_report(Options((written(folder, log),), period="day", by=(), **options)).as_dict()


@settings(max_examples=15, deadline=None)
@given(logs(created=True))
def test_the_backlog_of_every_day_is_what_was_open(log: list[Event]) -> None:
    names = sorted({each.ticket_id for each in log})
    lives = [walked([each for each in log if each.ticket_id == name]) for name in names]
    found = report(log, metrics=("backlog", "tickets_created"))
    for point in found["series"]:
        if point["metric"] == "backlog":
            end = datetime.fromisoformat(point["end"]).replace(tzinfo=UTC)
            assert point["value"] == sum(life.open_at(end) for life in lives), point
    if "backlog" in found["metrics"]:
        flow = found["metrics"]["backlog"]["details"]["flow"]
        assert flow["reopened"] == sum(life.reopen_count for life in lives)
        assert flow["created"] == len(lives)
        assert flow["residual"] == 0


@settings(max_examples=8, deadline=None)
@given(logs(), st.floats(0.2, 1.0))
def test_as_of_an_earlier_moment_the_report_is_the_one_made_then(log: list[Event], share: float) -> None:
    moments = sorted(each.at for each in log)
    moment = moments[int(share * (len(moments) - 1))] + timedelta(hours=1)
    held = [each for each in log if each.at <= moment]
    then, now = (report(each, as_of=moment.isoformat()) for each in (held, log))
    for told in (then, now):
        del told["sources"]
        told["notices"] = [each for each in told["notices"] if each["table"] == "tickets"]
    assert now == then


@settings(max_examples=8, deadline=None)
@given(logs(created=True), st.integers(1, 60))
def test_a_clock_that_stands_still_does_not_run_out(log: list[Event], hours: int) -> None:
    """Neither does a pause count that is over, nor one that lasts until now."""
    target, now = hours * 3600, max(each.at for each in log)
    rule = TargetRule("resolution_time", target, pauses="subtract")
    found = report(log, metrics=("resolution_within_target",), config=Config(target=[rule]))
    hits, late, young = 0, 0, 0
    for name in {each.ticket_id for each in log}:
        life = walked([each for each in log if each.ticket_id == name])
        spent = (life.solved_at or life.paused_since or now) - life.created_at
        ours = spent.total_seconds() - sum(life.spent.get(state, 0) for state in ("pending", "on_hold"))
        hits += life.solved_at is not None and ours <= target
        late += ours > target
        young += life.solved_at is None and ours <= target
    reading = found["metrics"]["resolution_within_target"]
    assert (reading["details"]["hits"], reading["n"], reading["details"]["pending"]) == (
        hits,
        hits + late,
        young,
    )


def test_a_reopened_ticket_is_not_open_between_solve_and_reopening() -> None:
    """The worked case of the catalogue: solved on d1, reopened on d3, solved on d5."""
    begin = datetime(2026, 3, 2, 9, tzinfo=UTC)
    days = {0: ("created", None), 1: ("status", "solved"), 3: ("status", "open"), 5: ("status", "solved")}
    log = [Event("t", begin + timedelta(days=day), event, status) for day, (event, status) in days.items()]
    found = report(log, metrics=("backlog", "resolution_time", "reopen_rate"))
    backlog = [point["value"] for point in found["series"] if point["metric"] == "backlog"]
    assert backlog == [1, 0, 0, 1, 1, 0]
    resolution = found["metrics"]["resolution_time"]
    assert (resolution["value"], resolution["details"]["first_solve"]) == (5 * 86_400, 86_400)
    assert found["metrics"]["reopen_rate"]["value"] == 1.0
    flow = {"open_start": 0, "created": 1, "reopened": 1, "solved": 2, "open_end": 0, "residual": 0}
    assert found["metrics"]["backlog"]["details"]["flow"] == flow


def test_what_events_do_not_tell_is_said_of_them() -> None:
    asked = ("reassignment_rate", "time_in_status", "bot_handoff_rate")
    with TemporaryDirectory() as folder:
        events, tickets = Path(folder) / "events.csv", Path(folder) / "tickets.csv"
        events.write_text("ticket_id,at,event\nt,2026-03-02 09:00,created\n", encoding="utf-8")
        tickets.write_text("ticket_id,created_at,status\nt,2026-03-02 09:00,open\n", encoding="utf-8")
        beside, alone = (
            make_report(Options(paths, metrics=asked)) for paths in ((str(events),), (str(tickets),))
        )
    assert {each.metric: each.why for each in beside.left_out} == {
        "reassignment_rate": "no ticket events that tell to whom tickets were assigned",
        "time_in_status": "no ticket events that tell the status",
        "bot_handoff_rate": "no ticket events that tell who wrote",
    }
    assert {each.why for each in alone.left_out} == {"no file of ticket events"}
