"""The terminal: colours where they are wanted, and lines no wider than it."""

import sys

import pytest

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
