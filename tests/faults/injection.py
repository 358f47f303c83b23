"""How calls are made to fail: a preload library where there is a compiler, else strace, else not at all."""

import ctypes
import errno
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import IntEnum
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[1]


class How(IntEnum):
    """What becomes of the call, as the library numbers it."""

    COUNT = 0
    FAIL = 1
    FULL = 2  # it and all writing after it
    KILL = 3  # before it
    HALF = 4  # after half of it


@dataclass(frozen=True, slots=True)
class Fault:
    """One call under a folder, and what becomes of it."""

    number: int = 0
    how: How = How.COUNT
    code: int = 0

    def __str__(self) -> str:
        """Short."""
        name = errno.errorcode.get(self.code, "")
        return f"{self.how.name.lower()} {self.number} {name}".strip()


@dataclass(frozen=True, slots=True)
class Ran:
    """What a run left; `calls` are those under the folder watched."""

    code: int
    out: str
    err: str
    calls: list[str] = field(default_factory=list)
    seconds: float = 0  # of computing
    kilobytes: int = 0  # at its peak


def library(folder: Path) -> Path | None:
    """The preload library, compiled into a folder; None where there is no compiler, or it makes none that works."""
    compiler = next((found for name in ("cc", "gcc", "clang") if (found := shutil.which(name))), None)
    if compiler is None or not sys.platform.startswith("linux"):
        return None
    made = folder / "failing_calls.so"
    source = HERE / "failing_calls.c"
    command = [compiler, "-shared", "-fPIC", "-O1", "-o", str(made), str(source), "-ldl"]
    if subprocess.run(command, capture_output=True, check=False).returncode:
        return None
    try:
        ctypes.CDLL(str(made))
    except OSError:
        return None
    return made


def ways(folder: Path) -> tuple[str, Path | None]:
    """`preload` and the library, or `strace`, or nothing."""
    made = library(folder)
    if made:
        return "preload", made
    tracer = shutil.which("strace")
    works = tracer and not subprocess.run([tracer, "true"], capture_output=True, check=False).returncode
    return ("strace" if works else ""), None


class Forks:
    """Runs of the command, each a fork of one process."""

    def __init__(self, streams: Path, preload: Path | None) -> None:
        self.streams = streams
        known = {**os.environ, "PYTHONPATH": str(ROOT), "LC_ALL": "C.UTF-8", "POLARS_MAX_THREADS": "1"}
        if preload:
            known["LD_PRELOAD"] = str(preload)
        script = [sys.executable, "-m", "tests.faults.forked", str(streams / "templates")]
        pipe = subprocess.PIPE
        self.process = subprocess.Popen(script, cwd=ROOT, env=known, stdin=pipe, stdout=pipe, text=True)
        assert self._line() == "ready"

    def _line(self) -> str:
        assert self.process.stdout
        return self.process.stdout.readline().strip()

    def run(
        self,
        arguments: Sequence[str],
        place: Path,
        fault: Fault | None = None,
        *,
        under: Path | None = None,
        nobody: bool = False,
        sandboxes: bool = False,
        **environment: str,
    ) -> Ran:
        """The command in a folder, with one fault under another."""
        watch = fault and [str(under), fault.number, fault.code, int(fault.how)]
        job = {"arguments": list(arguments), "place": str(place), "streams": str(self.streams)}
        job |= {"watch": watch, "nobody": nobody, "sandboxes": sandboxes, "environment": environment}
        assert self.process.stdin
        self.process.stdin.write(json.dumps(job) + "\n")
        self.process.stdin.flush()
        code, seconds, kilobytes = json.loads(self._line())
        out, err, calls = (
            (self.streams / name).read_text("utf-8", "replace") for name in ("stdout", "stderr", "calls")
        )
        return Ran(code, out, err, calls.splitlines(), seconds, kilobytes)

    def close(self) -> None:
        """End it."""
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()


@contextmanager
def forks(folder: Path, preload: Path | None) -> Iterator[Forks]:
    """Runs of the command, as long as they are needed."""
    streams = folder / "streams"
    (streams / "templates").mkdir(parents=True, exist_ok=True)
    running = Forks(streams, preload)
    try:
        yield running
    finally:
        running.close()


TRACED = (
    "fsync,fdatasync",
    "rename,renameat,renameat2",
    "link,linkat",
    "pwrite64",
    "ftruncate",
    "mkdir,mkdirat",
)


def traced(arguments: Sequence[str], place: Path, calls: str, number: int, code: int) -> Ran:
    """The command under strace, which lets the call with this number fail; of all files, so reads are left alone."""
    inject = f"inject={calls}:error={errno.errorcode[code]}:when={number}"
    known = {**os.environ, "PYTHONPATH": str(ROOT), "LC_ALL": "C.UTF-8"}
    command = ["strace", "-f", "-o", "/dev/null", "-e", f"trace={calls}", "-e", inject]
    command += [sys.executable, "-m", "cx_kpi", *arguments]
    done = subprocess.run(command, cwd=place, env=known, capture_output=True, text=True, check=False)
    return Ran(done.returncode, done.stdout, done.stderr)


def signalled(ran: Ran) -> bool:
    """Whether it was killed."""
    return ran.code == -signal.SIGKILL
