"""The processes that open files as forks of one that has loaded what they need: starting each takes half a second."""

import gc
import importlib
import json
import os
import subprocess
import sys
from functools import cache
from typing import Any

from cx_kpi.read.raw import sandbox

CHILDREN = (
    "cx_kpi.read.containers.workbook",
    "cx_kpi.read.databases.sqlite_child",
    "cx_kpi.read.databases.duckdb_child",
)
_REAL = sandbox.asked


def asked(module: str, file: Any, *arguments: str, unpacked: int = 0) -> tuple[int, bytes]:
    """What `sandbox.asked` gives, with the same bounds."""
    if file.piped is not None:
        return _REAL(module, file, *arguments, unpacked=unpacked)
    server = _server()
    assert server.stdin
    assert server.stdout
    job = [module, sandbox.bounds_of(unpacked), [str(file.path.resolve()), *arguments]]
    server.stdin.write(json.dumps(job).encode() + b"\n")
    server.stdin.flush()
    code, length = json.loads(server.stdout.readline())
    return code, server.stdout.read(length)


@cache
def _server() -> "subprocess.Popen[bytes]":
    """It ends when its input does, with this process."""
    known = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    pipe = subprocess.PIPE
    return subprocess.Popen([sys.executable, __file__], env=known, cwd="/", stdin=pipe, stdout=pipe)


def end() -> None:
    """End the process that is forked, if it has begun."""
    if _server.cache_info().currsize:
        _server().communicate()
        _server.cache_clear()


def forked(module: str, bounds: tuple[int, int], arguments: list[str]) -> tuple[int, bytes]:
    """The exit code of `main(*arguments)` of that module in a fork within bounds, and what it wrote to stdout."""
    reading, writing = os.pipe()
    process = os.fork()
    if not process:
        nothing = os.open(os.devnull, os.O_RDWR)
        for ours, its in ((nothing, 0), (writing, 1), (nothing, 2)):
            os.dup2(ours, its)
        os.close(reading)
        code = 1
        try:
            sandbox.bound(*bounds)
            code = importlib.import_module(module).main(*arguments)
            sys.stdout.flush()
        finally:
            os._exit(code)
    os.close(writing)
    with os.fdopen(reading, "rb") as answer:
        data = answer.read()
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]), data


def _serve() -> None:
    """Answer each line, as long as there are any."""
    for module in CHILDREN:
        importlib.import_module(module)
    gc.freeze()
    while line := sys.stdin.buffer.readline():
        code, data = forked(*json.loads(line))
        sys.stdout.buffer.write(json.dumps([code, len(data)]).encode() + b"\n" + data)
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    _serve()
