"""The command in a process that has loaded everything: each run is a fork of it, told which call is to fail.

Reads lines of JSON, `{"arguments": …, "place": …, "watch": [folder, number, errno, how]}`, and answers each with what
became of the run. Started with the preload library, or without one where nothing is to fail.
"""

import atexit
import ctypes
import gc
import importlib
import json
import os
import pkgutil
import signal
import sys
import time
import traceback
import warnings
from contextlib import suppress
from functools import partialmethod
from inspect import signature
from pathlib import Path
from typing import Any

import typer.main

import cx_kpi
from cx_kpi.__main__ import main
from cx_kpi.cli.app import whole
from cx_kpi.read.raw import sandbox

LONGEST = 60  # seconds of a run
NOBODY = 65534


def load_all(kept: str) -> None:
    """All modules, commands and words, so that a fork need not; compiled templates are kept in a folder."""
    from jinja2 import FileSystemBytecodeCache
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    for module in pkgutil.walk_packages(cx_kpi.__path__, "cx_kpi."):
        with suppress(ImportError):
            known = vars(importlib.import_module(module.name))
            kept_once = [each for each in known.values() if hasattr(each, "cache_info")]
            for each in kept_once if "pl" not in known else ():  # polars may not start before a fork
                if not signature(each).parameters:
                    each()
    made = typer.main.get_command(whole())
    typer.main.get_command = lambda _: made  # type: ignore[assignment]
    made_of = ImmutableSandboxedEnvironment.__init__
    ImmutableSandboxedEnvironment.__init__ = partialmethod(  # type: ignore[assignment]
        made_of, bytecode_cache=FileSystemBytecodeCache(kept)
    )


def become(job: dict[str, Any]) -> None:
    """Turn this fork into the run: its folder, streams and arguments, and the call to watch for."""
    os.chdir(job["place"])
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        path = os.devnull if number == 0 else str(Path(job["streams"]) / name)
        os.dup2(os.open(path, os.O_RDWR | os.O_CREAT | os.O_TRUNC), number)
    os.environ.update(job.get("environment", {}))
    sys.argv = ["cxkpi", *job["arguments"]]
    log = os.open(Path(job["streams"]) / "calls", os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC)
    if job.get("nobody") and os.geteuid() == 0:
        os.setgroups([])
        os.setresgid(NOBODY, NOBODY, NOBODY)
        os.setresuid(NOBODY, NOBODY, NOBODY)
    if job.get("sandboxes"):
        fork_sandboxes()
    folder, number, code, how = job["watch"] or ("", 0, 0, 0)
    watch = getattr(ctypes.CDLL(None), "calls_watch", None)
    if folder and watch:  # without the library nothing is counted
        watch(os.fsencode(folder), number, code, how, log)


def waited(process: int) -> list[float]:
    """The exit code of a run, or the signal that ended it as a negative number; CPU seconds; kilobytes at its peak."""
    end = time.monotonic() + LONGEST
    found = 0
    while not found and time.monotonic() < end:
        found, status, used = os.wait4(process, os.WNOHANG)
        time.sleep(0 if found else 0.005)
    if not found:
        os.kill(process, signal.SIGKILL)
        _, status, used = os.wait4(process, 0)
    code = os.waitstatus_to_exitcode(status) if found else -signal.SIGALRM
    return [code, used.ru_utime + used.ru_stime, used.ru_maxrss]


def asked(module: str, file: Any, *arguments: str, unpacked: int = 0) -> tuple[int, bytes]:
    """What `sandbox.asked` does, in a fork instead of a process that has to load everything again."""
    reading, writing = os.pipe()
    process = os.fork()
    if not process:
        path = "-" if file.piped is not None else str(file.path.resolve())
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
        os.dup2(writing, 1)
        os.close(reading)
        sandbox.bound(*sandbox.bounds_of(unpacked))
        code = 1
        try:
            code = importlib.import_module(module).main(path, *arguments)
            sys.stdout.flush()
        finally:
            os._exit(code)
    os.close(writing)
    with os.fdopen(reading, "rb") as answer:
        data = answer.read()
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]), data


class Started:
    """What `sandbox.started` gives, in a fork."""

    def __init__(self, module: str) -> None:
        ours, its = os.pipe(), os.pipe()
        self.process = os.fork()
        if not self.process:
            os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
            os.dup2(ours[0], 0)
            os.dup2(its[1], 1)
            for each in (*ours, *its):
                os.close(each)
            try:
                importlib.import_module(module).serve()
            finally:
                os._exit(1)
        os.close(ours[0])
        os.close(its[1])
        self.stdin, self.stdout = os.fdopen(ours[1], "wb"), os.fdopen(its[0], "rb")

    def kill(self) -> None:
        """End it."""
        os.kill(self.process, signal.SIGKILL)

    def wait(self) -> None:
        """Until it has ended."""
        os.waitpid(self.process, 0)


def fork_sandboxes() -> None:
    """The processes that open files are forks too: nothing of polars runs here before them."""
    from cx_kpi.read.containers import sheets
    from cx_kpi.read.databases import database_file

    sandbox.started = Started
    sheets.asked = database_file.asked = asked


def ended() -> None:
    """The run itself; what a process does as it ends takes longer than all else, and is left out."""
    code = 0
    try:
        main()
    except SystemExit as left:
        code = left.code if isinstance(left.code, int) else 1
    except BaseException:  # noqa: BLE001 - which Python would print
        traceback.print_exc()
        code = 1
    with suppress(Exception):
        atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def serve() -> bool:
    """Answer each line; True in a fork, which then is the run."""
    while line := os.read(0, 1 << 20):
        job = json.loads(line)
        process = os.fork()
        if not process:
            become(job)
            return True
        os.write(1, json.dumps(waited(process)).encode() + b"\n")
    return False


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    load_all(sys.argv[1])
    os.write(1, b"ready\n")
    gc.collect()
    gc.freeze()
    if serve():
        ended()
