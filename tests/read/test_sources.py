"""Databases and servers: read like files, and never without being asked to."""

import http.server
import socket
import sqlite3
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from cx_kpi.model.errors import CxkpiError, InputProblem, UsageProblem
from cx_kpi.read.open import open_all
from cx_kpi.read.raw.address import shown

ROWS = [("007", "2026-03-01 10:00", 1.5, None), ("8", "2026-03-02 10:00", 2, "x")]
TEXT = "id,created,n,note\n007,2026-03-01 10:00,1.5,\n8,2026-03-02 10:00,2,x\n"
PLAIN = [("007", "2026-03-01 10:00", "1.5", None), ("8", "2026-03-02 10:00", "2", "x")]


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "desk #1?.db"
    with sqlite3.connect(path) as connection:
        connection.execute('CREATE TABLE "my tickets" (id TEXT, created TEXT, n, note)')
        connection.executemany('INSERT INTO "my tickets" VALUES (?, ?, ?, ?)', ROWS)
        connection.execute("CREATE TABLE people (name TEXT, secret BLOB)")
        connection.execute("INSERT INTO people VALUES ('', x'00ff')")
    connection.close()
    return path


def test_a_table_of_a_database_is_text(tmp_path: Path, database: Path) -> None:
    database = database.rename(tmp_path / "desk.db")
    (frame,) = open_all([f"{database}#my tickets"])
    assert frame.path == f"{database}#my tickets"
    assert frame.headers == ("id", "created", "n", "note")
    assert frame.frame.collect().rows() == PLAIN
    (asked,) = open_all([f'{database}#SELECT id AS a, note AS b FROM "my tickets" WHERE n < 2;'])
    assert asked.frame.collect().rows() == [("007", None)]
    assert asked.headers == ("a", "b")


def test_a_whole_database_gives_every_table(database: Path) -> None:
    first, second = open_all([str(database)])
    assert [first.path, second.path] == [f"{database}#my tickets", f"{database}#people"]
    assert second.frame.collect().rows() == [(None, None)]


@pytest.mark.parametrize(
    "query",
    [
        "DELETE FROM people",
        "SELECT 1; DELETE FROM people",
        "SELECT 1) ; DELETE FROM people; --",
        "WITH x AS (SELECT 1) DELETE FROM people",
        "select load_extension('x')",
        "SELECT * FROM pragma_table_info('people')",
        "persons",
        "SELECT nothing FROM people",
    ],
)
def test_a_database_is_only_read(tmp_path: Path, database: Path, query: str) -> None:
    database = database.rename(tmp_path / "desk.db")
    before = database.read_bytes()
    with pytest.raises(InputProblem) as problem:
        open_all([f"{database}#{query}"])
    assert "\n" not in str(problem.value)
    assert database.read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["desk.db"]


@pytest.mark.parametrize("open_elsewhere", [False, True])
def test_a_database_with_a_log_of_changes_is_read_and_left_as_it_was(
    tmp_path: Path, open_elsewhere: bool
) -> None:
    path = tmp_path / "desk.db"
    other = sqlite3.connect(path)
    other.execute("PRAGMA journal_mode = WAL")
    other.execute("CREATE TABLE tickets (id TEXT)")
    other.execute("INSERT INTO tickets VALUES ('7')")
    other.commit()
    if not open_elsewhere:
        other.close()
    before = sorted(each.name for each in tmp_path.iterdir())
    (frame,) = open_all([str(path)])
    assert frame.frame.collect().rows() == [("7",)]
    assert sorted(each.name for each in tmp_path.iterdir()) == before
    other.close()


def test_what_is_no_database_is_said(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(TEXT, encoding="utf-8")
    with pytest.raises(InputProblem, match="not a database"):
        open_all([f"{tmp_path / 'a.csv'}#tickets"])
    (tmp_path / "a#b.csv").write_text(TEXT, encoding="utf-8")
    (frame,) = open_all([str(tmp_path / "a#b.csv")])
    assert frame.frame.collect().rows() == PLAIN
    (tmp_path / "torn.db").write_bytes(b"SQLite format 3\0" + bytes(200))
    with pytest.raises(InputProblem, match=r"torn\.db"):
        open_all([str(tmp_path / "torn.db")])


class Server(http.server.BaseHTTPRequestHandler):
    """One table at /table.csv, and a redirect that leads off the web."""

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        self.send_response({"/table.csv": 200, "/moved.csv": 302, "/off.csv": 302}.get(path, 404))
        if path == "/moved.csv":
            self.send_header("Location", "/table.csv")
        if path == "/off.csv":
            self.send_header("Location", "ftp://127.0.0.1/table.csv")
        if path == "/table.csv":
            self.send_header("Content-Length", str(len(TEXT.encode())))
        self.end_headers()
        if path == "/table.csv":
            self.wfile.write(TEXT.encode())

    def log_message(self, *_: object) -> None:
        """Silent."""


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Server) as serving:
        thread = threading.Thread(target=serving.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{serving.server_port}"
        serving.shutdown()
        thread.join()


@pytest.fixture
def no_sockets(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("a connection was opened")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


@pytest.mark.parametrize("path", ["table.csv?token=secret", "moved.csv"])
def test_an_allowed_address_reads_like_a_file(server: str, path: str) -> None:
    (frame,) = open_all([f"{server}/{path}"], allow_remote=True)
    assert frame.frame.collect().rows() == PLAIN
    assert frame.path == f"{server}/{path.partition('?')[0]}"


@pytest.mark.parametrize("path", ["nothing.csv?token=secret", "off.csv"])
def test_what_is_not_there_is_one_line_without_secrets(server: str, path: str) -> None:
    with pytest.raises(InputProblem) as problem:
        open_all([f"{server}/{path}"], allow_remote=True)
    assert "secret" not in str(problem.value)
    assert "\n" not in str(problem.value)


@pytest.mark.usefixtures("no_sockets")
@pytest.mark.parametrize("scheme", ["http", "https", "s3", "gs", "az", "HTTP"])
def test_nothing_connects_unless_allowed(scheme: str) -> None:
    with pytest.raises(UsageProblem, match="--allow-remote") as problem:
        open_all([f"{scheme}://me:secret@127.0.0.1/x.csv?sig=secret"])
    assert "secret" not in str(problem.value)


@pytest.mark.usefixtures("no_sockets")
@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://127.0.0.1/x.csv", "gopher://x/y", "http://"])
def test_some_addresses_are_never_read(url: str) -> None:
    with pytest.raises(CxkpiError):
        open_all([url], allow_remote=True)


@pytest.mark.usefixtures("no_sockets")
def test_postgres_needs_its_driver_and_a_table(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UsageProblem, match="#tickets") as problem:
        open_all(["postgresql://me:secret@127.0.0.1:1/desk"])
    assert "secret" not in str(problem.value)
    monkeypatch.setitem(sys.modules, "adbc_driver_postgresql", None)
    with pytest.raises(InputProblem, match=r"pip install 'cxkpi\[postgres\]'") as problem:
        open_all(["postgresql://me:secret@127.0.0.1:1/desk#SELECT 1"])
    assert "secret" not in str(problem.value)


def test_no_server_of_postgres_is_one_line() -> None:
    pytest.importorskip("adbc_driver_postgresql")
    with pytest.raises(InputProblem, match="no connection") as problem:
        open_all(["postgresql://me:secret@127.0.0.1:1/desk#tickets"])
    assert "secret" not in str(problem.value)
    assert "\n" not in str(problem.value)


def test_names_hide_secrets_and_keep_the_rest() -> None:
    assert shown("https://me:pa@ss@host:8/a/b.csv?sig=1#x") == "https://host:8/a/b.csv"
    assert shown("postgresql://u:p@h/db#SELECT 1") == "postgresql://h/db#SELECT 1"
    assert shown("postgres://h/db?sslmode=require#t") == "postgres://h/db#t"
    assert shown("a?b@c.csv") == "a?b@c.csv"


SECRET = "hunter2"
SHAPES = (
    "https://user:hun#ter2@h/x.csv",
    "https://user:hun@ter2@h/x.csv",
    "https://user:hun/ter2@h/x.csv",
    "https://user:hun?ter2@h/x.csv",
    "https://hunter2@h/x.csv",
    "https://h/x?a=b#sig=hunter2",
    "https://h/x?sig=hunter2#t",
    "https://h/x;sig=hunter2",
    "postgresql://u:p/hunter2@h/db#t",
    "postgresql://u:p#hunter2@h/db#t",
    "postgresql://h/db?password=hunter2#t",
    "postgresql://h/db?user=u&password=p#hunter2",
    "postgresql://u:p@h/db#t#hunter2",
    "POSTGRESQL://u:hunter2@h/db",
    "host=h password=hunter2",
    "host=h password='hun ter2'",
    "host=h user=u PASSWORD = hunter2 dbname=d",
    "jdbc:postgresql://h/db?user=u&password=hunter2",
    "jdbc:sqlserver://h;user=u;password=hunter2;x=y",
    "jdbc:oracle:thin:scott/hunter2@h:1521:x",
    "user:hunter2@host:/x.csv",
    "Server=h;Uid=u;Pwd=hunter2;",
    "DefaultEndpointsProtocol=https;AccountKey=hunter2==",
    "s3://key:hunter2@bucket/x.parquet",
    "mongodb+srv://u:hunter2@h/db",
    "sqlite.db?api_key=hunter2",
)


@pytest.mark.usefixtures("no_sockets")
@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("place", ["argument", "option", "command"])
def test_no_shape_of_address_shows_its_secret(
    shape: str, place: str, capsys: pytest.CaptureFixture[str]
) -> None:
    from cx_kpi.cli.app import run

    arguments = {"argument": ["report", shape], "option": ["check", "--tickets", shape], "command": [shape]}
    assert run(arguments[place]) in (2, 3)
    ran = capsys.readouterr()
    for part in (SECRET, "ter2", "hun"):
        assert part not in shown(shape)
        assert part not in ran.out + ran.err
    assert shown(shown(shape)) == shown(shape)
    assert len(ran.err.splitlines()) == 1
