"""Reads thousands of damaged files: `python -m tests.faults.fuzz [FORMAT…] [--files 1000 --first 0 --seconds S] [--keep FOLDER]`.

Each is read by `report` in a fork of one process, whose own processes for files are forks too, with their bounds. It may
end in a report or in one line of error: no traceback, no exit 70, not over 10 s of computing, not over 1 GB. What does
not is printed with its number, and kept in a folder. Exit code 1: there was one.
"""

import argparse
import json
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from tests.faults.injection import Forks, Ran, forks
from tests.faults.mutated import FORMATS, whole, write

SECONDS = 10
KILOBYTES = 1 << 20
CODES = (0, 2, 3)
WHOLE = 5  # every so many files are reported with all metrics


def wrong(ran: Ran) -> Iterator[str]:
    """What is wrong with a run on a damaged file."""
    if ran.code not in CODES:
        yield f"exit {ran.code}: {ran.err[:300]}"
    if "Traceback" in ran.err or "panicked" in ran.err:
        yield f"traceback: {ran.err[-300:]}"
    if ran.code and len(ran.err.splitlines()) != 1:
        yield f"{len(ran.err.splitlines())} lines of error"
    if ran.code and ran.out:
        yield "exit not 0, and a report"
    if ran.code == 0:
        try:
            json.loads(ran.out, parse_constant=lambda _: 1 / 0)
        except (ValueError, ZeroDivisionError) as problem:
            yield f"no JSON: {problem}"
    if ran.seconds > SECONDS:
        yield f"{ran.seconds:.1f} s"
    if ran.kilobytes > KILOBYTES:
        yield f"{ran.kilobytes >> 10} MB"


def read(running: Forks, path: Path, *, few: bool = False, sandboxes: bool = True) -> Ran:
    """What becomes of a file, with all metrics or a few."""
    metrics = ["--metrics", "tickets_created,resolution_time,csat"] if few else []
    command = ["report", path.name, "-f", "json", *metrics]
    ran = running.run(command, path.parent, sandboxes=sandboxes)
    if ran.code == -signal.SIGALRM and sandboxes:  # threads of libraries may be lost in a fork of a fork
        return running.run(command, path.parent)
    return ran


def main() -> int:
    """The formats named, or all."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("formats", nargs="*", choices=[[], *FORMATS], metavar="FORMAT")
    words.add_argument("--files", type=int, default=1000)
    words.add_argument("--first", type=int, default=0)
    words.add_argument("--seconds", type=int, default=1_000_000, help="for each format")
    words.add_argument("--keep", type=Path)
    said = words.parse_args()
    bad = 0
    sound = whole()
    with tempfile.TemporaryDirectory() as place, forks(Path(place), None) as running:
        for kind in said.formats or FORMATS:
            codes: Counter[int] = Counter()
            most = [0.0, 0]
            end, seed = time.monotonic() + said.seconds, said.first
            while seed < said.first + said.files and time.monotonic() < end:
                path = write(Path(place), kind, sound[kind], seed)
                ran = read(running, path, few=seed % WHOLE != 0)
                codes[ran.code] += 1
                most = [max(most[0], ran.seconds), max(most[1], ran.kilobytes)]
                for each in wrong(ran):
                    bad += 1
                    print(f"  {kind} {seed}: {each}", flush=True)
                    if said.keep:
                        said.keep.joinpath(f"{seed}.{kind}").write_bytes(path.read_bytes())
                seed += 1
            ends = ", ".join(f"exit {code}: {n}" for code, n in sorted(codes.items()))
            print(
                f"{kind}: {seed - said.first} files; {ends}; at most {most[0]:.1f} s, {most[1] >> 10} MB",
                flush=True,
            )
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
