"""One request over http(s): bounded as a whole, read to its known end, and led nowhere it was not sent."""

import urllib.request
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPResponse, HTTPSConnection, IncompleteRead
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Any
from urllib.parse import urlsplit

from cx_kpi.read.servers.bounded import PATIENCE, Unfinished, Unwanted, gathered

_CHUNK = 1 << 16
_WHOLE = (200, 203)  # answers that are the whole of something
_ENDS = (
    b"\x1f\x8b",
    b"\x28\xb5\x2f\xfd",
    b"PK\x03\x04",
    b"PAR1",
    b"ARROW1",
)  # of formats that know their end


def fetch(url: str, most: int) -> bytes:
    """The contents of an address, or more than `most` bytes of it; raises what `urllib` raises, or `Unfinished`, `Unwanted`."""
    return gathered(lambda: _chunks(url), most)


def _chunks(url: str) -> Iterator[bytes]:
    """As they come; raises `Unfinished` where the answer ends too early."""
    with opener().open(url, timeout=PATIENCE) as answer:
        if answer.status not in _WHOLE:
            raise Unwanted(f"the server sent a part or nothing ({answer.status}); download it first")
        head, received = b"", 0
        try:
            while chunk := answer.read1(_CHUNK):
                head, received = head or chunk, received + len(chunk)
                yield chunk
        except IncompleteRead:
            raise _cut() from None
        _check_end(answer, head, received)


def _check_end(answer: HTTPResponse, head: bytes, received: int) -> None:
    """Raises `Unfinished` where the answer is incomplete, or may be."""
    if answer.chunked:  # which are closed by an empty one
        return
    announced = answer.headers.get("Content-Length", "").strip()
    if announced.isdecimal():
        if received != int(announced):
            raise _cut()
    elif not head.startswith(_ENDS):
        raise Unfinished("the server does not say where the file ends; download it first")


def _cut() -> Unfinished:
    return Unfinished("cut short on the way; try again")


def opener() -> urllib.request.OpenerDirector:
    """Knows http and https alone, so that no redirection leads anywhere else."""
    director = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler,
        urllib.request.UnknownHandler,
        _Http,
        _Https,
        _Redirections,
        urllib.request.HTTPDefaultErrorHandler,
        urllib.request.HTTPErrorProcessor,
    ):
        director.add_handler(handler())
    return director


class _Redirections(urllib.request.HTTPRedirectHandler):
    """Follows within the web: never from https to http, and from then on to public addresses alone."""

    def redirect_request(self, req: Any, fp: Any, code: int, msg: str, headers: Any, newurl: str) -> Any:
        """The next request, marked as one that a server asked for."""
        old, new = urlsplit(req.full_url), urlsplit(newurl)
        if old.scheme == "https" and new.scheme != "https":
            raise Unwanted("the server leads from https to http; name the other address yourself")
        following = super().redirect_request(req, fp, code, msg, headers, newurl)
        same = (old.hostname, old.port) == (new.hostname, new.port) and old.scheme == new.scheme
        if following is not None:
            following.sent_on = getattr(req, "sent_on", False) or not same  # type: ignore[attr-defined]
        return following


class _Guarded(HTTPConnection):
    """A connection to a public address; the peer is checked before anything is sent."""

    def connect(self) -> None:
        """Raises `Unwanted` where the other side is in a network of ours."""
        super().connect()
        if not is_public(self.sock.getpeername()[0]):
            self.close()
            raise Unwanted("the server leads into a private network; name that address yourself")


class _GuardedTls(HTTPSConnection, _Guarded):
    """The same over TLS, looked at before the greeting."""


def is_public(address: str) -> bool:
    """Whether an IP address is out on the internet; one that holds another is what it holds."""
    found: IPv4Address | IPv6Address = ip_address(address.partition("%")[0])
    inner = (found.ipv4_mapped or found.sixtofour) if isinstance(found, IPv6Address) else None
    return (inner or found).is_global and not (inner or found).is_multicast


def _is_sent_on(request: urllib.request.Request) -> bool:
    """Whether it is a redirect without a proxy between, which would be the peer that is checked."""
    is_direct = not request.has_proxy() and not getattr(request, "_tunnel_host", None)
    return getattr(request, "sent_on", False) and is_direct


class _Http(urllib.request.HTTPHandler):
    """Opens http."""

    def http_open(self, req: Any) -> Any:
        """The answer; of a request that a server asked for, from a public address alone."""
        kind: type[HTTPConnection] = _Guarded if _is_sent_on(req) else HTTPConnection
        return self.do_open(kind, req)


class _Https(urllib.request.HTTPSHandler):
    """Opens https."""

    def https_open(self, req: Any) -> Any:
        """The answer; of a request that a server asked for, from a public address alone."""
        kind: type[HTTPConnection] = _GuardedTls if _is_sent_on(req) else HTTPSConnection
        return self.do_open(kind, req)
