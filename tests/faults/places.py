"""The command where it is hard to work: `python -m tests.faults.places [NAME…]` prints a line for each kind of place.

Pipes that close, full disks, folders that cannot be written, signals while rows are read, no home, terminals that know
only ASCII; and the same bytes under other clocks, words, seeds and threads. Exit code 1: something was wrong.
"""

import argparse
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.cli.conftest import HEADERS, ticket
from tests.faults.injection import ROOT, Ran, forks
from tests.faults.scenes import METRICS

COMMAND = (sys.executable, "-m", "cx_kpi")
FORMATS = ("json", "md", "html", "csv", "txt")
Found = Iterator[str]  # what is wrong


def ran(arguments: Sequence[str], place: Path, *, before: str = "", **environment: str) -> Ran:
    """The command in a process of its own; a shell may stand around it."""
    known = {**os.environ, "PYTHONPATH": str(ROOT), "LC_ALL": "C.UTF-8", **environment}
    command = [*COMMAND, *arguments]
    if before:
        command = ["bash", "-c", before, "bash", *command]
    done = subprocess.run(
        command, cwd=place, env=known, capture_output=True, text=True, errors="replace", check=False
    )
    return Ran(done.returncode, done.stdout, done.stderr)


def tidy(one: Ran, *codes: int) -> Found:
    """What is wrong with how a run ended."""
    if one.code not in codes:
        yield f"exit {one.code}: {one.err[-300:]}"
    if "Traceback" in one.err or "panicked" in one.err:
        yield f"traceback: {one.err[-300:]}"
    if one.code and len(one.err.splitlines()) > 1:
        yield f"{len(one.err.splitlines())} lines of error"


def desk(folder: Path, rows: int = 60) -> Path:
    """Exports in a folder that anybody may read."""
    folder.mkdir()
    lines = [ticket(n % 4000) for n in range(rows)]
    text = "\n".join([HEADERS, *(f"{n}{line[line.index(',') :]}" for n, line in enumerate(lines))])
    (folder / "tickets.csv").write_text(text + "\n", encoding="utf-8")
    return folder


def pipes(folder: Path) -> Found:
    """Readers that leave, and places that take nothing."""
    place = desk(folder / "pipes")
    commands = (
        ("report", "tickets.csv", "-f", "json"),
        ("report", "tickets.csv"),
        ("check", "tickets.csv"),
        ("explain", "resolution_time", "tickets.csv"),
        ("metrics",),
        ("schema",),
        ("guide", "glossary"),
    )
    for command in commands:
        for before, codes in (
            ('"$@" | head -c 10; exit ${PIPESTATUS[0]}', (0,)),
            ('"$@" | true; exit ${PIPESTATUS[0]}', (0,)),
            ('"$@" >/dev/full', (4,)),
            ('"$@" >&-', (4,)),
            ('"$@" >/dev/full 2>&-', (4,)),
            ('"$@" <&-', (0,)),
        ):
            yield from (
                f"{command[0]} {before}: {each}" for each in tidy(ran(command, place, before=before), *codes)
            )


@contextmanager
def small_disk(folder: Path, size: str) -> Iterator[bool]:
    """A disk of this size on a folder; False where that is not allowed."""
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size},mode=777", "tmpfs", str(folder)]
    if not shutil.which("mount") or subprocess.run(mount, capture_output=True, check=False).returncode:
        yield False
        return
    try:
        yield True
    finally:
        subprocess.run(["umount", str(folder)], check=False)


def disks(folder: Path) -> Found:
    """Disks with room for a part of what is to be written."""
    place = desk(folder / "disks")
    outputs = [part for kind in ("html", "json", "csv") for part in ("-o", f"disk/r.{kind}")]
    for size in ("16k", "64k", "128k", "512k"):
        with small_disk(place / "disk", size) as mounted:
            if not mounted:
                yield "skipped: no disk can be mounted here"
                return
            disk = place / "disk"
            (disk / "r.csv").write_text("old")
            for more in ((), ("--record", "disk/h.db")):
                one = ran(("report", "tickets.csv", "-q", *METRICS[:-1], *outputs, *more), place)
                left = sorted(path.name for path in disk.iterdir() if not path.name.startswith("h.db"))
                yield from (f"{size} {more}: {each}" for each in tidy(one, 0, 4))
                new = left == ["r.csv", "r.html", "r.json"]
                if not new and (left != ["r.csv"] or (disk / "r.csv").read_text() != "old"):
                    yield f"{size} {more}: {left}"
            one = ran(("store", "add", "disk/s", "tickets.csv"), place)
            yield from (f"{size} store: {each}" for each in tidy(one, 0, 4))
            if one.code and [*(disk / "s").glob("*.rows")]:
                yield f"{size} store: rows are left"
        (place / "disk").rmdir()


def forbidden(folder: Path) -> Found:
    """Folders that cannot be written, for one who is not root."""
    place = desk(folder / "forbidden")
    locked = place / "locked"
    locked.mkdir()
    own = place / "own"
    own.mkdir()
    own.chmod(0o777)
    ran(("report", "tickets.csv", *METRICS, "--record", "locked/h.db"), place)
    ran(("store", "add", "locked/s", "tickets.csv"), place)
    (place / "more.csv").write_text(f"{HEADERS}\n{ticket(99)}\n")
    for path in (*locked.rglob("*"), *place.glob("*.csv")):
        path.chmod(0o555 if path.is_dir() else 0o444)
    locked.chmod(0o555)
    for above in (folder, *folder.parents):
        if str(above).startswith(tempfile.gettempdir() + os.sep):
            above.chmod(0o755)
    before = sorted(path.name for path in locked.rglob("*"))
    with forks(folder, None) as running:  # which has loaded what that user may not read
        for codes, arguments in (
            ((4,), ("report", "tickets.csv", "-o", "locked/a.html")),
            ((4,), ("report", "tickets.csv", "-o", "own/a.html", "-o", "locked/a.json")),
            ((4,), ("report", "tickets.csv", *METRICS, "--record", "locked/h.db", "-o", "own/b.json")),
            ((0,), ("history", "--record", "locked/h.db", "-f", "json")),
            ((0,), ("report", "locked/s", "-f", "json", "-q")),
            ((4,), ("store", "add", "locked/s", "more.csv")),
            ((4,), ("store", "drop", "locked/s", "tickets.csv")),
            ((4,), ("init", "tickets.csv", "-o", "locked/c.toml")),
            ((4,), ("explain", "resolution_time", "tickets.csv", "-o", "locked/e.md")),
        ):
            one = running.run(arguments, place, nobody=True, sandboxes=True)
            yield from (f"{' '.join(arguments)}: {each}" for each in tidy(one, *codes))
    if (own / "a.html").exists():
        yield "one of two outputs was written"
    if not (own / "b.json").exists():
        yield "a history that cannot be written kept the report from appearing"
    if sorted(path.name for path in locked.rglob("*")) != before:
        yield "something was left in a folder that cannot be written"


def signals(folder: Path, times: int = 16) -> Found:
    """Interrupts at moments spread over a run, while rows are read and files are written, too."""
    place = desk(folder / "signals", 60_000)
    outputs = ("-o", "r.html", "-o", "r.json", "--record", "h.db")
    command = (*COMMAND, "report", "tickets.csv", "-q", *METRICS[:-1], *outputs)
    known = {**os.environ, "PYTHONPATH": str(ROOT)}
    started = time.monotonic()
    subprocess.run(command, cwd=place, env=known, check=True, capture_output=True)
    whole = time.monotonic() - started
    new = {name: (place / name).read_bytes() for name in ("r.html", "r.json")}
    chance = random.Random(1)
    for number in range(times):
        sent = (signal.SIGINT, signal.SIGTERM)[number % 2]
        with subprocess.Popen(
            command, cwd=place, env=known, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        ) as one:
            time.sleep(whole * (0.2 + 0.8 * chance.random()))
            one.send_signal(sent)
            asked = time.monotonic()
            _, err = one.communicate()
        late = time.monotonic() - asked
        if one.returncode not in (0, 130, -signal.SIGINT, -signal.SIGTERM) or b"Traceback" in err:
            yield f"{sent.name}: exit {one.returncode}: {err[-300:]!r}"
        if late > 2 + whole / 4:  # a busy machine
            yield f"{sent.name}: {late:.1f} s until it ended"
        if any((place / name).read_bytes() != data for name, data in new.items()):
            yield f"{sent.name}: torn"
    subprocess.run(command, cwd=place, env=known, check=True, capture_output=True)
    left = sorted(path.name for path in place.iterdir() if not path.name.startswith("h.db"))
    if left != ["r.html", "r.json", "tickets.csv"]:
        yield f"left: {left}"


def terminals(folder: Path) -> Found:
    """No home, no environment, terminals that can little."""
    place = desk(folder / "terminals")
    plain = ran(("report", "tickets.csv", "-f", "json"), place).out
    bare = {"HOME": "/nonexistent", "XDG_CONFIG_HOME": "/nonexistent", "USER": "", "LOGNAME": ""}
    ways: dict[str, tuple[str, dict[str, str]]] = {
        "no home": ('unset HOME; "$@"', {}),
        "another home": ('"$@"', bare),
        "env -i": (f'env -i PYTHONPATH={ROOT} "$@"', {}),
        "ascii": (
            '"$@"',
            {"PYTHONIOENCODING": "ascii", "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        ),
        "dumb": ('"$@"', {"TERM": "dumb", "COLUMNS": "10", "NO_COLOR": "1"}),
        "no folder": ('mkdir x; cd x; rmdir ../x; "$@" 2>/dev/null; cd ..; exec "$@"', {}),
    }
    for name, (before, more) in ways.items():
        one = ran(("report", "tickets.csv", "-f", "json"), place, before=before, **more)
        yield from (f"{name}: {each}" for each in tidy(one, 0))
        if one.out != plain:
            yield f"{name}: other bytes"
        for arguments in (
            ("report", "tickets.csv", "--lang", "ru"),
            ("metrics", "csat", "--lang", "ru"),
            ("guide",),
        ):
            yield from (
                f"{name} {arguments[0]}: {each}"
                for each in tidy(ran(arguments, place, before=before, **more), 0)
            )


def bytes_alike(folder: Path) -> Found:
    """The same bytes in every format under other clocks, words, seeds, threads and masks."""
    place = desk(folder / "bytes", 3_000)
    zones = ("UTC", "Pacific/Apia", "America/New_York", "Asia/Kathmandu", "Africa/Casablanca", ":broken")
    locales = ("C", "C.UTF-8", "ru_RU.UTF-8", "de_DE.UTF-8", "tr_TR.UTF-8", "ja_JP.eucJP")
    first: dict[str, bytes] = {}
    for number, (zone, locale) in enumerate(zip(zones, locales, strict=True)):
        other = {
            "TZ": zone,
            "LC_ALL": locale,
            "PYTHONHASHSEED": str(number),
            "POLARS_MAX_THREADS": str(number % 4 + 1),
        }
        outputs = [part for kind in FORMATS for part in ("-o", f"{number}.{kind}")]
        one = ran(
            ("report", "tickets.csv", "-q", "--lang", "en", *outputs),
            place,
            before=f'umask 0{number}7; "$@"',
            **other,
        )
        yield from (f"{zone} {locale}: {each}" for each in tidy(one, 0))
        made = {kind: (place / f"{number}.{kind}").read_bytes() for kind in FORMATS}
        first = first or made
        yield from (
            f"{zone} {locale}: other bytes in {kind}" for kind in FORMATS if made[kind] != first[kind]
        )


PLACES: dict[str, Callable[[Path], Found]] = {
    "pipes": pipes,
    "disks": disks,
    "forbidden": forbidden,
    "signals": signals,
    "terminals": terminals,
    "bytes": bytes_alike,
}


def main() -> int:
    """The kinds named, or all."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("names", nargs="*", choices=[[], *PLACES], metavar="NAME")
    bad = 0
    for name in words.parse_args().names or PLACES:
        with tempfile.TemporaryDirectory() as folder:
            found = [*PLACES[name](Path(folder))]
        wrong = [each for each in found if not each.startswith("skipped")]
        print(f"{name}: wrong: {len(wrong)}", *found, sep="\n  ", flush=True)
        bad += len(wrong)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
