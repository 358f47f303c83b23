"""The terminal: colours where they are wanted, and lines no wider than it."""

import io
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from cx_kpi.cli.app import run
from cx_kpi.model.errors import Exit

from .conftest import Cxkpi

ESCAPE = "\x1b["


@pytest.fixture
def tty(monkeypatch: pytest.MonkeyPatch, cxkpi: Cxkpi) -> Cxkpi:
    """The command, with a terminal as stdout."""

    def command(*arguments: str):
        monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
        return cxkpi(*arguments)

    return command


def test_colour_on_a_terminal_only(tty: Cxkpi, cxkpi: Cxkpi) -> None:
    assert ESCAPE not in cxkpi("report", "tickets.csv").out
    assert ESCAPE in tty("report", "tickets.csv").out


@pytest.mark.parametrize(("name", "value"), [("NO_COLOR", "1"), ("TERM", "dumb")])
def test_colour_unwanted(name: str, value: str, tty: Cxkpi, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, value)
    assert ESCAPE not in tty("report", "tickets.csv").out


def test_no_color(tty: Cxkpi) -> None:
    assert ESCAPE not in tty("report", "tickets.csv", "--no-color").out


def test_other_formats_are_never_coloured(tty: Cxkpi) -> None:
    for name in ("json", "csv", "md", "html"):
        assert ESCAPE not in tty("report", "tickets.csv", "-f", name).out


@pytest.mark.parametrize("columns", [10, 40, 60, 80, 100, 120, 200])
def test_width(columns: int, cxkpi: Cxkpi, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    for lang in ("en", "ru"):
        lines = cxkpi("report", "tickets.csv", "--lang", lang).out.splitlines()
        assert max(map(len, lines)) <= max(columns, 40)


@pytest.fixture
def narrow(monkeypatch: pytest.MonkeyPatch) -> Callable[..., bytes]:
    """What a command prints on a stdout that knows only ASCII."""

    def command(*arguments: str) -> bytes:
        shown = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
        with monkeypatch.context() as while_it_runs:
            while_it_runs.setattr(sys, "stdout", shown)
            assert run(arguments) == Exit.DONE
        return shown.buffer.getvalue()

    return command


@pytest.mark.parametrize(
    "arguments",
    [
        ("report", "tickets.csv"),
        ("metrics",),
        ("metrics", "csat"),
        ("check", "tickets.csv"),
        ("explain", "first_response_time", "tickets.csv"),
        ("reconcile", "--metric", "first_response_time", "--theirs", "1 h", "tickets.csv"),
        ("store", "add", "s", "tickets.csv"),
        ("store", "list", "s"),
        ("history", "--record", "h.db"),
        ("run", "--config", "described.toml"),
        ("guide", "glossary"),
    ],
)
def test_any_command_where_only_ascii_is_known(
    arguments: tuple[str, ...],
    cxkpi: Cxkpi,
    narrow: Callable[..., bytes],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    Path("described.toml").write_text('language = "ru"\n[report.weekly]\nfiles = "выгрузка/"\n', "utf-8")
    few = ("--metrics", "first_response_time", "-q")
    cxkpi("report", "tickets.csv", "--record", "h.db", *few)
    cxkpi("store", "add", "s", "tickets.csv")
    monkeypatch.setenv("LC_ALL", "ru_RU.UTF-8")
    assert narrow(*arguments)


def test_a_schedule_keeps_the_names_of_files(narrow: Callable[..., bytes]) -> None:
    Path("выгрузка.toml").write_text('[report.weekly]\nfiles = "tickets.csv"\n', "utf-8")
    assert "выгрузка.toml" in narrow("schedule", "weekly", "--config", "выгрузка.toml").decode()
