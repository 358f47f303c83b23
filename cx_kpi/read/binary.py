"""The bytes of a file, decompressed on the way."""

import gzip
import sys
import zlib
from pathlib import Path
from typing import BinaryIO, cast

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

BROKEN = (OSError, EOFError, zlib.error, zstd.ZstdError)  # what reading may raise


def open_bytes(path: Path) -> BinaryIO:
    """The file's bytes; `.gz` and `.zst` are decompressed. Opening or reading raises one of `BROKEN`."""
    if path.suffix.lower() == ".gz":
        return cast("BinaryIO", gzip.open(path))
    if path.suffix.lower() == ".zst":
        return cast("BinaryIO", zstd.open(path))
    return path.open("rb")
