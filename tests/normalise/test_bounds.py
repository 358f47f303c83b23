"""No setting is without bounds: a number, a length of time, a list or a key beyond them is one line, and quick."""

import time
from dataclasses import fields
from pathlib import Path

import pytest

from cx_kpi.api import make_report
from cx_kpi.cli.app import run
from cx_kpi.model.errors import UsageProblem
from cx_kpi.model.options import Config, Options
from cx_kpi.normalise.config.config_bounds import MOST
from cx_kpi.normalise.config.read_config import read_config
from cx_kpi.normalise.values.date_formats import is_format

HUGE = "9" * 30
NUMBERS = ("-5", "nan", "-nan", "inf", "-inf", HUGE, f"-{HUGE}", "1e300", "9" * 5000, "0x" + "f" * 5000)
LENGTHS = (
    "-5",
    "-5 h",
    "nan",
    "inf",
    "nan h",
    "9999999999999 w",
    f"{HUGE} h",
    "9" * 400 + " h",
    "",
    "0x10 h",
)
NUMBER_KEYS = (
    *(field.name for field in fields(Config) if field.type in (int, int | str)),
    "costs.hourly_rate",
    "costs.per_month",
    "targets.csat_score",
    "targets.first_response_time",
    "targets.csat",
)
CSV = "ticket_id,created_at,status,channel,priority,first_response_at,solved_at\n" + "".join(
    f"{n},2026-01-{n + 1:02} 10:00,solved,email,high,2026-01-{n + 1:02} 11:00,2026-01-{n + 1:02} 12:00\n"
    for n in range(9)
)


@pytest.fixture(autouse=True)
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("t.csv").write_text(CSV)


def refused(text: str, key: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The whole command prints one line that names the key."""
    Path("cxkpi.toml").write_text(text)
    started = time.process_time()
    code, ran = run(["report", "t.csv"]), capsys.readouterr()
    assert (code, ran.out) == (2, "")
    assert len(ran.err.splitlines()) == 1
    assert key in ran.err
    assert len(ran.err) < 2100
    assert time.process_time() - started < 5


@pytest.mark.parametrize("key", NUMBER_KEYS)
def test_numbers(key: str, capsys: pytest.CaptureFixture[str]) -> None:
    for number in NUMBERS:
        known = key.rpartition(".")[2] if len(number) < 1000 else ""
        refused(f"{key} = {number}", known, capsys)


def test_numbers_elsewhere(capsys: pytest.CaptureFixture[str]) -> None:
    for number in NUMBERS[1:7]:
        refused(f"[surveys.scales]\nnps = [0, {number}]", "surveys.scales.nps", capsys)
        refused(f'[surveys.values.score]\n"good" = {number}', "surveys.values.score.good", capsys)
        refused(f'[[target]]\nmetric = "csat_score"\nvalue = {number}', "target", capsys)
        refused(
            f'[[surveys.questions]]\ncolumn = "a"\nkind = "nps"\nscale = [0, {number}]',
            "surveys.questions.scale",
            capsys,
        )


@pytest.mark.parametrize(
    "key", ["backlog_age", "backlog_age_by_priority.high", "targets.first_response_time"]
)
def test_lengths_of_time(key: str, capsys: pytest.CaptureFixture[str]) -> None:
    for length in LENGTHS:
        refused(f'{key} = "{length}"', key.rpartition(".")[2], capsys)


@pytest.mark.parametrize(
    "deadline", ["business_days:0", "business_days:-1", "business_days:99999999999999999999"]
)
def test_deadlines(deadline: str, capsys: pytest.CaptureFixture[str]) -> None:
    text = f'[[target]]\nmetric = "resolution_time"\ndeadline = "{deadline}"\n[[calendar]]\nhours = {{mon = "09:00-10:00"}}'
    refused(text, "deadline", capsys)


RULE = '[[target]]\nmetric = "csat"\nvalue = 0.5\n'
BIG = {
    "target": RULE * (MOST["target"] + 1),
    "calendar": '[[calendar]]\nhours = { mon = "09:00-10:00" }\n' * (MOST["calendar"] + 1),
    "when": RULE + "when = {" + ", ".join(f'a{n} = "x"' for n in range(MOST["target.when"] + 1)) + "}",
    "holidays": '[[calendar]]\nhours = { mon = "09:00-10:00" }\nholidays = [' + '"RU",' * 51 + "]",
    "questions": '[[surveys.questions]]\ncolumn = "a"\nkind = "nps"\n' * (MOST["surveys.questions"] + 1),
    "complaints.tags": "[complaints]\ntags = [" + '"a",' * 50_001 + "]",
    "report.title": f'[report]\ntitle = "{"a" * 10_001}"',
    "line 1": "x = " + "[" * 100_000,
}


@pytest.mark.parametrize("key", BIG)
def test_lists_and_texts(key: str, capsys: pytest.CaptureFixture[str]) -> None:
    refused(BIG[key], key if key != "line 1" else "nested too deeply", capsys)


DEEP = {
    "bare": ".".join(["a"] * 20_000) + " = 1",
    "blanks": " . ".join(["a"] * 20_000) + " = 1",
    "quoted": ".".join(['"a.b"'] * 20_000) + " = 1",
    "single": ".".join(["'a'"] * 20_000) + " = 1",
    "header": "[" + ".".join(["a"] * 20_000) + "]",
    "array": "[[" + ".".join(["a"] * 20_000) + "]]",
    "inline": "x = { " + ".".join(["a"] * 20_000) + " = 1 }",
    "many": "\n".join(f"[a{n}{'.b' * 30}]" for n in range(10_000)),
}


@pytest.mark.parametrize("text", DEEP.values(), ids=DEEP)
def test_keys_of_too_many_parts(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    refused(f"\n\n{text}", "cxkpi.toml:3: a key of over 12 parts", capsys)


@pytest.mark.parametrize(
    "text", ["a" * 900_000, '"' * 900_000, "'a'" * 300_000, "a." * 450_000, "-" * 900_000]
)
def test_looking_for_them_takes_no_time(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    refused(text, "cxkpi.toml", capsys)


def test_dots_in_texts_are_no_keys() -> None:
    Path("cxkpi.toml").write_text(
        '[report]\ntitle = "a.b.c.d.e.f.g.h.i.j.k.l.m.n.o.p"\n# a.b.c.d.e.f.g.h.i.j.k.l.m.n\n'
    )
    assert read_config(None).report.title.startswith("a.b")


def test_what_is_in_bounds_is_taken() -> None:
    text = 'repeat_days = 36525\ninactivity_days = 1\n[costs]\nper_month = 0\n[[target]]\nmetric = "csat"\nvalue = 0.5\n'
    Path("cxkpi.toml").write_text(f"{text}since = 0001-01-01\nuntil = 9999-12-31\n")
    assert run(["report", "t.csv", "-q"]) == 0


def test_python_is_held_to_the_same() -> None:
    for config in (
        Config(repeat_days=10**30),
        Config(backlog_age="9999999999999 w"),
        Config(targets={"csat": float("nan")}),
    ):
        with pytest.raises(UsageProblem):
            make_report(Options(("t.csv",), config=config))


@pytest.mark.parametrize(
    "arguments",
    [
        *(("--last", text) for text in ("-5m", "nan d", f"{HUGE}m", f"{'9' * 5000}d", "0m", "1e9d", "99999999y")),
        *(("--max-size", text) for text in ("-5G", "nan", "inf", f"{HUGE}T", "9" * 400, "0", "1e9")),
        *(("--max-rejects", text) for text in ("-5", "nan", "inf%", "9" * 5000, "101%", f"{HUGE}%")),
        *(("--since", text) for text in ("0000-01-01", "-5", "10000-01-01", "nan")),
        *(("--as-of", text) for text in ("10000-01-01", "nan", "-5", HUGE, "9" * 5000)),
        *(("--metrics", text) for text in ("," * 9, "csat," * 9999 + "x")),
    ],
)  # fmt: skip
def test_options(arguments: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["report", "t.csv", *arguments]) == 2
    ran = capsys.readouterr()
    assert (ran.out, len(ran.err.splitlines())) == ("", 1)


@pytest.mark.parametrize(
    "arguments",
    [
        *(("--since", text) for text in ("0001-01-01", "1000-01-01", "9999-12-31")),
        *(("--until", text) for text in ("0001-01-01", "0001-01-02", "9999-12-31")),
        *(("--as-of", text) for text in ("0001-01-01", "9999-12-31", "9999-12-31T23:59:59+00:00")),
        ("--period", "day", "--since", "0001-01-01", "--until", "9999-12-31"),
        ("--period", "day", "--since", "2020-01-01"),
        ("--by", ",".join(["channel", "priority", "status"] * 50)),
        ("--tz", "Pacific/Apia", "--since", "0001-01-01"),
    ],
)  # fmt: skip
def test_options_at_the_ends_of_time(arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    started = time.process_time()
    assert run(["report", "t.csv", "-q", *arguments]) in (0, 2, 3)
    assert len(capsys.readouterr().err.splitlines()) <= 1
    assert time.process_time() - started < 20


@pytest.mark.parametrize("text", ["%d.%m.%Y", "%Y-%m-%dT%H:%M:%S%.f%:z", "epoch:ms", "serial", "%F %T", "%-d/%-m/%y", "%s", "%c", "%d %B %Y %I:%M %p", "%Y%%"])  # fmt: skip
def test_formats(text: str) -> None:
    assert is_format(text)


@pytest.mark.parametrize("text", ["hello", "dd.mm.yyyy", "%Q", "%d.%m", "%H:%M", "%", "%Y %", "epoch:x", "%Y %E", "YYYY-MM-DD"])  # fmt: skip
def test_what_is_no_format_is_not_blamed_on_the_cells(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert not is_format(text)
    refused(
        f'[tickets.columns]\ncreated_at = {{ column = "created_at", format = "{text}" }}',
        "created_at.format",
        capsys,
    )
