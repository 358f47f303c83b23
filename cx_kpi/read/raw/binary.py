"""The bytes of a file: decompressed on the way, kept in memory where they can be read only once."""

import gzip
import io
import os
import stat
import sys
import zlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import BinaryIO, cast

from cx_kpi.model.errors import InputProblem, NoData
from cx_kpi.model.frozen import dataclass
from cx_kpi.read.raw.endless import refuse_endless

SQLITE = b"SQLite format 3\0"  # how such a file begins
DUCKDB = b"DUCK"  # after its first eight bytes
STDIN = Path("-")
_GZIP, _ZSTD = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"
_CHUNK = 1 << 22
SMALL = 1 << 28  # bytes; up to here nobody asks how much a file unpacks to
MOST_RATIO = 200  # times its size; more is a bomb
MOST_UNPACKED = 1 << 33  # bytes
MOST_PIPED = 1 << 31  # bytes of what has to be kept in memory


@dataclass(frozen=True, slots=True)
class File:
    """One input: a regular file, or what came through a pipe."""

    path: Path
    piped: bytes | None = None
    title: str = ""  # instead of the path, where it came from a server
    most: int | None = None  # bytes it may unpack to, where the user says so

    @property
    def name(self) -> str:
        """As shown to the user."""
        return self.title or ("stdin" if self.path == STDIN else printable(self.path))

    @property
    def source(self) -> Path | bytes:
        """What polars scans."""
        return self.path if self.piped is None else self.piped

    @property
    def size(self) -> int:
        """Bytes as they are stored."""
        return len(self.piped) if self.piped is not None else self.path.stat().st_size

    @property
    def is_packed(self) -> bool:
        """Whether the bytes are compressed."""
        return self.head(len(_ZSTD)).startswith((_GZIP, _ZSTD))

    def head(self, size: int) -> bytes:
        """The first bytes as they are stored; raises `InputProblem`."""
        try:
            with self.raw() as file:
                return file.read(size)
        except _broken() as error:
            raise self.problem(error) from None

    def chunks(self, size: int | None = None) -> Iterator[bytes]:
        """The unpacked bytes; raises `InputProblem`."""
        size = size or _CHUNK
        try:
            with self.raw() as raw, _unpacked(raw) as file:
                while chunk := file.read(size):
                    if file.tell() > self.most_unpacked(raw.tell()):
                        raise self.too_large(raw.tell())
                    yield chunk
        except _broken() as error:
            raise self.problem(error) from None

    def refuse_endless(self) -> None:
        """Raise `InputProblem` for a line of over 64 MB in what is not compressed."""
        if self.is_packed:
            return
        try:
            with self.raw() as data:
                refuse_endless(data, self.size, self.name)
        except _broken() as error:
            raise self.problem(error) from None

    def problem(self, error: BaseException) -> InputProblem:
        """The error in one line."""
        if isinstance(error, OSError) and error.strerror:
            return InputProblem(f"{self.name}: cannot be read: {error.strerror}; check the file")
        return InputProblem(f"{self.name}: damaged or cut short; export it again")

    def empty(self) -> NoData:
        """There is nothing in the file."""
        return NoData(f"{self.name}: the file is empty; export it again")

    def raw(self) -> BinaryIO:
        """The bytes as they are stored; opening and reading raise `OSError`."""
        return self.path.open("rb") if self.piped is None else io.BytesIO(self.piped)

    def most_unpacked(self, packed: int) -> int:
        """How many bytes that many may unpack to."""
        if self.most is not None:
            return max(self.most, packed)
        return max(packed, min(MOST_UNPACKED, max(SMALL, MOST_RATIO * packed)))

    def too_large(self, packed: int) -> InputProblem:
        """The file unpacks to more than that."""
        most = self.most_unpacked(packed) / (1 << 20)
        return InputProblem(
            f"{self.name}: unpacks to over {most:,.1f} MB; if it really is that large, say so: --max-size 20G"
        )


Lines = Callable[[File], bool]


def _unpacked(raw: BinaryIO) -> BinaryIO:
    magic = raw.read(len(_ZSTD))
    raw.seek(0)
    if magic.startswith(_GZIP):
        return cast("BinaryIO", gzip.GzipFile(fileobj=raw))
    return cast("BinaryIO", _zstd().ZstdFile(raw)) if magic == _ZSTD else raw


@cache
def _zstd() -> ModuleType:
    """What unpacks Zstandard, which few files need."""
    if sys.version_info >= (3, 14):
        from compression import zstd
    else:
        from backports import zstd
    return zstd


def _broken() -> tuple[type[Exception], ...]:
    """What reading a damaged file raises."""
    of_zstd = (_zstd().ZstdError,) if _zstd.cache_info().currsize else ()
    return (OSError, EOFError, zlib.error, *of_zstd)


def open_binary(path: Path, most: int | None = None, is_lines: "Lines | None" = None) -> File:
    """The file, or what comes through the pipe or standard input (`-`); raises `InputProblem`.

    `most`: how many bytes it may unpack to. `is_lines`: whether what begins so is read by lines.
    """
    file = File(path, most=most)
    try:
        if path == STDIN:
            return replace(file, piped=_all(sys.stdin.buffer, file, is_lines))
        mode = path.stat().st_mode
        if stat.S_ISREG(mode):
            return file
        if stat.S_ISFIFO(mode) or path.samefile(os.devnull):
            with path.open("rb") as pipe:
                return replace(file, piped=_all(pipe, file, is_lines))
    except OSError as error:
        raise file.problem(error) from None
    raise InputProblem(f"{file.name}: neither a file nor a pipe; give a data file")


def _all(pipe: BinaryIO, file: File, is_lines: Lines | None) -> bytes:
    most, data, start = file.most or MOST_PIPED, io.BytesIO(), 0
    head = pipe.read(min(_CHUNK, most + 1))
    bounded = is_lines is not None and is_lines(replace(file, piped=head))
    while head:
        size = data.seek(0, io.SEEK_END) + data.write(head)
        if size > most:
            raise InputProblem(f"{file.name}: over {most >> 20:,} MB through a pipe; save it as a file first")
        start = refuse_endless(data, size, file.name, start) if bounded else 0
        head = pipe.read(min(_CHUNK, most + 1 - size))
    return data.getvalue()


def printable(name: object) -> str:
    """A name or path on one line, whatever it holds."""
    return "".join(sign if sign.isprintable() else "\ufffd" for sign in str(name))
