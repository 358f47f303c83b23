"""The command `cxkpi`."""

import gc
import os
import sys

SELDOM = 2_000_000  # new objects between two looks for circles: a look costs up to 100 ms
MEMORY = "_RJEM_MALLOC_CONF"
KEPT = 1_000  # milliseconds: memory that one step gives back is kept so long, as the next asks for as much


def main() -> None:
    """Run the command line; `--version` is answered before anything heavy is imported."""
    _fill_in_streams()
    if sys.argv[1:] in (["--version"], ["-V"]) and _version():
        return
    gc.set_threshold(SELDOM)
    _keep_memory()
    sys.unraisablehook = _end_where_lost
    try:
        from cx_kpi.cli.app import run

        code = run(sys.argv[1:])
    except BaseException as problem:
        if not isinstance(
            problem.__cause__ or problem, KeyboardInterrupt
        ):  # Python 3.11 wraps it amid a class
            raise
        code = 130
    gc.freeze()  # what is left goes with the process, and is not looked through before
    sys.exit(code)


def _end_where_lost(lost: "sys.UnraisableHookArgs") -> None:
    """Ctrl-C amid an import may be raised where Python drops it and goes on: the process ends by the signal instead."""
    if isinstance(lost.exc_value, KeyboardInterrupt):
        import signal

        signal.signal(signal.SIGINT, signal.SIG_DFL)
        signal.raise_signal(signal.SIGINT)
    sys.__unraisablehook__(lost)


def _keep_memory() -> None:
    """Let polars keep memory on Linux, as it reads when it is imported, in fewer stores than threads: one uses another's."""
    stores = max(1, (os.cpu_count() or 1) // 2)
    os.environ.setdefault(MEMORY, f"narenas:{stores},oversize_threshold:0,dirty_decay_ms:{KEPT}")


def _fill_in_streams() -> None:
    """Started without stdout or stderr: writing a report fails as on a full disk, messages go nowhere."""
    if sys.stdout is None:
        sys.stdout = open(os.devnull, encoding="utf-8")  # noqa: PTH123, SIM115  (pathlib is slow to import)
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115


def _version() -> bool:
    """Print the version; False where that fails, which `run` then explains."""
    from cx_kpi import __version__

    try:
        sys.stdout.write(f"cxkpi {__version__}\n")
        sys.stdout.flush()
    except OSError:
        return False
    return True


if __name__ == "__main__":
    main()
