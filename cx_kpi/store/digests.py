"""What tells one file from another, whatever it is called: a digest of its bytes, or of its rows."""

from hashlib import file_digest, sha256
from pathlib import Path

from cx_kpi.read.files import Input
from cx_kpi.read.raw.source import TextFrame


def digest(file: Input) -> str:
    """Of the bytes of a file; empty for what comes from a server, a database or a pipe, and is not read yet."""
    if not isinstance(file, Path) or not file.is_file():
        return ""
    with file.open("rb") as data:
        return file_digest(data, "sha256").hexdigest()


def digest_of_rows(frame: TextFrame) -> str:
    """Of the columns and all cells."""
    return sha256(frame.frame.collect().rechunk().write_ipc_stream(None).getvalue()).hexdigest()
