"""Each problem is one line on stderr with what to do, the right exit code, and no file."""

import json
import re
from pathlib import Path

import pytest

from cx_kpi.model.errors import Exit

from .conftest import HEADERS, Cxkpi

FILES = {
    "empty.csv": "",
    "shapes.csv": "shape,colour\ncircle,red\nsquare,blue\n",
    "undated.csv": "ticket_id,status,channel\n1,open,email\n",
    "misspelt.csv": "tiketid,created_at,status\n1,2026-01-01,open\n",
    "someday.csv": f"{HEADERS}\n" + "".join(f"{n},some day,open,email,,\n" for n in range(9)),
    "bars.csv": f"{HEADERS}\n" + "".join(f"{n},31|12|2026,open,email,,\n" for n in range(9)),
    "misspelt.toml": 'timezon = "UTC"\n',
    "misspelt_section.toml": "[complaint]\nall = true\n",
    "broken.toml": 'timezone = "UTC"\nperiod = = 3\n',
    "mistyped.toml": 'repeat_days = "soon"\n',
    "untrue.toml": "[targets]\ncsta = 0.9\n",
    "deep.toml": f"targets = {'[' * 100_000}",
}

INPUT = [
    ("report ticket.csv", "did you mean tickets.csv"),
    ("report --tickets ticket.csv", "did you mean tickets.csv"),
    ("report nowhere/ticket.csv", "no such file"),
    ("report empty.csv", "empty; export it again"),
    ("report shapes.csv", "columns found: shape, colour"),
    ("report undated.csv", "no column for created_at"),
    ("report misspelt.csv", 'perhaps "tiketid"?'),
    ("report someday.csv", "none of its 9 rows can be used"),
    (
        "report someday.csv",
        '[tickets.columns] created_at = "…", the column that holds dates, not "created_at"',
    ),
    ("report bars.csv", '[tickets.columns] created_at = { column = "created_at", format = "%d|%m|%Y" }'),
    ("report --surveys tickets.csv", "not usable as surveys"),
]
USAGE = [
    ("report", "cxkpi report tickets.csv"),
    ("check", "cxkpi check tickets.csv"),
    ("check tickets.csv -o check.csv", "check writes .txt, .json, .md, .html"),
    ("report tickets.csv -f md -o report.html", "says html"),
    ("report tickets.csv --by=", "--by is empty"),
    ("report tickets.csv --metrics=", "--metrics is empty"),
    ("report tickets.csv --metrics xyzzy", "see: cxkpi metrics"),
    ("report tickets.csv --metrics FRT", "did you mean first_response_time?"),
    ("report tickets.csv --metrics crr", "did you mean retention_rate?"),
    ("report tickets.csv --metrics overdue", "did you mean backlog_overdue?"),
    ("metrics asa", "did you mean call_wait_time?"),
    ("report tickets.csv --by month", "--period month"),
    ("report tickets.csv --by colour", "columns: channel, created_at,"),
    ("report tickets.csv --where Канал='email'", "columns: channel, created_at,"),
    ("report tickets.csv --where channel='e-mail'", "did you mean 'email'?"),
    ("report tickets.csv --where status='zzz'", "status holds 'closed', "),
    ("report tickets.csv --by CHANEL", "did you mean channel?"),
    ("report tickets.csv --as-of 2020-01-01", "nothing is known before 2026-01-01"),
    ("report tickets.csv --last 99y", "the data covers 2026-01-01 to 2026-03-31 only"),
    ("report tickets.csv --last 9999y", "the data covers 2026-01-01 to 2026-03-31 only"),
    ("report tickets.csv --where channel=email", "quote it: 'email'"),
    ("report tickets.csv --source-tz MSK", "did you mean Europe/Moscow?"),
    ("report tickets.csv --tz XYZ", "'XYZ'; write for example Europe/Moscow"),
    ("reprt tickets.csv", "'reprt'"),
    ("report tickets.csv --bye channel", "--by"),
    ("report tickets.csv --by", "--by"),
    ("report tickets.csv --by chanel", "did you mean channel?"),
    ("report tickets.csv --metrics first_respons_time", "did you mean first_response_time"),
    ("report tickets.csv --period moth", "did you mean month?"),
    ("report tickets.csv --since yesterday", "write it as 2026-03-31"),
    ("report tickets.csv --until 31.03.2026", "write it as 2026-03-31"),
    ("report tickets.csv --since 2026-02-01 --until 2026-01-01", "the window from 2026-02-01"),
    ("report tickets.csv --since 2026-02-01 --last 3m", "leave one out"),
    ("report tickets.csv --last 3x", "write for example 3m"),
    ("report tickets.csv --as-of never", "write 2026-03-31"),
    ("report tickets.csv --where chanel='email'", "did you mean channel?"),
    ("report tickets.csv --where channel=", "line 1, column"),
    ("report tickets.csv --tz Europe/Moscw", "did you mean Europe/Moscow"),
    ("report tickets.csv --source-tz Mars", "write for example Europe/Moscow"),
    ("report tickets.csv --lang de", "known: en, ru"),
    ("report tickets.csv --fail-on miss", "did you mean missed?"),
    ("report tickets.csv --format jsn", "did you mean json or ndjson?"),
    ("report tickets.csv -o report.docx", ".html"),
    ("report tickets.csv --config none.toml", "no such file"),
    ("report tickets.csv --config misspelt.toml", "did you mean timezone"),
    ("report tickets.csv --config misspelt_section.toml", "did you mean complaints"),
    ("report tickets.csv --config broken.toml", "line 2"),
    ("report tickets.csv --config mistyped.toml", "repeat_days: has to be a whole number"),
    ("report tickets.csv --config untrue.toml", "did you mean csat?"),
    ("report tickets.csv --config deep.toml", "nested too deeply"),
    ("report https://example.com/tickets.csv", "download the file first"),
    ("metrics cast", "did you mean csat?"),
    ("metrics --lang de", "known: en, ru"),
    ("schema reports", "did you mean report?"),
]
OUTPUT = [
    ("report tickets.csv -o folder.html", "is a folder"),
    ("report tickets.csv -o nowhere/report.html", "make it first"),
    ("report tickets.csv -o tickets.csv", "one of the files to read"),
    ("report desk -o desk/tickets.csv", "one of the files to read"),
    ("report --tickets tickets.csv -o ./tickets.csv", "one of the files to read"),
]
CASES = [
    *((line, said, Exit.INPUT) for line, said in INPUT),
    *((line, said, Exit.USAGE) for line, said in USAGE),
    *((line, said, Exit.OUTPUT) for line, said in OUTPUT),
]


@pytest.fixture(autouse=True)
def files(desk: Path) -> dict[str, bytes]:
    """What is in the folder before."""
    for name, text in FILES.items():
        (desk / name).write_text(text, encoding="utf-8")
    (desk / "folder.html").mkdir()
    (desk / "desk").mkdir()
    (desk / "desk" / "tickets.csv").write_bytes((desk / "tickets.csv").read_bytes())
    return contents(desk)


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize(("line", "said", "code"), CASES)
def test_one_line(
    line: str, said: str, code: Exit, cxkpi: Cxkpi, desk: Path, files: dict[str, bytes]
) -> None:
    ran = cxkpi(*line.split(" "))
    assert ran.err.startswith("cxkpi: error: ")
    assert said in ran.err
    assert (ran.code, ran.out, ran.err.count("\n"), ran.err[-1]) == (code, "", 1, "\n")
    assert contents(desk) == files


TARGETS = [  # a configuration, the line of the wrong target, and how the message goes on
    ('timezone = "UTC"\n[targets]\ncsat = 0.9\nnosuch = "5 min"\n', 4, "no metric 'nosuch'"),
    ("[targets]\ncsat = 900\n", 2, "target of csat: 900.0 is not between 0 and 1"),
    ('[targets]\nresolution_time = "soon"\n', 2, "target of resolution_time: 'soon' is neither"),
    ('[[target]]\nmetric = "csat"\nvalue = 0.9\n[[target]]\nmetric = "csta"\nvalue = 1\n', 4, "no metric 'csta'"),
    ('backlog_age = "48 h"\n[backlog_age_by_priority]\nhigh = "4 h"\nlow = "soon"\n', 4, "backlog_age_by_priority.low: 'soon'"),
    ('repeat_days = 7\nbacklog_age = "soon"\n', 2, "backlog_age: 'soon' is no length of time"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "row", "said"), TARGETS)
@pytest.mark.parametrize(("name", "head"), [("ours.toml", ""), ("pyproject.toml", "[tool]\n[tool.cxkpi]\n")])
def test_a_wrong_target_names_its_line(
    name: str, head: str, text: str, row: int, said: str, cxkpi: Cxkpi, desk: Path
) -> None:
    inside = re.sub(r"^(\[+)", r"\1tool.cxkpi.", text, flags=re.MULTILINE) if head else text
    (desk / name).write_text(head + inside)
    ran = cxkpi("report", "tickets.csv", "--config", name)
    assert (ran.code, ran.out, ran.err.count("\n")) == (Exit.USAGE, "", 1)
    assert ran.err.startswith(f"cxkpi: error: {name}:{row + head.count(chr(10))}: {said}")


def test_nothing_half_written(cxkpi: Cxkpi, files: dict[str, bytes], desk: Path) -> None:
    ran = cxkpi("report", "tickets.csv", "-o", "fine.json", "-o", "nowhere/report.html")
    assert ran.code == Exit.OUTPUT
    assert contents(desk) == files


def test_an_unknown_word_is_a_notice(cxkpi: Cxkpi, desk: Path) -> None:
    known = (desk / "tickets.csv").read_text(encoding="utf-8")
    (desk / "odd.csv").write_text(known.replace(",solved,", ",frobnicated,", 1), encoding="utf-8")
    ran = cxkpi("report", "odd.csv", "-f", "json")
    assert (ran.code, ran.err) == (Exit.DONE, "")
    assert "frobnicated" not in ran.out  # what cells hold is not told unasked
    assert any(each["code"] == "unknown_word" for each in json.loads(ran.out)["notices"])
    assert "frobnicated" in cxkpi("report", "odd.csv", "-f", "json", "--show-values").out


def test_no_rows_is_no_data(cxkpi: Cxkpi, desk: Path) -> None:
    (desk / "header.csv").write_text(HEADERS + "\n")
    ran = cxkpi("report", "header.csv")
    assert (ran.code, ran.err) == (Exit.DONE, "")
    assert "no data" in ran.out


@pytest.mark.parametrize(
    "name", ["gone\x1b[31m.csv", "gone\n\rcxkpi: all is well.csv", "gone\u202e.csv", "\x9b2J.csv"]
)
def test_a_hostile_name_reaches_no_terminal(name: str, cxkpi: Cxkpi, desk: Path) -> None:
    (desk / name).write_text("shape,colour\ncircle,red\n")
    for line in (("report", name), ("report", "x" + name), ("report", "tickets.csv", "-o", name + ".docx")):
        ran = cxkpi(*line)
        assert ran.code in (Exit.INPUT, Exit.USAGE)
        assert (ran.out, ran.err.count("\n")) == ("", 1)
        assert ran.err[:-1].isprintable()


@pytest.mark.parametrize(
    "line", ["reprt tickets.csv", "report tickets.csv --bye channel", "report tickets.csv --by"]
)
def test_what_the_parser_refuses_ends_with_where_help_is(line: str, cxkpi: Cxkpi) -> None:
    """Whatever the words of its own message are."""
    assert cxkpi(*line.split(" ")).err.endswith("; see cxkpi --help\n")
