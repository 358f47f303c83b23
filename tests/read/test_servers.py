"""Servers that misbehave: each ends in one line and in bounded time, and none can redirect us to private addresses."""

import gzip
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest

from cx_kpi.model.errors import InputProblem
from cx_kpi.read.open import open_all
from cx_kpi.read.raw.address import read_address
from cx_kpi.read.servers import bounded, http_client
from cx_kpi.read.servers.http_client import is_public
from cx_kpi.read.servers.remote import download

TABLE = b"ticket_id,created_at\n" + b"".join(b"%d,2026-01-05 10:00\n" % number for number in range(60))
OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/csv\r\n"
Say = Callable[[socket.socket], None]


def said(*parts: bytes) -> Say:
    """The bytes that a server sends before it hangs up."""
    return lambda line: line.sendall(b"".join(parts))


def drip(line: socket.socket) -> None:
    """A byte now and then, without an end."""
    line.sendall(OK + b"Content-Length: 100000\r\n\r\n")
    for _ in range(600):
        line.sendall(b"x")
        time.sleep(0.02)


def drip_headers(line: socket.socket) -> None:
    """A header line now and then, without an end."""
    line.sendall(b"HTTP/1.1 200 OK\r\n")
    for _ in range(600):
        line.sendall(b"X: y\r\n")
        time.sleep(0.02)


def flood(line: socket.socket) -> None:
    """More than anybody wants, without an end."""
    line.sendall(OK + b"Transfer-Encoding: chunked\r\n\r\n")
    for _ in range(2000):
        line.sendall(b"10000\r\n" + bytes(1 << 16) + b"\r\n")


@pytest.fixture
def serve(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Say], str]]:
    """Starts a server with one answer for all requests, and gives its address."""
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(bounded, "PATIENCE", 0.6)
    doors: list[socket.socket] = []

    def start(say: Say) -> str:
        door = socket.create_server(("127.0.0.1", 0))
        doors.append(door)

        def answer() -> None:
            with suppress(OSError):
                while True:
                    line, _ = door.accept()
                    with line, suppress(OSError):
                        line.recv(1 << 16)
                        say(line)

        threading.Thread(target=answer, daemon=True).start()
        return f"http://127.0.0.1:{door.getsockname()[1]}"

    yield start
    for door in doors:
        with suppress(OSError):
            door.shutdown(socket.SHUT_RDWR)
        door.close()


def rows(url: str) -> int:
    (frame,) = open_all([f"{url}/t.csv"], allow_remote=True)
    return frame.frame.collect().height


def length(data: bytes) -> bytes:
    return OK + b"Content-Length: %d\r\n\r\n" % len(data)


def chunks(*parts: bytes) -> bytes:
    return (
        OK
        + b"Transfer-Encoding: chunked\r\n\r\n"
        + b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts)
    )


WHOLE = {
    "length": length(TABLE) + TABLE,
    "chunks": chunks(TABLE[:100], TABLE[100:]) + b"0\r\n\r\n",
    "an end of its own": OK + b"\r\n" + gzip.compress(TABLE),
}
CUT = {
    "length": length(TABLE) + TABLE[:500],
    "at a line": length(TABLE) + TABLE[: TABLE.index(b"\n", 500) + 1],
    "no body": length(TABLE),
    "chunks without the last": chunks(TABLE[:500]),
    "in a chunk": OK + b"Transfer-Encoding: chunked\r\n\r\n%x\r\n" % len(TABLE) + TABLE[:500],
    "nobody knows": OK + b"\r\n" + TABLE,
    "two lengths": OK + b"Content-Length: 5, 9\r\n\r\n" + TABLE,
    "no length at all": OK + b"Content-Length: many\r\n\r\n" + TABLE,
    "packed": OK + b"\r\n" + gzip.compress(TABLE)[:-30],
    "a part": b"HTTP/1.1 206 Partial Content\r\nContent-Length: 90\r\n\r\n" + TABLE[:90],
    "nothing": b"HTTP/1.1 204 No Content\r\n\r\n",
    "no answer": b"",
    "garbage": b"\0\1\2\3" * 99,
}


@pytest.mark.parametrize("answer", WHOLE.values(), ids=WHOLE)
def test_what_comes_whole_is_read(answer: bytes, serve: Callable[[Say], str]) -> None:
    assert rows(serve(said(answer))) == 60


@pytest.mark.parametrize("answer", CUT.values(), ids=CUT)
def test_a_part_is_never_taken_for_the_whole(answer: bytes, serve: Callable[[Say], str]) -> None:
    with pytest.raises(InputProblem) as problem:
        rows(serve(said(answer)))
    assert "\n" not in str(problem.value)


@pytest.mark.parametrize("say", [drip, drip_headers, lambda _: time.sleep(9)])
def test_a_slow_server_is_left(say: Say, serve: Callable[[Say], str]) -> None:
    url, started = serve(say), time.monotonic()
    with pytest.raises(InputProblem, match=r"too slow|no answer"):
        rows(url)
    assert time.monotonic() - started < 9


def test_no_more_is_taken_than_may_be(serve: Callable[[Say], str]) -> None:
    with pytest.raises(InputProblem, match="over 1 MB"):
        download(read_address(serve(flood), allow_remote=True), 1 << 20)


def moved(to: str) -> Say:
    return said(b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: %s\r\n\r\n" % to.encode())


def test_a_login_in_an_address_is_told_not_to_be_sent(serve: Callable[[Say], str]) -> None:
    place = serve(said(OK, b"Content-Length: %d\r\n\r\n" % len(TABLE), TABLE))
    with pytest.raises(InputProblem, match="a login in an address is not sent") as told:
        download(read_address(place.replace("http://", "http://ann:S3cret@"), allow_remote=True))
    assert "S3cret" not in str(told.value)


def test_no_redirection_leads_into_a_private_network(serve: Callable[[Say], str]) -> None:
    inside = serve(said(WHOLE["length"]))
    assert rows(inside) == 60  # named by the user it is read
    for host in (
        inside,
        inside.replace("127.0.0.1", "localhost"),
        inside.replace("127.0.0.1", "[::ffff:127.0.0.1]"),
    ):
        with pytest.raises(InputProblem, match="private network"):
            rows(serve(moved(f"{host}/t.csv")))


def test_a_redirection_on_the_same_server_is_followed(serve: Callable[[Say], str]) -> None:
    count = iter(range(9))
    url = serve(lambda line: line.sendall(WHOLE["length"]) if next(count) else moved("/other.csv")(line))
    assert rows(url) == 60


def test_redirections_without_end(serve: Callable[[Say], str]) -> None:
    with pytest.raises(InputProblem, match="302"):
        rows(serve(moved("/t.csv")))


def test_no_redirection_leads_from_https_to_http() -> None:
    from urllib.request import Request

    redirections = http_client._Redirections()
    with pytest.raises(http_client.Unwanted, match="https"):
        redirections.redirect_request(Request("https://a.example/x"), None, 302, "", {}, "http://a.example/x")
    following = redirections.redirect_request(
        Request("https://a.example/x"), None, 302, "", {}, "https://b.example/x"
    )
    assert http_client._is_sent_on(following)


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("8.8.8.8", True), ("2606:4700::1111", True), ("::ffff:8.8.8.8", True), ("127.0.0.1", False),
        ("10.1.2.3", False), ("172.16.0.1", False), ("192.168.1.1", False), ("169.254.169.254", False),
        ("0.0.0.0", False), ("::1", False), ("fe80::1%eth0", False), ("fd00::1", False), ("224.0.0.1", False),
        ("::ffff:10.0.0.1", False), ("2002:7f00:1::", False), ("100.64.0.1", False),
    ],
)  # fmt: skip
def test_public_addresses(address: str, public: bool) -> None:
    assert is_public(address) is public
