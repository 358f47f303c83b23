"""Progress: on a terminal, when it takes long, and never anywhere else."""

import io
import time
from contextlib import redirect_stderr

import pytest

from cx_kpi.cli.outputs import progress as module
from cx_kpi.cli.outputs.progress import progress
from cx_kpi.model.errors import Exit

from .conftest import Cxkpi


class Terminal(io.StringIO):
    """A stderr that somebody watches."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """A terminal, and no patience."""
    monkeypatch.setattr(module, "PATIENCE", 0.02)
    monkeypatch.setenv("TERM", "xterm")
    return Terminal()


def work(terminal: Terminal, seconds: float, *, fail: bool = False) -> None:
    """Something that takes so long."""
    with redirect_stderr(terminal), progress() as tell:
        tell("[bold]\x1b]0;tickets.csv\x07", 1, 3)
        time.sleep(seconds)
        if fail:
            raise KeyboardInterrupt


def test_long_work_shows_its_step_and_takes_it_away(terminal: Terminal) -> None:
    work(terminal, 0.5)
    shown = terminal.getvalue()
    assert "[bold]" in shown
    assert "\x1b]0;" not in shown
    assert shown.rstrip().endswith("\x1b[2K")


def test_short_work_shows_nothing(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PATIENCE", 5)
    start = time.monotonic()
    work(terminal, 0)
    assert terminal.getvalue() == ""
    assert time.monotonic() - start < 5


def test_a_dumb_terminal_shows_nothing(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "dumb")
    work(terminal, 0.2)
    assert terminal.getvalue() == ""


def test_a_failure_takes_it_away(terminal: Terminal) -> None:
    with pytest.raises(KeyboardInterrupt):
        work(terminal, 0.5, fail=True)
    assert terminal.getvalue().rstrip().endswith("\x1b[2K")


def test_nobody_watches_a_pipe(cxkpi: Cxkpi, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PATIENCE", 0)
    for command in ("report", "check"):
        ran = cxkpi(command, "tickets.csv")
        assert (ran.code, ran.err) == (Exit.DONE, "")
