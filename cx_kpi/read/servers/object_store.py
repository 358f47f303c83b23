"""Files in object stores: S3, Google Cloud Storage, Azure. Credentials and endpoints come from the environment."""

import os
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import unquote

from cx_kpi.model.errors import InputProblem, missing_package
from cx_kpi.read.raw.address import Address
from cx_kpi.read.servers.bounded import PATIENCE, Unfinished, gathered

_AGAIN = {"max_retries": 2, "retry_timeout": timedelta(seconds=PATIENCE)}
_UNSAFE = "http://"  # an endpoint of the user's own


def fetch_object(address: Address, most: int) -> bytes:
    """The contents of an object, or more than `most` bytes of it; raises `InputProblem`, `Unfinished`."""
    try:
        from obstore import exceptions
    except ImportError:
        raise InputProblem(missing_package(f"{address.name}: an object store", "cloud")) from None
    try:
        return gathered(lambda: _chunks(address), most)
    except (exceptions.NotFoundError, FileNotFoundError):
        raise InputProblem(f"{address.name}: there is no such object; check the address") from None
    except Unfinished:
        raise
    except BaseException as problem:
        if isinstance(problem, (KeyboardInterrupt, SystemExit)):
            raise
        raise InputProblem(
            f"{address.name}: not to be had; check the address, and the credentials in the environment"
        ) from None


def _chunks(address: Address) -> Iterator[bytes]:
    """As they come; raises `Unfinished` where there are fewer than were announced."""
    import obstore

    store, path = _opened(address)
    found = obstore.get(store, path)
    announced, received = found.meta["size"], 0
    for chunk in found.stream():
        received += len(chunk)
        yield bytes(chunk)
    if received != announced:
        raise Unfinished("cut short on the way; try again")


def _opened(address: Address) -> tuple[Any, str]:
    """The store of a bucket or container, and the path in it."""
    from obstore.store import AzureStore, GCSStore, S3Store

    place, _, path = address.where.partition("://")[2].partition("/")
    settings: dict[str, Any] = {"retry_config": _AGAIN}
    if address.scheme == "az":
        endpoint = os.environ.get("AZURE_STORAGE_ENDPOINT", "")
        settings["client_options"] = {"allow_http": endpoint.startswith(_UNSAFE)}
        return AzureStore(place, **settings), unquote(path)
    return (S3Store if address.scheme == "s3" else GCSStore)(place, **settings), unquote(path)
