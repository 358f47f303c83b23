"""Files on servers, fetched whole, and only when the user allows it."""

from http.client import HTTPException
from pathlib import Path, PurePosixPath
from urllib.error import HTTPError
from urllib.parse import unquote, urlsplit

from cx_kpi.model.errors import InputProblem
from cx_kpi.read.containers.columnar import hushed
from cx_kpi.read.raw.address import Address
from cx_kpi.read.raw.binary import MOST_PIPED, File
from cx_kpi.read.servers.bounded import Unfinished, Unwanted
from cx_kpi.read.servers.http_client import fetch
from cx_kpi.read.servers.object_store import fetch_object


def download(address: Address, most: int | None = None) -> File:
    """The file behind an address, in memory; raises `InputProblem`."""
    limit = most or MOST_PIPED
    try:
        data = _fetched(address, limit)
    except HTTPError as error:
        error.close()
        raise InputProblem(f"{address.name}: the server says {error.code}; check the address") from None
    except (Unfinished, Unwanted) as problem:
        raise InputProblem(f"{address.name}: {problem}") from None
    except (OSError, ValueError, HTTPException):
        raise InputProblem(f"{address.name}: no answer from the server; check the address") from None
    if len(data) > limit:
        raise InputProblem(f"{address.name}: over {limit >> 20:,} MB; download it first")
    path = Path(PurePosixPath(unquote(urlsplit(address.where).path)).name or "index")
    return File(path, data, address.name, most)


def _fetched(address: Address, limit: int) -> bytes:
    if address.scheme in ("http", "https"):
        if urlsplit(address.where).username:
            raise Unwanted("a login in an address is not sent; download the file first")
        return fetch(address.where, limit)
    with hushed():
        return fetch_object(address, limit)
