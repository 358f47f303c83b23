"""A small desk in a working folder of its own, and the command run in this process."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import pytest

from cx_kpi.cli.app import run

HEADERS = "ticket_id,created_at,status,channel,first_response_at,solved_at"
CHANNELS = ("email", "chat", "phone")
START = datetime(2026, 1, 1, 9)


class Ran(NamedTuple):
    """What a run left: its exit code and what it wrote."""

    code: int
    out: str
    err: str


Cxkpi = Callable[..., Ran]


def ticket(number: int, minutes: int | None = None) -> str:
    """One of the tickets opened every 36 hours, answered after `minutes` or some within the hour, and solved."""
    created = START + timedelta(hours=36 * number)
    answered = created + timedelta(minutes=number * 7 % 60 if minutes is None else minutes)
    solved = created + timedelta(hours=1 + number % 48)
    return f"{number},{created},solved,{CHANNELS[number % 3]},{answered},{solved}"


def tickets(count: int = 60) -> str:
    """An export of N tickets."""
    return "\n".join([HEADERS, *map(ticket, range(count))]) + "\n"


@pytest.fixture(scope="module", autouse=True)
def runs_on_the_same_files(kept_runs: None) -> None:
    """Are made once: many tests of a command begin with the same desk."""


@pytest.fixture(autouse=True)
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working folder, with `tickets.csv` in it."""
    monkeypatch.chdir(tmp_path)
    for name in ("NO_COLOR", "COLUMNS", "TERM", "CXKPI_DEBUG"):
        monkeypatch.delenv(name, raising=False)
    Path("tickets.csv").write_text(tickets(), encoding="utf-8")
    return tmp_path


@pytest.fixture
def cxkpi(capsys: pytest.CaptureFixture[str]) -> Cxkpi:
    """The command as a function of its arguments."""

    def command(*arguments: str) -> Ran:
        capsys.readouterr()
        code = run(arguments)
        return Ran(code, *capsys.readouterr())

    return command
