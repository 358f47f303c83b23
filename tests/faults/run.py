"""Lets every call with which the command writes fail, stop half-way or kill it, and looks at what is left.

`python -m tests.faults.run [SCENE…] [--kinds fail,full,kill] [--first N --most N --seconds S --seed 1]` prints a line for
each scene and one for each fault that was not survived. Exit code 1: there was one. Needs a C compiler, or strace, which
can do less.
"""

import argparse
import errno
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.faults.injection import TRACED, Fault, Forks, How, Ran, forks, signalled, traced, ways
from tests.faults.scenes import SCENES, Scene, seen, strays

ERRORS = {
    "open": (errno.EACCES, errno.EROFS, errno.EMFILE),
    "write": (errno.ENOSPC, errno.EIO),
    "fsync": (errno.EIO, errno.ENOSPC),
    "truncate": (errno.EIO,),
    "rename": (errno.EIO, errno.EACCES),
    "link": (errno.EPERM, errno.EMLINK),
    "mkdir": (errno.ENOSPC,),
    "chmod": (errno.EPERM,),
}
WRITING = ("open", "write", "fsync", "truncate", "mkdir")
KINDS = ("fail", "full", "kill")
ALL = 1_000_000
OFTEN = 25


@dataclass(frozen=True, slots=True)
class Limit:
    """Which of the faults, in their random order."""

    first: int = 0
    most: int = ALL
    seconds: float = ALL
    seed: int = 1


@dataclass(slots=True)
class Tally:
    """What became of the faults of a scene."""

    scene: str
    runs: Counter[str] = field(default_factory=Counter)
    bad: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        """One line."""
        return f"{self.scene}: {', '.join(f'{name} {n}' for name, n in sorted(self.runs.items()))}; wrong: {len(self.bad)}"


def faults(calls: Sequence[str], kinds: Sequence[str]) -> Iterator[Fault]:
    """Every fault of a run that makes these calls."""
    for number, line in enumerate(calls, 1):
        call = line.split()[1]
        if "fail" in kinds:
            yield from (Fault(number, How.FAIL, code) for code in ERRORS.get(call, ()))
        if "full" in kinds and call in WRITING:
            yield Fault(number, How.FULL, errno.ENOSPC)
        if "kill" in kinds:
            yield Fault(number, How.KILL)
            if call == "write":
                yield Fault(number, How.HALF)


@dataclass(frozen=True, slots=True)
class Stage:
    """A scene, what is there before and after it, and where it is played."""

    scene: Scene
    folder: Path
    old: dict[str, str]
    new: dict[str, str]
    calls: list[str]

    def play(self, running: Forks, fault: Fault, tally: Tally) -> None:
        """One fault, and where it may have left something the same command without one."""
        ran = self.once(running, fault)
        tally.runs[fault.how.name.lower()] += 1
        wrong = [*self.judged(ran, fault)]
        if wrong or fault.how in (How.KILL, How.HALF):
            wrong += [*self.judged_again(running.run(self.scene.arguments, self.place))]
        hit = ran.calls[fault.number - 1].split(" ", 1)[1] if len(ran.calls) >= fault.number else "?"
        bad = [f"{self.scene.name}: {fault} ({hit.replace(str(self.folder), '')}): {each}" for each in wrong]
        tally.bad += bad
        for each in bad:  # at once: a run of hours may be ended
            print(f"  {each}", flush=True)

    @property
    def place(self) -> Path:
        """Where it is played."""
        return self.folder / "now"

    def once(self, running: Forks, fault: Fault) -> Ran:
        """The scene with a fault."""
        shutil.rmtree(self.place, ignore_errors=True)
        shutil.copytree(self.folder / "before", self.place)
        return running.run(self.scene.arguments, self.place, fault, under=self.place / "out")

    def judged(self, ran: Ran, fault: Fault) -> Iterator[str]:
        """What is wrong with what a run left."""
        now = seen_or_said(self.place)
        if isinstance(now, str):
            yield now
            return
        temporary = strays(self.place, {*self.old, *self.new})
        known = {name: state for name, state in now.items() if name in self.old or name in self.new}
        torn = [
            name for name, state in known.items() if state not in (self.old.get(name), self.new.get(name))
        ]
        told = "history_failed" in ran.err or ".db" in ran.err
        if torn and not told:
            yield f"neither old nor new: {torn}"
        if fault.how in (How.KILL, How.HALF):
            if not signalled(ran):
                yield f"not killed, exit {ran.code}"
            return
        yield from self.judged_error(ran, known, told=told)
        if temporary:
            yield f"left: {temporary}"

    def judged_error(self, ran: Ran, now: dict[str, str], *, told: bool) -> Iterator[str]:
        """What is wrong with a run that met an error."""
        if "Traceback" in ran.err or "panicked" in ran.err:
            yield f"traceback: {ran.err[-300:]}"
        if ran.code not in self.scene.codes:
            yield f"exit {ran.code}: {ran.err.strip()[:200]}"
        lines = [line for line in ran.err.splitlines() if line.startswith("cxkpi: error:")]
        if len(lines) != (ran.code != 0):
            yield f"exit {ran.code} with {len(lines)} lines of error"
        if ran.code == 0 and now != self.new:
            yield "exit 0, and not what was asked for"
        files = [
            {name: state for name, state in each.items() if not name.endswith(".db")}
            for each in (now, self.old, self.new)
        ]
        if not told and files[0] not in files[1:]:
            yield "some files old, some new"
        if told and files[0].keys() != files[2].keys() and files[0] != files[1]:
            yield "some files are missing"

    def judged_again(self, ran: Ran) -> Iterator[str]:
        """What is wrong after the command has run again."""
        if ran.code not in self.scene.again:
            yield f"again: exit {ran.code}: {ran.err.strip()[:200]}"
        now = seen_or_said(self.place)
        if now != self.new:
            yield f"again: not what was asked for: {now if isinstance(now, str) else sorted(now)}"
        elif left := strays(self.place, {*self.new}):
            yield f"again: left: {left}"


def seen_or_said(place: Path) -> dict[str, str] | str:
    """What there is, or what is wrong with it."""
    try:
        return seen(place)
    except Exception as problem:  # noqa: BLE001 - whatever is wrong is said
        return f"cannot be read: {type(problem).__name__}: {problem}"


def stage(scene: Scene, folder: Path, running: Forks) -> Stage:
    """A scene that was played once without a fault."""
    place = folder / "now"
    scene.make(place, running.run)
    shutil.copytree(place, folder / "before")
    old = seen(place)
    ran = running.run(scene.arguments, place, Fault(), under=place / "out")
    assert ran.code == 0, ran.err
    new = seen(place)
    assert old != new
    return Stage(scene, folder, old, new, ran.calls)


def played(stages: Sequence[Stage], running: Forks, kinds: Sequence[str], limit: Limit) -> list[Tally]:
    """The faults of some scenes in a random order, as far as they are wanted."""
    every = [(at, fault) for at in stages for fault in faults(at.calls, kinds)]
    random.Random(limit.seed).shuffle(every)
    tallies = {at.scene.name: Tally(at.scene.name) for at in stages}
    end, place = time.monotonic() + limit.seconds, limit.first
    while place < min(len(every), limit.first + limit.most) and time.monotonic() < end:
        at, fault = every[place]
        at.play(running, fault, tallies[at.scene.name])
        place += 1
        if place % OFTEN == 0:
            print(f"faults {limit.first} to {place} of {len(every)}", flush=True)
    print(f"faults {limit.first} to {place} of {len(every)}", flush=True)
    return [*tallies.values()]


def played_with_strace(scene: Scene, folder: Path) -> Tally:
    """Each kind of call failing at each of its first places, where there is no compiler."""
    with forks(folder, None) as running:
        at = stage(scene, folder / scene.name, running)
        tally = Tally(scene.name)
        for calls in TRACED:
            for number in range(1, 9):
                shutil.rmtree(at.place, ignore_errors=True)
                shutil.copytree(at.folder / "before", at.place)
                ran = traced(scene.arguments, at.place, calls, number, errno.EIO)
                tally.runs["fail"] += 1
                fault = Fault(number, How.FAIL, errno.EIO)
                again = running.run(scene.arguments, at.place)
                wrong = [*at.judged(ran, fault), *at.judged_again(again)]
                tally.bad += [f"{scene.name}: {calls} {fault}: {each}" for each in wrong]
    return tally


def main() -> int:
    """The scenes named, or all."""
    known = {scene.name: scene for scene in SCENES}
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("scenes", nargs="*", choices=[[], *known], metavar="SCENE")
    words.add_argument("--kinds", default=",".join(KINDS))
    for name, value in (("first", 0), ("most", ALL), ("seconds", ALL), ("seed", 1)):
        words.add_argument(f"--{name}", type=int, default=value)
    said = words.parse_args()
    limit = Limit(said.first, said.most, said.seconds, said.seed)
    scenes = [known[name] for name in said.scenes or known]
    with tempfile.TemporaryDirectory() as place:
        way, preload = ways(Path(place))
        print(f"faults by: {way or 'nothing: there is neither a C compiler nor strace'}", flush=True)
        tallies: list[Tally] = []
        if preload:
            with forks(Path(place), preload) as running:
                stages = [stage(scene, Path(place) / scene.name, running) for scene in scenes]
                tallies = played(stages, running, said.kinds.split(","), limit)
        elif way:
            tallies = [played_with_strace(scene, Path(place)) for scene in scenes]
        for tally in tallies:
            print(tally, flush=True)
    return 1 if any(tally.bad for tally in tallies) else 0


if __name__ == "__main__":
    sys.exit(main())
