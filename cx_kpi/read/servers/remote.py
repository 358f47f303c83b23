"""Files on servers, read only when the user allows it: whole over http(s), Parquet where it lies on s3 and gs."""

from http.client import HTTPException
from pathlib import Path, PurePosixPath
from urllib.error import HTTPError
from urllib.parse import unquote, urlsplit

import polars as pl

from cx_kpi.model.errors import InputProblem
from cx_kpi.read.containers.columnar import hushed
from cx_kpi.read.containers.http_client import Unfinished, Unwanted, fetch
from cx_kpi.read.raw.address import Address
from cx_kpi.read.raw.binary import MOST_PIPED, File
from cx_kpi.read.raw.source import SAMPLE, TextFrame


def download(address: Address, most: int | None = None) -> File:
    """The file behind an http(s) address, in memory; raises `InputProblem`."""
    limit = most or MOST_PIPED
    try:
        data = fetch(address.where, limit)
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


def open_stored(address: Address) -> TextFrame:
    """A Parquet file in an object store, read lazily; credentials come from the environment."""
    if not address.where.lower().endswith(".parquet"):
        raise InputProblem(
            f"{address.name}: of {address.scheme}:// only Parquet is read; copy the file here first"
        )
    try:
        with hushed():
            frame = pl.scan_parquet(address.where, glob=False)
            names = tuple(frame.collect_schema().names())
            return TextFrame(address.name, frame, names, frame.head(SAMPLE).collect())
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError):
        raise InputProblem(f"{address.name}: not to be had; check the address and your credentials") from None
