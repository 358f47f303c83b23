"""A copy of this process that opens risky files: it need not load polars again, which takes as long as a small report."""

import os
import signal
import sys
import warnings
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import BinaryIO

from cx_kpi.model.frozen import dataclass

_TASKS = Path("/proc/self/task")
_IDLE = frozenset({"jemalloc_bg_thd", "polars-ooc-clea"})  # threads that wait from when polars is loaded
_STREAMS = (0, 1, 2)


@dataclass(frozen=True, slots=True)
class Forked:
    """A copy of this process, as `subprocess` would show it."""

    number: int
    stdin: BinaryIO
    stdout: BinaryIO

    def kill(self) -> None:
        """End it at once."""
        os.kill(self.number, signal.SIGKILL)

    def wait(self) -> int:
        """Wait for its end."""
        return os.waitpid(self.number, 0)[1]


def forked(serve: Callable[[], None]) -> Forked | None:
    """A copy of this process that runs `serve()`; None where a copy may wait for ever for what other threads held."""
    if not is_alone():
        return None
    read, answer = os.pipe()
    asked, write = os.pipe()
    ends = (read, answer, asked, write)
    if min(ends) <= max(_STREAMS):  # one of our own streams is closed
        for each in ends:
            os.close(each)
        return None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of threads, which are looked at above
        number = os.fork()
    if not number:
        _become(serve, asked, answer, (read, write))
    os.close(asked)
    os.close(answer)
    return Forked(number, os.fdopen(write, "wb"), os.fdopen(read, "rb"))


def is_alone() -> bool:
    """Whether this process computes in one thread, and those of polars only wait; False where that is not known."""
    try:
        others = (each for each in _TASKS.iterdir() if each.name != str(os.getpid()))
        return _only_idle((each / "comm").read_text().strip() for each in others)
    except OSError:
        return False


def _only_idle(names: Iterable[str]) -> bool:
    return _IDLE.issuperset(names)


def _become(serve: Callable[[], None], asked: int, answer: int, others: Iterable[int]) -> None:
    """Serve between these two ends of pipes, and end without a trace of what this process was."""
    try:
        nothing = os.open(os.devnull, os.O_WRONLY)
        for end, stream in zip((asked, answer, nothing), _STREAMS, strict=True):
            os.dup2(end, stream)
        for each in others:  # else it would not see that its parent has ended
            os.close(each)
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        sys.stdin, sys.stdout = open(0), open(1, "w")  # noqa: SIM115
        serve()
    finally:
        os._exit(0)
