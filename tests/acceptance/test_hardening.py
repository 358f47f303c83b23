"""What the second test of reliability found, where no other test is: cells in messages, lost values, one child, no exit 70."""

import json
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from cx_kpi.cli.app import run
from cx_kpi.model.errors import Exit, InputProblem
from cx_kpi.read.containers import probe
from cx_kpi.read.raw import sandbox
from tests.acceptance.desk import desk, notices, report, value, written

NAME, MAIL = "Maria Musterfrau", "maria.m@example.org"
DESK = "ticket_id,created_at,status,channel"
ROWS = [f"{n},2026-03-{n % 28 + 1:02} 10:00,solved,email" for n in range(60)]
FORMATS = ("html", "md", "eml", "json", "csv", "txt", "xml", "prom", "ndjson")


def personal(folder: Path) -> Path:
    """An export with a name where a date should be, and an address where a status should be."""
    odd = [f"61,{NAME},solved,email", f"62,2026-03-02 10:00,{MAIL},email"]
    return written(folder, *ROWS, *odd, header=DESK)


def test_row40_no_message_shows_a_cell(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = personal(tmp_path)
    outputs = [part for kind in FORMATS for part in ("-o", str(tmp_path / f"r.{kind}"))]
    assert run(["report", str(path), *outputs]) == Exit.DONE
    assert run(["report", str(path), "--strict"]) == Exit.INPUT
    assert run(["check", str(path)]) == Exit.DONE
    out, err = capsys.readouterr()
    made = [(tmp_path / f"r.{kind}").read_text(encoding="utf-8") for kind in FORMATS]
    for text in (out, err, *made):
        assert not [cell for cell in (NAME, MAIL, "Musterfrau", "example.org") if cell in text]
    assert "aaa.a@aaa.aaa" in made[FORMATS.index("json")]


def test_row40_cells_are_shown_where_they_are_asked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["report", str(personal(tmp_path)), "--show-values", "-f", "json"]) == Exit.DONE
    told = " ".join(each["message"] for each in json.loads(capsys.readouterr().out)["notices"])
    assert NAME in told
    assert MAIL in told


@pytest.mark.parametrize("word", ["NaN", "Infinity", "-Infinity"])
def test_row43_json_words_that_are_no_numbers_are_told(word: str, tmp_path: Path) -> None:
    rows = [
        {"survey_id": str(n), "responded_at": f"2026-03-{n % 28 + 1:02}", "kind": "csat", "score": n % 5 + 1}
        for n in range(60)
    ]
    text = json.dumps(rows)
    (tmp_path / "plain.json").write_text(json.dumps(rows[1:]))
    (tmp_path / "odd.json").write_text(text.replace('"score": 1}', f'"score": {word}}}', 1))
    plain, odd = report([tmp_path / "plain.json"]), report([tmp_path / "odd.json"])
    assert value(odd, "csat") == value(plain, "csat")
    assert odd.sources[0].rows == len(rows)
    assert notices(odd) - notices(plain)


def test_row43_values_in_rare_single_quotes_are_whole(tmp_path: Path) -> None:
    rows = [*ROWS[:-3], *(f"{n},2026-03-02 10:00,solved,'late, by {n}'" for n in (70, 71, 72))]
    made = report([written(tmp_path, *rows, header=DESK)], by=(("channel",),))
    assert value(made, "tickets_created") == len(rows)
    assert made.sources[0].set_aside == 0
    assert {part.by["channel"] for part in made.segments} >= {"late, by 70", "late, by 72"}


def test_row44_one_process_opens_all_such_files_however_large(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[str] = []
    plainly = sandbox.started
    monkeypatch.setattr(sandbox, "started", lambda module: started.append(module) or plainly(module))
    prober = probe.Prober()
    monkeypatch.setattr(probe, "_PROBER", prober)
    table = desk(60)
    table.write_parquet(tmp_path / "a.parquet")
    table.write_ipc(tmp_path / "b.arrow")
    long = pl.Series("note", ["x" * 5_000 + str(n) for n in range(8_000)])
    many = (
        pl.concat([table] * 134).head(8_000).with_columns(long, ticket_id=pl.Series(map(str, range(8_000))))
    )
    many.write_ipc(tmp_path / "c.arrow")
    assert (tmp_path / "c.arrow").stat().st_size > 32 << 20
    made = report([tmp_path / name for name in ("a.parquet", "b.arrow", "c.arrow")])
    assert sum(source.rows for source in made.sources) == 60 + 60 + 8_000
    prober.close()
    assert started == [probe.__name__]


ODD = {
    "a lone surrogate": rb'[{"ticket_id":"1","created_at":"2026-03-01 10:00","status":"solved","channel":"\ud800"}]',
    "a surrogate in a name": rb'[{"ticket_id":"1","created_at":"2026-03-01 10:00","a\udfff":"b"}]',
    "objects of nothing": b"[{}, {}]",
    "lists of nothing": b"[[], []]",
    "nothing at all": b"[]",
    "a word": b'"x"',
}


@pytest.mark.parametrize("kind", ODD)
def test_row45_no_input_is_a_fault_of_ours(kind: str, tmp_path: Path) -> None:
    (tmp_path / "t.json").write_bytes(ODD[kind])
    command = [sys.executable, "-m", "cx_kpi", "report", "t.json", "-f", "json"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode in (Exit.DONE, Exit.INPUT), done.stderr
    assert len(done.stderr.splitlines()) == (done.returncode != Exit.DONE)
    assert bool(done.stdout) == (done.returncode == Exit.DONE)


def test_row45_nothing_in_a_list_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "t.json").write_text("[{}, {}]")
    with pytest.raises(InputProblem, match="objects without a single field"):
        report([tmp_path / "t.json"])
