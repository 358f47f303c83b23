"""The command as a process among others: pipes, signals, full disks, bare environments."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from cx_kpi.model.assets import folder
from cx_kpi.model.errors import Exit

from .conftest import Cxkpi

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals, pipes and devices of Unix")

CXKPI = [sys.executable, "-m", "cx_kpi"]
SAMPLE = str(folder("sample_data"))
FAILED = "cxkpi: error: the report could not be written: "


def shell(line: str, **environment: str) -> tuple[int, str, str]:
    """What a line of shell leaves; `cxkpi` is this one."""
    command = f'cxkpi() {{ {" ".join(CXKPI)} "$@"; }}; {line}'
    settings = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2]), **environment}
    ran = subprocess.run(["bash", "-c", command], env=settings, capture_output=True, text=True, check=False)
    return ran.returncode, ran.stdout, ran.stderr


def test_a_reader_that_leaves() -> None:
    code, out, err = shell(
        "cxkpi report tickets.csv -f json --by channel --period week | head -1; exit ${PIPESTATUS[0]}"
    )
    assert (code, out, err) == (Exit.DONE, "{\n", "")


@pytest.mark.parametrize("command", ["--help", "metrics", "report tickets.csv", "schema"])
def test_a_reader_that_is_gone_before_the_first_line(command: str) -> None:
    code, _, err = shell(f"cxkpi {command} | true; exit ${{PIPESTATUS[0]}}")
    assert (code, err) == (Exit.DONE, "")


@pytest.mark.parametrize("command", ["--version", "--help", "metrics", "report tickets.csv"])
def test_nowhere_to_write(command: str) -> None:
    for place in ("> /dev/full", ">&-"):
        code, _, err = shell(f"cxkpi {command} {place}")
        assert code == Exit.OUTPUT
        assert err.startswith(FAILED)
        assert err.count("\n") == 1


def test_a_closed_stdout_harms_no_file(desk: Path) -> None:
    assert shell("cxkpi report tickets.csv -o report.json >&- 2>&-") == (Exit.DONE, "", "")
    assert json.loads((desk / "report.json").read_text())["metrics"]


def test_no_one_to_complain_to() -> None:
    for place in ("2> /dev/full", "2>&-"):
        assert shell(f"cxkpi report gone.csv {place}") == (Exit.INPUT, "", "")


def loaded(process: int, library: str) -> bool:
    return library in Path(f"/proc/{process}/maps").read_text()


@pytest.mark.skipif(
    not Path("/proc/self/maps").exists(), reason="needs /proc to see what a process has loaded"
)
@pytest.mark.parametrize(
    ("sent", "codes"), [(signal.SIGINT, (130, -signal.SIGINT)), (signal.SIGTERM, (-signal.SIGTERM,))]
)
@pytest.mark.parametrize("delay", [0.0, 0.4])
def test_signals(
    sent: signal.Signals, codes: tuple[int, ...], delay: float, desk: Path, cxkpi: Cxkpi
) -> None:
    """A shell gives 130 and 143; the process ends by the signal itself where nothing is to be tidied."""
    command = [*CXKPI, "report", SAMPLE, "-o", "report.html", "-o", "report.json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        while not loaded(process.pid, "polars"):
            time.sleep(0.01)
        time.sleep(delay)
        process.send_signal(sent)
        start = time.monotonic()
        out, err = process.communicate(timeout=20)
    assert time.monotonic() - start < 10
    assert process.returncode in codes
    assert (out, err) == (b"", b"")
    left = {path.suffix for path in desk.iterdir()} - {".csv"}
    assert not left or (sent, left) == (signal.SIGTERM, {".lock"})  # the next run takes it away
    assert (
        cxkpi("report", "tickets.csv", "--quiet", "-o", "report.html", "-o", "report.json").code == Exit.DONE
    )
    assert sorted(path.name for path in desk.iterdir()) == ["report.html", "report.json", "tickets.csv"]


WRAPPED = """
import signal
from cx_kpi import __main__
from cx_kpi.cli import app

class Cut:
    def __set_name__(self, *_):
        signal.raise_signal(signal.SIGINT)

def run(*_, **__):
    class Field:
        cut = Cut()

app.{} = run
__main__.main()
"""


@pytest.mark.parametrize("place", ["run", "app_of"])
def test_an_interrupt_amid_a_class(place: str) -> None:
    """Python 3.11 makes a RuntimeError of it: while modules are imported, and in a command."""
    ran = subprocess.run([sys.executable, "-c", WRAPPED.format(place)], capture_output=True, check=False)
    assert (ran.returncode, ran.stdout, ran.stderr) == (Exit.INTERRUPTED, b"", b"")


LOST = """
import signal, weakref
from cx_kpi import __main__
from cx_kpi.cli import app

class Gone: pass

def run(_):
    gone = Gone()
    kept = weakref.ref(gone, lambda _: signal.raise_signal(signal.SIGINT))
    del gone
    return 0

app.run = run
__main__.main()
"""


def test_an_interrupt_that_python_drops() -> None:
    """As in the callbacks of its import system: nobody catches what is raised there."""
    ran = subprocess.run([sys.executable, "-c", LOST], capture_output=True, check=False)
    assert (ran.returncode, ran.stdout, ran.stderr) == (-signal.SIGINT, b"", b"")


def test_a_terminal_that_knows_only_ascii(cxkpi: Cxkpi) -> None:
    code, out, err = shell("cxkpi report tickets.csv --lang ru", PYTHONIOENCODING="ascii")
    assert (code, err, out.isascii()) == (Exit.DONE, "", True)
    machine = ("report", "tickets.csv", "-f", "json", "--lang", "ru")
    assert shell(f"cxkpi {' '.join(machine)}", PYTHONIOENCODING="ascii") == cxkpi(*machine)


def test_a_bare_environment(desk: Path) -> None:
    code, out, err = shell(f"cd /; env -i {' '.join(CXKPI)} report {desk}/tickets.csv")
    assert (code, err) == (Exit.DONE, "")
    assert "First response time" in out
