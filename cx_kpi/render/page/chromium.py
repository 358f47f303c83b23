"""A Chromium of this machine, which prints a page or takes its picture; it asks nobody for anything."""

import os
import shutil
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

from cx_kpi.model.errors import OutputProblem

NAMES = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "microsoft-edge",
    "msedge",
)
PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
)
QUIET = (
    "--headless",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--disable-extensions",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
    "--hide-scrollbars",
    "--host-resolver-rules=MAP * ~NOTFOUND",
)
PATIENCE = 120  # seconds


def find() -> str:
    """The program; raises `OutputProblem` where there is none."""
    found = next(filter(None, map(shutil.which, NAMES)), "") or next(filter(os.path.isfile, PLACES), "")
    if not found:
        raise OutputProblem(
            "a PDF or a picture needs Chromium, Chrome or Edge; install one, or write HTML and print it"
        )
    return found


def made(page: str, name: str, *flags: str) -> bytes:
    """A file of this name made of a page; the last flag ends in `=`, which the file's path follows."""
    program = find()
    with TemporaryDirectory(prefix="cxkpi-", ignore_cleanup_errors=True) as folder:
        here, there = Path(folder, "page.html"), Path(folder, name)
        here.write_text(page, encoding="utf-8")
        rights = ["--no-sandbox"] if getattr(os, "geteuid", lambda: 1)() == 0 else []  # root has no sandbox
        whose = f"--user-data-dir={Path(folder, 'profile')}"
        _run([program, *QUIET, *rights, whose, *flags[:-1], f"{flags[-1]}{there}", here.as_uri()])
        if not there.exists():
            raise OutputProblem(
                f"{program}: made no file of the page; try it by hand with --headless --print-to-pdf"
            )
        return there.read_bytes()


def _run(command: list[str]) -> None:
    """Wait for it, not for ever; raises `OutputProblem`."""
    try:
        subprocess.run(  # noqa: S603 - a browser of this machine, by a name of ours
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=PATIENCE,
            check=False,
            start_new_session=True,
        )
    except subprocess.TimeoutExpired:
        raise OutputProblem(
            f"{command[0]}: did not print the page within {PATIENCE} s; write HTML and print it"
        ) from None
    except OSError as problem:
        raise OutputProblem(f"{command[0]}: cannot be started: {problem.strerror or problem}") from problem
