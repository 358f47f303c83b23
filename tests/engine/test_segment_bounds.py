"""A column of names is none to cut by: the usual cut is left out with a notice, one asked for is refused."""

from pathlib import Path

import pytest

from cx_kpi.api import make_report
from cx_kpi.engine.guards import segment_bounds
from cx_kpi.model.errors import UsageProblem
from cx_kpi.model.options import Options

HEAD = "ticket_id,created_at,status,channel,team,first_response_at,solved_at\n"


def desk(path: Path, channels: int) -> str:
    rows = (
        f"{n},2026-01-{n % 28 + 1:02} 10:00,solved,way {n % channels},team {n % 7},2026-01-{n % 28 + 1:02} 11:00,"
        f"2026-01-{n % 28 + 1:02} 12:00\n"
        for n in range(120)
    )
    path.write_text(HEAD + "".join(rows), encoding="utf-8")
    return str(path)


def test_the_usual_cut_is_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(segment_bounds, "USUAL", 20)
    few, many = (make_report(Options((desk(tmp_path / f"{n}.csv", n),))) for n in (20, 21))
    assert {len({segment.by["channel"] for segment in each.segments}) for each in (few,)} == {20}
    assert many.segments == []
    assert [(each.field, each.rows) for each in many.notices if each.code == "broad_cut"] == [("channel", 21)]
    assert [each.value for each in few.metrics.values()] == [each.value for each in many.metrics.values()]


def test_a_cut_asked_for_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = desk(tmp_path / "t.csv", 9)
    assert make_report(Options((path,), by=(("channel", "team"),))).segments
    monkeypatch.setattr(segment_bounds, "MOST", 62)
    with pytest.raises(UsageProblem, match=r"--by channel,team: up to 63 segments, and at most 62"):
        make_report(Options((path,), by=(("channel", "team"),)))


def test_a_column_named_twice_is_one(tmp_path: Path) -> None:
    path = desk(tmp_path / "t.csv", 9)
    once, twice = (
        make_report(Options((path,), by=by))
        for by in ((("channel",),), (("channel", "Channel"), ("CHANNEL",)))
    )
    assert once.segments == twice.segments
