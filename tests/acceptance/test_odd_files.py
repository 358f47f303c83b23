"""Files and values that should not occur, by rows 9 to 12, 20 and 30 of the acceptance table."""

import contextlib
import os
import socket
import time
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest

from cx_kpi.cli.app import run
from cx_kpi.model.errors import CxkpiError, InputProblem

from .desk import HEADER, LINES, ROWS, counted, desk, figures, notices, report, value, written
from .ways import WAYS


@pytest.mark.parametrize("kind", ["parquet", "arrow", "xlsx"], ids=lambda kind: f"row09-{kind}")
def test_damaged_binary_files_are_read_or_refused(
    kind: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / f"t.{kind}"
    WAYS[kind](desk(), path)
    data = path.read_bytes()
    for place in range(0, len(data), max(1, len(data) // 4)):
        for broken in (data[:place], data[:place] + bytes([data[place] ^ 0x55]) + data[place + 1 :]):
            path.write_bytes(broken)
            with contextlib.suppress(CxkpiError):
                assert counted(report([path], metrics=("tickets_created",)))[0] <= ROWS
    assert "panicked" not in capfd.readouterr().err


ODD_NAMES = ["*.csv", "[1].csv", "-t.csv", "a\nb.csv", "т.csv", "a b.csv", "tickets#x.csv", "~t.csv"]


@pytest.mark.parametrize("name", ODD_NAMES, ids=lambda name: f"row10-{name!r}")
def test_odd_names_are_names(name: str, tmp_path: Path) -> None:
    other = tmp_path / "1.csv"
    other.write_text("x,y\n1,2\n")
    assert counted(report([written(tmp_path, *LINES, name=name)])) == (28, 28, 0, 0)


@pytest.mark.parametrize(
    "kind",
    ["unreadable", "dangling", "folder", "socket", "/dev/zero", "/dev/null"],
    ids=lambda kind: f"row10-{kind}",
)
def test_odd_files_end_at_once(kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    path = Path(kind) if kind.startswith("/") else Path("t.csv")
    if kind == "unreadable":
        path.write_text(HEADER)
        path.chmod(0)
        if os.access(path, os.R_OK):
            pytest.skip("this user may read everything")
    elif kind == "dangling":
        path.symlink_to("nowhere.csv")
    elif kind == "folder":
        path.mkdir()
    elif kind == "socket":
        with closing(socket.socket(socket.AF_UNIX)) as end:
            end.bind("t.csv")
    start = time.monotonic()
    with pytest.raises(InputProblem) as problem:
        report([path])
    assert "\n" not in str(problem.value)
    assert time.monotonic() - start < 20


def test_row11_more_solved_than_created_is_not_wrapped(tmp_path: Path) -> None:
    lines = [f"{n},2026-01-{n:02} 10:00,2026-03-02 12:00,solved,x" for n in range(1, 29)]
    made = report(
        [written(tmp_path, *lines)], since=datetime(2026, 3, 1).date(), until=datetime(2026, 4, 1).date()
    )
    for reading in made.metrics.values():
        assert reading.value is None or abs(reading.value) < 2**31


def test_row11_sums_beyond_32_and_63_bits_are_right(tmp_path: Path) -> None:
    header = "ticket_id,created_at,solved_at,status,reply_count,cost,type"
    lines = [
        f"{n},2026-03-{n:02} 10:00,2026-03-{n:02} 12:00,solved,4000000000,9e18,complaint"
        for n in range(1, 29)
    ]
    made = report([written(tmp_path, *lines, header=header)])
    assert value(made, "cost_per_complaint") == pytest.approx(9e18)
    for reading in made.metrics.values():
        assert reading.value is None or reading.value >= 0


@pytest.mark.parametrize("odd", ["NaN", "inf", "-inf", "1e400", "-5"], ids=lambda cell: f"row12-{cell}")
def test_odd_numbers_are_left_out_and_json_stays_json(odd: str, tmp_path: Path) -> None:
    header = "ticket_id,created_at,first response time (hours),status"
    lines = [f"{n},2026-03-{n:02} 10:00,{n}.5,open" for n in range(1, 28)]
    empty = report([written(tmp_path, *lines, "28,2026-03-28 10:00,,open", header=header)])
    made = report([written(tmp_path, *lines, f"28,2026-03-28 10:00,{odd},open", header=header)])
    if odd == "NaN":  # which means nothing
        assert figures(made) == figures(empty)
        return
    assert notices(made) & {"not_finite", "negative_duration"}
    for name in ("tickets_created", "first_response_time"):
        assert value(made, name) == value(empty, name)
    assert made.metrics["first_response_time"].details["pending"] == 0  # nobody knows whether it waits


@pytest.mark.parametrize("year", ["0001", "1900", "9999", "10000"], ids=lambda year: f"row12-{year}")
def test_impossible_years_are_empty_and_counted(year: str, tmp_path: Path) -> None:
    lines = [*LINES, f"99,2026-03-05 10:00,{year}-01-01 00:00,solved,x"]
    plain = [*LINES, "99,2026-03-05 10:00,,solved,x"]
    made = report([written(tmp_path, *lines)])
    assert figures(made) == figures(report([written(tmp_path, *plain)]))
    assert notices(made) & {"sentinel_date", "unreadable"}


def test_row12_solved_before_created_spoils_the_wait_alone(tmp_path: Path) -> None:
    made = report([written(tmp_path, *LINES, "99,2026-03-05 10:00,2026-03-04 10:00,solved,x")])
    assert counted(made) == (29, 29, 0, 0)
    assert "backward_wait" in notices(made)


@pytest.mark.parametrize(
    "named", ["t.csv", "t.sqlite", "t.sqlite#tickets", "link.csv"], ids=lambda name: f"row20-{name}"
)
def test_an_input_is_never_written_over(named: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    file = Path(named.partition("#")[0])
    WAYS["sqlite" if "sqlite" in named else "csv"](desk(), Path(file.name.replace("link", "t")))
    if named == "link.csv":
        file.symlink_to("t.csv")
    before = file.read_bytes()
    assert run(["report", "--tickets", named, "-f", "json", "-o", str(file)]) in (2, 4)
    assert run(["report", "--tickets", named, "--rejects", str(file)]) in (2, 4)
    assert file.read_bytes() == before


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1:9/t.csv", "https://x/t.csv", "s3://b/t.parquet", "gs://b/t.csv", "file:///etc/passwd"],
    ids=lambda url: f"row30-{url}",
)
def test_no_address_is_read_unless_allowed(
    url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("a connection was opened")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    assert run(["report", url]) == 2
    assert run(["report", "--tickets", url, "-o", "never.html"]) == 2
    said = capsys.readouterr().err
    assert "Traceback" not in said
    assert url.startswith("file") or "--allow-remote" in said
