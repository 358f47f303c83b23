"""Nothing in the data makes the product read another file, connect, start a program or spend beyond its limits."""

import json
import resource
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from cx_kpi.cli.app import run
from cx_kpi.model.errors import Exit

from .hostile_files import SETTINGS, TRIES, settings

pytestmark = pytest.mark.usefixtures("engine_of_many")

SECRET = "c4n4ry-of-the-user"
SECONDS = 20  # of computing, with that of processes apart
OUTPUTS = ("r.json", "r.html", "r.md", "r.csv", "r.eml")
_OPENED: list[str] | None = None


def _watch(event: str, arguments: tuple[object, ...]) -> None:
    if _OPENED is None:
        return
    if event in (
        "socket.connect",
        "socket.getaddrinfo",
        "os.system",
        "os.exec",
        "webbrowser.open",
    ):
        _OPENED.append(f"{event} {arguments!r}")
    elif (event == "subprocess.Popen" and arguments[0] != sys.executable) or (
        event == "open" and str(arguments[0]).endswith("secret.txt")
    ):
        _OPENED.append(f"{event} {arguments[0]}")


sys.addaudithook(_watch)


@pytest.fixture
def listener() -> Iterator[tuple[str, list[str]]]:
    """A server that nobody should come to, and who came."""
    came: list[str] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.1)
        over = threading.Event()

        def listen() -> None:
            while not over.is_set():
                try:
                    client, _ = server.accept()
                except TimeoutError:
                    continue
                came.append("somebody connected")
                client.close()

        thread = threading.Thread(target=listen)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}", came
        over.set()
        thread.join()


@pytest.fixture
def watched() -> Iterator[list[str]]:
    """What Python itself is asked to do that it should not."""
    global _OPENED  # noqa: PLW0603 - a hook stays for good
    _OPENED = found = []
    yield found
    _OPENED = None


def spent() -> float:
    return sum(
        used.ru_utime + used.ru_stime
        for used in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    )


@pytest.mark.parametrize("name", TRIES)
def test_data_does_nothing_but_count(
    name: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    listener: tuple[str, list[str]],
    request: pytest.FixtureRequest,
) -> None:
    url, came = listener
    secret = tmp_path / "secret.txt"
    secret.write_text(f"ticket_id,created_at\n{SECRET},2026-01-01\n")
    sent = tmp_path / "sent"
    sent.mkdir()
    TRIES[name](sent, secret, url)
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)
    before, there = spent(), sorted(path.name for path in sent.iterdir())
    opened: list[str] = request.getfixturevalue("watched")
    outputs = [part for path in OUTPUTS for part in ("-o", path)]
    code = run(["report", "../sent", "--by", "channel", *outputs])
    checked = run(["check", "../sent", "-o", "c.html", "-o", "c.md"])
    told = capsys.readouterr()
    assert {code, checked} <= {0, 2, 3}, told.err
    assert spent() - before < SECONDS
    assert [*opened, *came] == []
    assert "Traceback" not in told.err
    assert not any(line.startswith("cxkpi: error: internal") for line in told.err.splitlines())
    written = {path.name: path.read_text(encoding="utf-8") for path in work.iterdir()}
    assert set(written) <= {*OUTPUTS, "c.html", "c.md"}
    assert sorted(path.name for path in sent.iterdir()) == there
    assert sorted(path.name for path in tmp_path.glob("evil*")) == []
    for text in (told.out, told.err, *written.values()):
        assert SECRET not in text
        assert "\x1b]" not in text
    for name_of in ("r.html", "c.html"):
        page = written.get(name_of, "")
        assert f'src="{url}' not in page
        assert f'href="{url}' not in page


def test_the_watch_sees_what_it_should(watched: list[str], tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("x")
    (tmp_path / "secret.txt").read_text()
    with socket.socket() as one, pytest.raises(OSError):
        one.connect(("127.0.0.1", 1))
    subprocess.run(["true"], check=True)
    assert len(watched) == 4
    assert time.monotonic() > 0


TOLD = {  # what each setting comes to: what the report leaves out, or the error that names it
    "presets that lie elsewhere": (Exit.USAGE, "outside the folder of the configuration"),
    "a time zone that is a path": (Exit.USAGE, "timezone: no time zone"),
    "a history": (Exit.DONE, "record"),
    "addressees": (Exit.DONE, "report, notify"),
    "a logo": (Exit.DONE, "report"),
    "a template": (Exit.USAGE, "template: no such key"),
    "a metric that reads": (Exit.USAGE, "SELECT is not allowed"),
    "a column that is a file": (Exit.INPUT, "no column"),
}


@pytest.mark.parametrize("name", SETTINGS)
def test_settings_of_a_stranger_are_left_out_or_refused_by_name(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where the report appears, its figures are those without them."""
    for folder in ("sent", "bare", "work"):
        (tmp_path / folder).mkdir()
    settings(SETTINGS[name])(tmp_path / "sent", tmp_path / "secret.txt", "http://127.0.0.1:1")
    (tmp_path / "bare" / "tickets.csv").write_bytes((tmp_path / "sent" / "tickets.csv").read_bytes())
    monkeypatch.chdir(tmp_path / "work")
    few = ("--metrics", "tickets_created", "-f", "json")
    code = run(["report", "../sent", *few])
    out, err = capsys.readouterr()
    assert (code, len(err.splitlines())) == (TOLD[name][0], int(code != Exit.DONE))
    if code != Exit.DONE:
        assert TOLD[name][1] in err
        assert out == ""
        return
    assert run(["report", "../bare", *few]) == Exit.DONE
    bare, report = json.loads(capsys.readouterr().out), json.loads(out)
    assert report["metrics"] == bare["metrics"]
    assert report["configuration"] == "../sent/cxkpi.toml"
    (told,) = [each["example"] for each in report["notices"] if each["code"] == "left_out_settings"]
    assert told == TOLD[name][1]
    assert [*Path().iterdir()] == []
