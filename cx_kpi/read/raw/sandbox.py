"""Opens files that may kill whatever opens them in a process of its own, bounded in memory and time."""

import json
import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cx_kpi.read.raw.binary import File

_FOUND = "import json, sys; sys.path[:] = json.loads(sys.argv.pop(1))"  # where the parent finds its modules
_SMALL = 1 << 30  # bytes of memory for a small file
_EACH = 24  # and for each byte of a large one, unpacked
_SECONDS = 10  # of computing for a small file; one more for each megabyte


def asked(module: str, file: "File", *arguments: str, unpacked: int = 0) -> tuple[int, bytes]:
    """The exit code of `main(path, *arguments)` in that module, and what it wrote to stdout; `-` is stdin."""
    path = "-" if file.piped is not None else str(file.path.resolve())
    bounds = list(map(str, bounds_of(unpacked)))
    script = (
        f"{_FOUND}; from cx_kpi.read.raw.sandbox import bound; bound(int(sys.argv.pop(1)), int(sys.argv.pop(1))); "
        f"from {module} import main; sys.exit(main(*sys.argv[1:]))"
    )
    done = subprocess.run(  # noqa: S603  (our own interpreter and module)
        [sys.executable, "-I", "-c", script, json.dumps(sys.path), *bounds, path, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        check=False,
        input=file.piped or b"",
    )
    return done.returncode, done.stdout


def started(module: str) -> "subprocess.Popen[bytes]":
    """A process that runs `serve()` of that module until its standard input ends."""
    script = f"{_FOUND}; from {module} import serve; serve()"
    return subprocess.Popen(  # noqa: S603  (our own interpreter and module)
        [sys.executable, "-I", "-c", script, json.dumps(sys.path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )


def bounds_of(unpacked: int) -> tuple[int, int]:
    """Bytes of memory and seconds of computing allowed for a file of this size."""
    return _SMALL + _EACH * unpacked, _SECONDS + (unpacked >> 20)


def bound_more(memory: int, seconds: int) -> None:
    """Bound what this process does from here on, after which other bounds may be set."""
    try:
        import resource
    except ImportError:
        return
    spent = resource.getrusage(resource.RUSAGE_SELF)
    used = int(spent.ru_utime + spent.ru_stime) + 1
    for limit, most in ((resource.RLIMIT_DATA, memory + _SMALL), (resource.RLIMIT_CPU, used + seconds)):
        _, hard = resource.getrlimit(limit)
        resource.setrlimit(limit, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))


def bound(memory: int, seconds: int) -> None:
    """Limit this process to these bytes of memory and seconds of computing, where the system supports it."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
