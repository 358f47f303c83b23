"""Messages to services, which a server of the test stands for: what they hold, and what nobody gets to see."""

import base64
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
from warm_processes import Warm

from cx_kpi.cli.options.settings import Settings
from cx_kpi.cli.outputs import gate
from cx_kpi.cli.outputs.messages import sending
from cx_kpi.cli.outputs.messages.addressees import Addressee, addressees
from cx_kpi.model.errors import Exit, UsageProblem
from cx_kpi.model.options import Config

from .conftest import Cxkpi, Ran, tickets

pytest.importorskip("apprise")
ONE = ("--metrics", "first_response_time", "--by", "channel")
SECRET = "hunter2xyz"
LATEST = datetime(2026, 3, 31, 9, tzinfo=UTC)


class Server(ThreadingHTTPServer):
    """Keeps what it is sent, and answers as it is told."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.got: list[dict[str, Any]] = []
        self.paths: list[str] = []
        self.code, self.moved, self.free = 200, "", Event()
        self.parts = self.taken = 0  # of a megabyte, answered beyond the few words; how many found a reader

    @property
    def address(self) -> str:
        return f"json://me:{SECRET}@127.0.0.1:{self.server_port}/hook/{SECRET}"


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_POST(self) -> None:
        self.server.paths.append(self.path)
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.got.append({"bytes": body} if body.startswith(b"<") else json.loads(body))
        if self.server.code == 0:
            self.server.free.wait(30)
            return
        self.send_response(self.server.code)
        if self.server.moved:
            self.send_header("Location", self.server.moved)
        self.end_headers()
        self.wfile.write(SECRET.encode())
        with suppress(OSError):  # the other side may have had enough
            for _ in range(self.server.parts):
                self.wfile.write(bytes(1_000_000))
                self.server.taken += 1

    def log_message(self, *_: object) -> None:
        """Nothing."""


@pytest.fixture
def server() -> Iterator[Server]:
    """A service on this computer."""
    with Server() as one:
        Thread(target=one.serve_forever, daemon=True).start()
        yield one
        one.free.set()
        one.shutdown()


@pytest.fixture(scope="module")
def senders() -> Iterator[Warm]:
    """The processes that send are forks; one test here has its own."""
    children = Warm("import apprise; apprise.Apprise.instantiate('json://localhost')")
    yield children
    children.close()


@pytest.fixture(autouse=True)
def team(server: Server, senders: Warm, monkeypatch: pytest.MonkeyPatch) -> None:
    if hasattr(os, "pidfd_open"):
        monkeypatch.setattr("cx_kpi.read.raw.sandbox.started", senders.started)
    monkeypatch.setenv("TEAM", server.address)
    monkeypatch.setattr(gate, "now", lambda: LATEST + timedelta(hours=12))


def goal(value: str, more: str = "") -> None:
    Path("cxkpi.toml").write_text(f'{more}\n[targets]\nfirst_response_time = "{value}"\n')


def held(ran: Ran) -> Ran:
    """What ran, which shows no secret."""
    assert SECRET not in ran.out + ran.err
    return ran


def files(message: dict[str, Any]) -> dict[str, bytes]:
    return {each["filename"]: base64.b64decode(each["base64"]) for each in message["attachments"]}


@pytest.mark.parametrize(("lang", "word"), [("en", "First response time"), ("ru", "Время первого ответа")])
def test_findings_and_page(lang: str, word: str, cxkpi: Cxkpi, server: Server) -> None:
    goal("1 min", 'report.title = "Desk of <Orvi> & @all"')
    ran = held(
        cxkpi("report", "tickets.csv", *ONE, "--lang", lang, "--notify", "env:TEAM", "-o", "weekly.html")
    )
    assert (ran.code, ran.out, ran.err) == (Exit.DONE, "", "")
    (message,) = server.got
    assert message["title"].startswith("Desk of <Orvi> & @\u200ball · ")
    assert f"✗ {word}" in message["message"]
    assert files(message) == {"weekly.html": Path("weekly.html").read_bytes()}
    assert server.paths == [f"/hook/{SECRET}"]


@pytest.mark.parametrize("name", ["json", "slack"])  # slack shows neither charts nor earlier periods
def test_the_page_is_made_where_none_is_written(name: str, cxkpi: Cxkpi, server: Server) -> None:
    rows = [f"{n},2026-{1 + n % 9:02d}-{1 + n % 28:02d} 09:00,chat,{2 + n % 4}\n" for n in range(900)]
    Path("tickets.csv").write_text("ticket_id,created_at,channel,satisfaction_score\n" + "".join(rows))
    ran = held(cxkpi("report", "tickets.csv", "--notify", "env:TEAM", "-f", name))
    assert (ran.code, bool(ran.out)) == (Exit.DONE, True)
    page = cxkpi("report", "tickets.csv", "-f", "html").out
    assert files(server.got[0]) == {"report.html": page.encode()}


def test_services_of_other_kinds(cxkpi: Cxkpi, server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """One that takes a file as it is; one that takes none gets the lines alone, and nothing in them is markup."""
    Path("tickets.csv").write_text(tickets().replace("email", "<!channel> [a](http://b) @here"))
    place = f"127.0.0.1:{server.server_port}"
    monkeypatch.setenv("TEAM", f"ntfy://{place}/{SECRET} mmost://{place}/{SECRET * 3}")
    goal("1 min")
    assert (
        held(cxkpi("report", "tickets.csv", "-q", "-o", "a.html", "--notify", "env:TEAM")).code == Exit.DONE
    )
    file, text = server.got
    assert file["bytes"] == Path("a.html").read_bytes()
    assert "attachments" not in text
    assert "First response time" in text["text"]
    assert not re.search(r"@\w|://", text["text"])


def test_several_from_everywhere(cxkpi: Cxkpi, server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("secrets").mkdir()
    Path("secrets", "two").write_text(f"{server.address}a\n{server.address}b\n")
    goal("1 min", 'notify.team = "env:TEAM"\nnotify.leads = "file:secrets/two"')
    ran = held(cxkpi("report", "tickets.csv", *ONE, "-q", "--notify", "team", "--notify", "leads"))
    assert (ran.code, ran.out, ran.err) == (Exit.DONE, "", "")
    assert server.paths == [f"/hook/{SECRET}{end}" for end in ("", "a", "b")]
    Path("own").mkdir()
    Path("cxkpi.toml").rename("own/c.toml")
    Path("secrets").rename("own/secrets")
    Path("own", "secrets", "two").write_text(server.address)
    ran = held(cxkpi("report", "tickets.csv", *ONE, "-q", "--config", "own/c.toml", "--notify", "leads"))
    assert (ran.code, len(server.got)) == (Exit.DONE, 4)


def test_nothing_to_say_sends_nothing(cxkpi: Cxkpi, server: Server) -> None:
    goal("50 min")
    silent = (*ONE, "--only-news", "--notify", "env:TEAM")
    assert cxkpi("report", "tickets.csv", *silent, "-o", "a.html") == (Exit.DONE, "", "")
    assert server.got == []
    goal("1 min")
    assert cxkpi("report", "tickets.csv", *silent).code == Exit.DONE
    assert len(server.got) == 1


LATE = ("--max-age", "1h", "-q", "--only-news", "--notify", "env:TEAM", "-o", "a.html")


@pytest.mark.parametrize(
    ("lang", "files", "title", "body"),
    [
        (
            "en",
            "tickets.csv",
            "Desk: The export has not arrived",
            "The data reach to 2026-03-31 09:00+00:00 only.",
        ),
        ("ru", "tickets.csv", "Desk: Выгрузка не пришла", "Данные только до 2026-03-31 09:00+00:00."),
        ("en", "late/@all*.csv", "Desk: The export has not arrived", "Not found: late/@\u200ball*.csv."),
        ("ru", "late/@all*.csv", "Desk: Выгрузка не пришла", "Не найдено: late/@\u200ball*.csv."),
    ],
)
def test_a_late_export_is_told_by_each_run(
    lang: str, files: str, title: str, body: str, cxkpi: Cxkpi, server: Server
) -> None:
    goal("1 min", 'report.title = "Desk"')
    for _ in range(2):
        ran = held(cxkpi("report", files, *ONE, *LATE, "--lang", lang))
        assert (ran.code, ran.out, len(ran.err.splitlines())) == (Exit.LATE, "", 1)
    assert [(each["title"], each["message"], each["attachments"]) for each in server.got] == [
        (title, body, [])
    ] * 2
    assert not Path("a.html").exists()


def test_a_late_export_that_cannot_be_told_is_late_all_the_same(cxkpi: Cxkpi, server: Server) -> None:
    server.code = 500
    ran = held(cxkpi("report", "gone.csv", *ONE, *LATE))
    assert (ran.code, len(ran.err.splitlines())) == (Exit.LATE, 1)
    assert "the export has not arrived; --notify env:TEAM: the message was not sent" in ran.err
    assert "the report is made" not in ran.err


@pytest.mark.parametrize(
    ("code", "why"),
    [(500, "the service answered 500"), (302, "the service")],
)
def test_a_refusal_leaves_the_files(code: int, why: str, cxkpi: Cxkpi, server: Server) -> None:
    goal("1 min")
    server.code, server.moved = code, f"http://127.0.0.1:{server.server_port}/elsewhere"
    arguments = ("--notify", "env:TEAM", "-o", "a.html", "--fail-on", "missed")
    ran = held(cxkpi("report", "tickets.csv", *ONE, *arguments))
    assert ran.code == Exit.UNSENT
    *_, line = ran.err.splitlines()
    assert line.startswith(
        "cxkpi: error: --notify env:TEAM: the report is made, and the message was not sent: " + why
    )
    assert "1 target missed" in ran.err
    assert Path("a.html").read_text().startswith("<!doctype html>")
    assert "/elsewhere" not in server.paths


def test_one_that_fails_does_not_keep_the_others(
    cxkpi: Cxkpi, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GONE", f"json://me:{SECRET}@127.0.0.1:9/")
    ran = held(cxkpi("report", "tickets.csv", *ONE, "-q", "--notify", "env:GONE", "--notify", "env:TEAM"))
    assert ran.code == Exit.UNSENT
    assert "--notify env:GONE: " in ran.err
    assert "no connection to the service" in ran.err
    assert len(server.got) == 1


def test_a_service_that_answers_without_end(
    cxkpi: Cxkpi, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.parts = 1_500
    monkeypatch.setenv("TEAM", server.address)
    ran = held(cxkpi("report", "tickets.csv", *ONE, "-q", "--notify", "env:TEAM"))
    assert ran.code == Exit.UNSENT
    assert "the message was not sent" in ran.err
    assert 0 < server.taken < 700


def test_a_service_that_never_answers(cxkpi: Cxkpi, server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    server.code = 0
    monkeypatch.setattr(sending, "SECONDS", 1.0)
    monkeypatch.setenv("TEAM", f"{server.address}?rto=25")
    ran = held(cxkpi("report", "tickets.csv", *ONE, "-q", "--notify", "env:TEAM"))
    assert ran.code == Exit.UNSENT
    assert "no answer within 1 s" in ran.err


WRONG = {
    f"json://me:{SECRET}@127.0.0.1/": "put it into the environment or a file",
    f"mailto:{SECRET}@example.com": "put it into the environment or a file",
    f"env:https://{SECRET}": "put it into the environment or a file",
    f"/hook/{SECRET}": "put it into the environment or a file",
    SECRET: "no such name in [notify]; did you mean",
    "tema": "did you mean team?",
    "env:UNSET": "not set in the environment",
    "env:WRONG": "no address of a service",
    "file:gone": "no such file",
    "file:pipe": "no such file",
    "file:.": "no such file",
    "file:empty": "holds no address",
    "file:latin": "not in UTF-8",
    "file:a\0b": "no such file",
    "file:many": "at most 20",
    "": "no such name",
}


@pytest.mark.parametrize("whom", WRONG)
def test_what_is_no_addressee(whom: str, cxkpi: Cxkpi, monkeypatch: pytest.MonkeyPatch) -> None:
    goal("1 min", 'notify.team = "env:TEAM"\nnotify.hunter = "env:TEAM"')
    os.mkfifo("pipe")
    Path("empty").write_text("\n \n")
    Path("latin").write_bytes(b"json://\xff")
    Path("many").write_text("json://127.0.0.1:9\n" * 21)
    monkeypatch.setenv("WRONG", f"nothing://me:{SECRET}@127.0.0.1")
    monkeypatch.setenv("CXKPI_DEBUG", "1")
    ran = cxkpi("report", "tickets.csv", "--notify", whom, "-o", "a.html")
    assert (ran.code, ran.out) == (Exit.USAGE, "")
    assert len(ran.err.splitlines()) == 1
    assert WRONG[whom] in ran.err
    assert SECRET not in ran.err
    assert not Path("a.html").exists()


@pytest.mark.parametrize(
    "place", [f"json://{SECRET}@h", "env:", f"file:json://{SECRET}@h", f"env:a {SECRET}", ""]
)
def test_the_configuration_holds_no_address(place: str, cxkpi: Cxkpi) -> None:
    Path("cxkpi.toml").write_text(f'notify.team = "{place}"\n')
    for arguments in (("report", "tickets.csv"), ("check", "tickets.csv")):
        ran = held(cxkpi(*arguments))
        assert (ran.code, ran.out) == (Exit.USAGE, "")
        assert 'cxkpi.toml:1: notify.team: has to be "env:NAME" or "file:PATH"' in ran.err


def test_settings_that_come_with_the_data_send_nothing(cxkpi: Cxkpi, server: Server) -> None:
    Path("sent").mkdir()
    Path("sent", "tickets.csv").write_text(tickets())
    Path("sent", "cxkpi.toml").write_text('notify.team = "env:TEAM"\n')
    report = json.loads(cxkpi("report", "sent", "-f", "json").out)
    (told,) = [each for each in report["notices"] if each["code"] == "left_out_settings"]
    assert told["example"] == "notify"
    ran = held(cxkpi("report", "sent", "--notify", "team"))
    assert ran.code == Exit.USAGE
    assert server.got == []


def test_an_addressee_shows_no_address() -> None:
    one = Addressee("team", f"json://{SECRET}")
    assert SECRET not in f"{one} {one!r} {[one]}"
    with pytest.raises(UsageProblem):
        addressees(["team"], Settings(Config()))


def test_no_traceback_and_no_process_shows_it(server: Server, desk: Path) -> None:
    """A service that answers nonsense, with a library that breaks: all streams and the command lines of all children."""
    script = (
        "import subprocess, sys; plainly = subprocess.Popen.__init__\n"
        "def told(self, args, *more, **named):\n"
        "    print(args, named.get('env'), file=sys.stderr); plainly(self, args, *more, **named)\n"
        "subprocess.Popen.__init__ = told\n"
        "from cx_kpi.cli.app import run; sys.exit(run(sys.argv[1:]))"
    )
    server.code = 599
    done = subprocess.run(
        [sys.executable, "-c", script, "report", "tickets.csv", *ONE, "-v", "--notify", "env:TEAM"],
        capture_output=True,
        text=True,
        check=False,
        cwd=desk,
        env=os.environ | {"CXKPI_DEBUG": "1", "PYTHONPATH": str(Path(__file__).parents[2])},
    )
    assert done.returncode == Exit.UNSENT
    assert "sending_child" in done.stderr
    assert SECRET not in done.stdout + done.stderr


def test_without_the_package_it_says_what_to_install(cxkpi: Cxkpi, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    ran = cxkpi("report", "tickets.csv", "--notify", "env:TEAM")
    assert ran.code == Exit.USAGE
    assert "pip install 'cxkpi[notify]'" in ran.err


def test_a_mail_is_for_whom_the_command_line_says(cxkpi: Cxkpi) -> None:
    Path("cxkpi.toml").write_text('[mail]\nto = "a@example.com"\nsender = "b@example.com"\n')
    ran = cxkpi("report", "tickets.csv", "-f", "eml", "--to", "Leads <c@example.com>, d@example.com")
    assert "\nTo: Leads <c@example.com>, d@example.com\n" in ran.out
    assert "a@example.com" not in ran.out
    ran = cxkpi("report", "tickets.csv", "-f", "eml", "--to", "c@example.com\nBcc: e@example.com")
    assert ran.code == Exit.USAGE
    assert "--to: has to be addresses" in ran.err
