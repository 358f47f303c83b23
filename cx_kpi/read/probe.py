"""Decodes a Parquet or Arrow file whole, in a process of its own: a damaged one may abort whatever reads it.

Run as a script, `probe.py parquet|arrow PATH|-`; the exit code is 0 where all of it could be read.
"""

import subprocess
import sys
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from cx_kpi.read.binary import File

LARGE = 1 << 25  # bytes; to decode such a file twice would cost more than all figures together
Kind = Literal["parquet", "arrow"]


def survives(file: "File", kind: Kind) -> bool:
    """Whether reading the whole file harms nobody; a large file is read but once, and trusted."""
    if file.piped is None and file.size > LARGE:
        return True
    given = {"input": file.piped} if file.piped is not None else {"stdin": subprocess.DEVNULL}
    path = "-" if file.piped is not None else str(file.path.resolve())
    done = subprocess.run(  # noqa: S603  (our own interpreter and script)
        [sys.executable, "-I", __file__, kind, path],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=False,
        **given,
    )
    return bool(done.returncode == 0)


def _decode(kind: str, path: str) -> None:
    import polars as pl

    source = sys.stdin.buffer.read() if path == "-" else path
    scan = pl.scan_parquet if kind == "parquet" else pl.scan_ipc
    scan(source, glob=False).sink_batches(lambda _: None)


if __name__ == "__main__":
    _decode(*sys.argv[1:])
