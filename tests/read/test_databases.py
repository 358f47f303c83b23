"""DuckDB files, and servers of PostgreSQL and MySQL: read like SQLite files, and only read."""

import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from database_servers import PASSWORD, mariadb, postgres

from cx_kpi.cli.app import run
from cx_kpi.model.errors import InputProblem
from cx_kpi.read.open import open_all

duckdb = pytest.importorskip("duckdb")

ROWS = "('007', '2026-03-01 10:00:00', 1.50, NULL, 'ёж'), ('8', '2026-03-02 10:00:00', 2.00, 'x', '')"
PLAIN = [("007", "2026-03-01 10:00:00", "1.50", None, "ёж"), ("8", "2026-03-02 10:00:00", "2.00", "x", None)]
TABLE = "CREATE TABLE tickets (id VARCHAR(20), created TIMESTAMP, n DECIMAL(9, 2), note TEXT, city TEXT)"
NOT_READING = (
    "SELECT 1; DELETE FROM tickets",
    "SELECT 1) AS x; DELETE FROM tickets; --",
    "WITH x AS (SELECT 1) DELETE FROM tickets",
    "no_such_table",
    "SELECT nothing FROM tickets",
)


def rows(address: str) -> list[tuple[object, ...]]:
    (frame,) = open_all([address])
    return frame.frame.collect().rows()


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    path = tmp_path / "desk.duckdb"
    with duckdb.connect(str(path)) as made:
        made.execute(f"{TABLE}; INSERT INTO tickets VALUES {ROWS}")
        made.execute("CREATE SCHEMA other; CREATE TABLE other.people (name TEXT, photo BLOB, tags TEXT[])")
        made.execute("INSERT INTO other.people VALUES ('Ann', '\\xFF'::BLOB, ['a', 'b'])")
        made.execute("CREATE VIEW early AS SELECT id FROM tickets WHERE n < 2")
    return path


def test_a_file_of_duckdb_is_text(desk: Path) -> None:
    people, tickets = sorted(open_all([str(desk)]), key=lambda each: each.path)
    assert (people.path, tickets.path) == (f"{desk}#other.people", f"{desk}#tickets")
    assert tickets.frame.collect().rows() == PLAIN
    assert people.frame.collect().rows() == [("Ann", None, "[a, b]")]
    assert rows(f"{desk}#tickets") == PLAIN
    assert rows(f"{desk}#early") == [("007",)]
    assert rows(f"{desk}#other.people") == people.frame.collect().rows()
    assert rows(f"{desk}#SELECT id, n + 1 AS m FROM tickets WHERE note = 'x';") == [("8", "3.00")]


@pytest.mark.parametrize("query", NOT_READING)
def test_a_file_of_duckdb_is_only_read(desk: Path, query: str) -> None:
    before = desk.read_bytes()
    with pytest.raises(InputProblem) as problem:
        rows(f"{desk}#{query}")
    assert "\n" not in str(problem.value)
    assert desk.read_bytes() == before
    assert [path.name for path in desk.parent.iterdir()] == ["desk.duckdb"]


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * FROM read_csv('secret.csv')",
        "SELECT * FROM 'secret.csv'",
        "SELECT * FROM read_text('secret.csv')",
        "SELECT * FROM glob('*')",
        "SELECT * FROM read_csv('http://127.0.0.1:9/x.csv')",
        "SELECT getenv('HOME')",
        "SELECT * FROM duckdb_secrets(), pragma_database_list(), read_blob('secret.csv')",
    ],
)
def test_what_is_in_a_file_of_duckdb_reads_no_other(
    query: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("secret.csv").write_text("id,secret\n1,s3cr3t\n")
    with duckdb.connect("a.duckdb") as made:
        made.execute(f"{TABLE}; INSERT INTO tickets VALUES {ROWS}")
        try:
            made.execute(f"CREATE VIEW spy AS {query}")
        except duckdb.Error:
            made.execute("CREATE VIEW spy AS SELECT 1")
    assert rows("a.duckdb") == PLAIN  # a view is read where it is named alone
    for asked in (f"a.duckdb#{query}", "a.duckdb#spy"):
        try:
            found = str(rows(asked))
        except InputProblem as problem:
            found = str(problem)
        assert "s3cr3t" not in found
        assert "\n" not in found


def test_a_program_in_a_file_of_duckdb_is_stopped(desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cx_kpi.read.raw.sandbox._SECONDS", 2)
    endless = "SELECT count(*) FROM range(1000000) a, range(1000000) b WHERE a.range * b.range = 7"
    large = "SELECT repeat('x', 100000) AS a FROM range(1000000)"
    for query in (endless, large):
        with pytest.raises(InputProblem) as problem:
            rows(f"{desk}#{query}")
        assert "\n" not in str(problem.value)


def test_no_one_passes_a_file_of_duckdb_off_as_another(
    desk: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """DuckDB trusts its files: one that nobody named is not opened."""
    other = tmp_path / "in" / "tickets.csv"
    other.parent.mkdir()
    other.write_bytes(desk.read_bytes())
    for asked in (str(other), str(other.parent)):
        with pytest.raises(InputProblem, match="under another name"):
            open_all([asked])
    other.rename(other.with_suffix(".duckdb"))
    with pytest.raises(InputProblem, match="no data files"):
        open_all([str(other.parent)])
    monkeypatch.setattr("cx_kpi.read.databases.database_file.find_spec", lambda _: None)
    with pytest.raises(InputProblem, match=r"cxkpi\[duckdb\]"):
        open_all([str(desk)])


@pytest.mark.parametrize("damage", ["cut", "flipped", "header"])
def test_a_damaged_file_of_duckdb_is_one_line(desk: Path, damage: str) -> None:
    data = bytearray(desk.read_bytes())
    if damage == "cut":
        del data[5000:]
    elif damage == "flipped":
        data[4096:] = bytes(255 - each for each in data[4096:])
    else:
        data[12:80] = b"\xff" * 68
    desk.write_bytes(data)
    with pytest.raises(InputProblem) as problem:
        open_all([str(desk)])
    assert "\n" not in str(problem.value)


SERVERS: dict[str, tuple[Callable[..., object], str, str]] = {
    "postgresql": (postgres, '"', ""),
    "mysql": (mariadb, "`", "CREATE TABLE bits (b BIT(3)); INSERT INTO bits VALUES (b'101')"),
}


@pytest.fixture(scope="module", params=SERVERS)
def server(request: pytest.FixtureRequest) -> Iterator[str]:
    pytest.importorskip({"postgresql": "adbc_driver_postgresql", "mysql": "pymysql"}[request.param])
    start, mark, more = SERVERS[request.param]
    odd = f"CREATE TABLE {mark}my tickets{mark} (a int); INSERT INTO {mark}my tickets{mark} VALUES (1)"
    with start(f"{TABLE}; INSERT INTO tickets VALUES {ROWS}; {odd}; {more}") as address:  # type: ignore[attr-defined]
        yield str(address)


def test_a_table_of_a_server(server: str) -> None:
    (frame,) = open_all([f"{server}#tickets"])
    assert frame.path == f"{server.partition('://')[0]}://{server.rpartition('@')[2]}#tickets"
    found = [tuple(map(str, row)) for row in frame.frame.collect().rows()]
    assert found == [tuple(map(str, row)) for row in PLAIN]
    assert len(rows(f"{server}#my tickets")) == 1
    assert len(rows(f"{server}#SELECT id FROM tickets WHERE n < 2;")) == 1
    assert rows(f"{server}#SELECT id FROM tickets WHERE 1 = 0") == []


@pytest.mark.parametrize("query", [*NOT_READING, "SELECT id FROM tickets INTO OUTFILE '/tmp/x'"])
def test_a_server_is_only_read(server: str, query: str) -> None:
    with pytest.raises(InputProblem) as problem:
        rows(f"{server}#{query}")
    assert "refused by the server" in str(problem.value)
    assert "\n" not in str(problem.value)
    assert PASSWORD not in str(problem.value)
    assert len(rows(f"{server}#tickets")) == 2


@pytest.mark.parametrize("wrong", ["password", "database", "port"])
def test_no_way_into_a_server_is_one_line(server: str, wrong: str) -> None:
    address = {
        "password": server.replace(PASSWORD, "hunter3"),
        "database": server.replace("/desk", "/none"),
        "port": f"{server.rpartition(':')[0]}:1/desk",
    }[wrong]
    with pytest.raises(InputProblem, match="no connection") as problem:
        rows(f"{address}#tickets")
    assert "hunter" not in str(problem.value)
    assert "\n" not in str(problem.value)


def test_the_password_may_come_from_the_environment(
    server: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("PGPASSWORD", "MYSQL_PWD"):
        monkeypatch.setenv(name, PASSWORD)
    address = server.replace(f":{PASSWORD}", "")
    query = "SELECT id AS ticket_id, created AS created_at FROM tickets"
    assert run(["report", f"{address}#{query}", "-f", "json"]) == 0
    told = capsys.readouterr()
    assert PASSWORD not in told.out + told.err
    if address.startswith("mysql"):
        monkeypatch.delenv("MYSQL_PWD")
        monkeypatch.setenv("HOME", str(tmp_path))
        (tmp_path / ".my.cnf").write_text(f"[client]\npassword={PASSWORD}\n")
        assert len(rows(f"{address}#tickets")) == 2


def test_cells_of_mysql_are_as_it_writes_them(server: str) -> None:
    if not server.startswith("mysql"):
        pytest.skip("MySQL alone has these")
    cells = "'0000-00-00' AS a, TIME '838:59:59' AS b, b AS c, x'00ff' AS d, 1.10 AS e, NULL AS f, TRUE AS g"
    assert rows(f"{server}#SELECT {cells} FROM bits") == [
        ("0000-00-00", "838:59:59", "5", "00ff", "1.10", None, "1")
    ]
    assert rows(f"{server.replace('mysql:', 'mariadb:')}#SELECT 'ёж' AS a") == [("ёж",)]


@pytest.mark.parametrize("kind", ["asks for a file", "silent", "noise"])
def test_a_false_server_of_mysql_gets_nothing(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that asks for a file of ours, as the protocol allows; one that says nothing; one that says anything."""
    pytest.importorskip("pymysql")
    secret = tmp_path / "secret"
    secret.write_text("s3cr3t")
    monkeypatch.setattr("cx_kpi.read.databases.mysql._PATIENCE", 1)
    monkeypatch.setattr("cx_kpi.read.databases.mysql._WAIT", 1)
    heard: list[bytes] = []

    def packet(number: int, data: bytes) -> bytes:
        return struct.pack("<I", len(data))[:3] + bytes([number]) + data

    greeting = (
        b"\x0a5.7.1\0" + struct.pack("<I", 1) + b"12345678\0" + b"\xff\xf7\x21\x02\0\xff\x81\x15" + bytes(10)
    )
    greeting += b"123456789012\0mysql_native_password\0"
    ok = b"\0\0\0\2\0\0\0"

    def serve(listening: socket.socket) -> None:
        with suppress(ConnectionError), listening, listening.accept()[0] as client:
            client.settimeout(3)
            if kind == "silent":
                heard.append(client.recv(100))
                return
            if kind == "noise":
                client.sendall(packet(0, b"\x0a" + bytes(range(200))))
                return
            client.sendall(packet(0, greeting))
            number = 2
            while len(heard) < 9:
                data = client.recv(1 << 16)
                heard.append(data)
                if not data:
                    return
                asked = b"SELECT" in data
                client.sendall(
                    packet(1 if len(heard) > 1 else number, b"\xfb" + bytes(secret) if asked else ok)
                )

    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        port = listening.getsockname()[1]
        thread = threading.Thread(target=serve, args=(listening.dup(),), daemon=True)
        thread.start()
        with pytest.raises(InputProblem) as problem:
            rows(f"mysql://me:hunter2@127.0.0.1:{port}/desk#tickets")
        thread.join(10)
    assert "\n" not in str(problem.value)
    assert "s3cr3t" not in str(problem.value)
    assert b"s3cr3t" not in b"".join(heard)
    assert kind != "asks for a file" or b"SELECT" in b"".join(heard)
