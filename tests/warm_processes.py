"""Children of `python -I -c …` as forks of one that has loaded their modules: starting each takes longer than its work."""

import json
import os
import select
import signal
import subprocess
import sys
import tempfile
import traceback
from pathlib import Path
from subprocess import CompletedProcess, TimeoutExpired
from types import SimpleNamespace
from typing import Any, Self

_SERVER = (
    "import json, sys; sys.path[:] = json.loads(sys.argv.pop(1)); from warm_processes import serve; serve()"
)
STREAMS = ("stdin", "stdout", "stderr")


class Warm:
    """`subprocess.run` for scripts in interpreters of their own, all of which have run `before`."""

    def __init__(self, before: str) -> None:
        self._before, self._server = before, None
        self._streams = tempfile.TemporaryDirectory()

    def module(self) -> SimpleNamespace:
        """`subprocess`, with a `run` of ours."""
        return SimpleNamespace(**{**vars(subprocess), "run": self.run})

    def run(
        self, command: list[str], *, timeout: float | None = None, **asked: Any
    ) -> CompletedProcess[bytes]:
        """What the script leaves, and what it wrote where that is asked for."""
        _, *flags, script = command[:4]
        assert flags == ["-I", "-c"]
        streams = [Path(self._streams.name, name) for name in STREAMS]
        streams[0].write_bytes(asked.get("input") or b"")
        job = [script, command[4:], [*map(str, streams)], timeout, str(Path.cwd()), dict(os.environ)]
        code = self._ask(job)
        if code is None:
            raise TimeoutExpired(command, timeout or 0)
        shown = [
            each.read_bytes()
            if asked.get("capture_output") or asked.get(each.name) == subprocess.PIPE
            else None
            for each in streams[1:]
        ]
        return CompletedProcess(command, code, *shown)

    def started(self, module: str) -> "Serving":
        """What `sandbox.started` gives, for a module that answers one request."""
        return Serving(self, module)

    def _ask(self, job: list[Any]) -> int | None:
        if self._server is None:
            self._server = subprocess.Popen(
                [sys.executable, "-c", _SERVER, json.dumps(sys.path)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
            )
            self._tell(self._before)
        self._tell(job)
        assert self._server.stdout
        return json.loads(self._server.stdout.readline())

    def _tell(self, what: Any) -> None:
        assert self._server
        assert self._server.stdin
        self._server.stdin.write(json.dumps(what).encode() + b"\n")
        self._server.stdin.flush()

    def close(self) -> None:
        """End the server and its files."""
        if self._server:
            with self._server as server:
                assert server.stdin
                server.stdin.close()
        self._streams.cleanup()


class Serving:
    """A process that is asked once."""

    def __init__(self, warm: Warm, module: str) -> None:
        self._warm, self._script = warm, f"from {module} import serve; serve()"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """It has ended."""

    def communicate(self, asked: bytes, timeout: float) -> tuple[bytes, None]:
        """The answer."""
        command = [sys.executable, "-I", "-c", self._script]
        return self._warm.run(command, input=asked, timeout=timeout, capture_output=True).stdout, None

    def kill(self) -> None:
        """It has ended."""


def serve() -> None:
    """Fork for each line of standard input, which the forks do not share, and answer with their exit codes."""
    jobs = os.fdopen(os.dup(0), "rb")
    exec(json.loads(jobs.readline()))
    for line in jobs:
        script, arguments, streams, timeout, folder, environment = json.loads(line)
        process = os.fork()
        if not process:
            _become(script, arguments, streams, folder, environment)
        os.write(1, json.dumps(_waited(process, timeout)).encode() + b"\n")


def _waited(process: int, timeout: float | None) -> int | None:
    """The exit code, a signal as a negative number; None where it took too long."""
    watched = os.pidfd_open(process)
    ended, _, _ = select.select([watched], [], [], timeout)
    os.close(watched)
    if not ended:
        os.kill(process, signal.SIGKILL)
    _, status = os.waitpid(process, 0)
    return os.waitstatus_to_exitcode(status) if ended else None


def _become(
    script: str, arguments: list[str], streams: list[str], folder: str, environment: dict[str, str]
) -> None:
    for number, path in enumerate(streams):
        os.dup2(os.open(path, os.O_RDWR if number == 0 else os.O_RDWR | os.O_CREAT | os.O_TRUNC), number)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = ["-c", *arguments]
    code = 0
    try:
        exec(compile(script, "<string>", "exec"), {"__name__": "__main__"})
    except SystemExit as left:
        code = left.code if isinstance(left.code, int) else int(left.code is not None)
    except BaseException:  # noqa: BLE001 - which Python would print
        traceback.print_exc()
        code = 1
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
