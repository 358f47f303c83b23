"""Decodes Parquet and Arrow files whole, in a process of its own: a damaged one may abort whatever reads it.

One process serves all files of a run; where one kills it, the next file gets another.
"""

import atexit
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import polars as pl

if TYPE_CHECKING:
    import subprocess

    from cx_kpi.read.raw.binary import File

Kind = Literal["parquet", "arrow"]
_CELL = 8  # bytes
_SCHEMA = 3  # seconds of computing that names and types of columns may take
_SOUND, _BROKEN, _TOO_LARGE = 0, 1, 3
BEYOND = 4  # sound, with dates that no calendar has


class Prober:
    """The process that decodes, started with the first file."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None

    def ask(self, file: "File", kind: Kind) -> int:
        """What became of the process that read the file: `_SOUND`, `BEYOND`, `_TOO_LARGE` or anything else."""
        from cx_kpi.read.raw.sandbox import bounds_of, started

        self._process = process = self._process or started(__name__)
        path = "-" if file.piped is not None else str(file.path.resolve())
        piped = file.piped or b""
        asked = [path, kind, file.most_unpacked(file.size), *bounds_of(file.size), len(piped)]
        try:
            assert process.stdin  # noqa: S101  (both are pipes)
            assert process.stdout  # noqa: S101
            process.stdin.write(json.dumps(asked).encode() + b"\n" + piped)
            process.stdin.flush()
            answer = process.stdout.readline().strip()
        except OSError:
            answer = b""
        code = int(answer) if answer.isdigit() else _BROKEN
        if code not in (_SOUND, BEYOND, _TOO_LARGE):
            self.close()
        return code

    def close(self) -> None:
        """End the process."""
        process, self._process = self._process, None
        if process and process.stdin and process.stdout:
            process.kill()
            process.wait()
            process.stdout.close()
            try:
                process.stdin.close()
            except OSError:
                return


_PROBER = Prober()
atexit.register(_PROBER.close)


def proved(file: "File", kind: Kind) -> int | None:
    """None where the whole file cannot be read safely, whatever its size; else 0 or `BEYOND`.

    Raises `InputProblem` where it holds more than its size allows.
    """
    code = _PROBER.ask(file, kind)
    if code == _TOO_LARGE:
        raise file.too_large(file.size)
    return code if code in (_SOUND, BEYOND) else None


def scan(source: Path | list[Path] | bytes, kind: str) -> pl.LazyFrame:
    """The file, or several one after the other, lazily."""
    return (pl.scan_parquet if kind == "parquet" else pl.scan_ipc)(source, glob=False)


def unpacked(frame: pl.LazyFrame) -> int:
    """About how many bytes the whole frame takes, estimated without reading it."""
    rows = frame.select(pl.len()).collect().item()
    return int(rows) * len(frame.collect_schema()) * _CELL


def serve() -> None:
    """Decode each file asked for on standard input, and answer with a number; ends with the first that is broken."""
    from cx_kpi.read.raw.sandbox import bound_more

    for line in sys.stdin.buffer:
        path, kind, most, memory, seconds, size = json.loads(line)
        data = sys.stdin.buffer.read(size)
        bound_more(memory, min(seconds, _SCHEMA))
        try:
            frame = scan(data if path == "-" else Path(path), kind)
            frame.collect_schema()
            bound_more(memory, seconds)
            code = _decode(frame, most)
        except BaseException:  # noqa: BLE001  (a panic is one)
            code = _BROKEN
        sys.stdout.buffer.write(f"{code}\n".encode())
        sys.stdout.buffer.flush()
        if code == _BROKEN:
            return


def _decode(frame: pl.LazyFrame, most: int) -> int:
    """Read everything in the file."""
    from cx_kpi.read.containers.calendar_bounds import has_beyond

    if unpacked(frame) > most:
        return _TOO_LARGE
    frame.sink_batches(lambda _: None)
    return BEYOND if has_beyond(frame) else _SOUND
