"""Mutation testing with the operators of cosmic-ray, which `pip install -e '.[mutation]'` brings.

`python -m tests.mutate cx_kpi/judge cx_kpi/metrics --sample 100 --seed 1` changes one place of a file at a time,
100 in each of these folders, in a copy of the repository, and runs the tests that import the file, those that execute
the line. A mutant that no test kills is a survivor: a test is missing, or the change means the same. It prints the
survivors and the score of each folder.

Which lines each test executes is recorded first, by coverage.py. `--recorded FOLDER` keeps that.

`--kept FILE` writes each answer there, and what was killed is not asked again: with `--minutes 5`, a large sample is
asked piece by piece. Survivors are asked again with `--again`, once there are more tests.
"""

import argparse
import hashlib
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from compileall import compile_dir
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from math import inf
from pathlib import Path
from py_compile import PycInvalidationMode
from queue import Queue
from resource import RUSAGE_CHILDREN, getrusage
from typing import Any, NamedTuple

from tests.executed_lines import PYTEST, Asked, Recordings, environment, sorted_by_name, statement, words
from tests.judging_tests import ROOT, judges

LEFT_OUT = {".git", ".venv", "__pycache__", ".mypy_cache", ".ruff_cache", ".pytest_cache", ".pictures"}
_SUM, _SET, _ORDER = "(Add|Sub|Mul|Div|FloorDiv)", "(BitOr|BitAnd)", "(Eq|NotEq|Lt|LtE|Gt|GtE)"
FIT = re.compile(  # changes that may go unseen; a number that is shifted breaks everything at once
    rf"ReplaceBinaryOperator_({_SUM}_{_SUM}|{_SET}_{_SET})|ReplaceComparisonOperator_({_ORDER}_{_ORDER}|Is_IsNot|IsNot_Is)"
    r"|ReplaceUnaryOperator_(USub_UAdd|Delete_\w+)|Replace\w+With\w+|AddNot|NumberReplacer|ZeroIterationForLoop"
)
LONGEST = 20, 4  # seconds of the processor, and times what tests take, at most: a loop without an end is seen
STUCK = 7200  # seconds by the clock, for tests that wait for ever; a busy machine is no reason


class Mutant(NamedTuple):
    """One change of one file."""

    path: Path
    line: int
    operator: Any
    occurrence: int

    def code(self) -> str:
        """The file with the change."""
        from cosmic_ray.mutating import mutate_code

        return str(mutate_code(self.path.read_text(encoding="utf-8"), self.operator, self.occurrence))

    def is_python(self) -> bool:
        """Whether it can be compiled: `not` before a walrus cannot."""
        with suppress(SyntaxError):
            return bool(compile(self.code(), self.path, "exec"))
        return False

    def key(self) -> str:
        """What tells it from all others: the file, the line, and what the file becomes."""
        name = self.path.relative_to(ROOT).as_posix()
        return f"{name}:{self.line} {hashlib.sha256(self.code().encode()).hexdigest()[:12]}"


def operators() -> Iterator[Any]:
    """The changes of cosmic-ray that are made."""
    from cosmic_ray.operators.provider import OperatorProvider

    provider = OperatorProvider()
    yield from (provider[name]() for name in provider if FIT.fullmatch(name))


def mutants(path: Path) -> Iterator[list[Mutant]]:
    """The changes of a file, all those of one place together; types and decorators stay as they are."""
    from cosmic_ray.ast import ast_nodes, get_ast

    places: dict[tuple[int, int], list[Mutant]] = {}
    nodes = list(ast_nodes(get_ast(path.read_text(encoding="utf-8"))))
    for operator in operators():
        found = ((node, start) for node in nodes for start, _ in operator.mutation_positions(node))
        for occurrence, (node, start) in enumerate(found):
            if not _is_type(node):
                places.setdefault(start, []).append(Mutant(path, start[0], operator, occurrence))
    yield from places.values()


def _is_type(node: Any) -> bool:
    """Whether a node of the tree is in an annotation, a decorator or the signs of a signature."""
    if node.type == "operator" and node.parent.type in {"parameters", "param"}:
        return True  # the star of a signature
    while node.parent is not None:
        inner, node = node, node.parent
        place = node.children.index(inner)
        before = str(node.children[place - 1]) if place else ""
        if node.type == "decorator" or (node.type == "annassign" and place == 1):
            return True
        if (node.type == "tfpdef" and place == 2) or (node.type == "funcdef" and "->" in before):
            return True
    return False


def sampled(paths: Sequence[Path], size: int, seed: int) -> list[Mutant]:
    """A number of places in these files, and one of the changes of each, but those that are no Python."""
    draw = random.Random(f"{seed} {paths[0].relative_to(ROOT)}")
    places = [place for path in paths for place in mutants(path)]
    drawn = [draw.choice(place) for place in draw.sample(places, min(size, len(places)))]
    return [each for each in drawn if each.is_python()]


def files(name: str) -> list[Path]:
    """The files of a folder or package, or one file."""
    place = ROOT / (name if name.endswith(".py") else name.replace(".", "/"))
    found = [place] if place.is_file() else sorted(place.rglob("*.py"))
    assert found, f"no Python file in {name}"
    return [path for path in found if path.name != "__init__.py"]


def run(copy: Path, tests: Sequence[Asked], *, red: Sequence[str] = (), whole: bool = False) -> bool:
    """Whether tests pass in a copy of the repository; of a whole file, those too that only the change makes."""
    chosen = copy / "chosen.json"
    chosen.write_text(json.dumps({"tests": [each.name for each in tests], "red": [*red], "all": whole}))
    settings = environment(copy, CHOSEN=str(chosen))
    least, times = LONGEST
    longest = str(least + round(times * sum(each.cpu for each in tests)))
    files = dict.fromkeys(each.file for each in tests)
    bounded = [
        "sh",
        "-c",
        'ulimit -t "$0" && exec "$@"',
        longest,
        *PYTEST,
        "-x",
        "-p",
        "tests.chosen_tests",
        *files,
    ]
    with suppress(subprocess.TimeoutExpired):
        ran = subprocess.run(bounded, cwd=copy, env=settings, capture_output=True, timeout=STUCK, check=False)
        assert ran.returncode not in (3, 4, 5), ran.stdout.decode()  # pytest itself: no test was asked
        return not ran.returncode
    return False


class Desk:
    """Copies of the repository, each for one mutant at a time."""

    def __init__(self, folder: Path, jobs: int, recordings: Recordings) -> None:
        self.copies: Queue[Path] = Queue()
        self.recordings = recordings
        for number in range(jobs):
            copy = folder / str(number)
            shutil.copytree(ROOT, copy, ignore=lambda _, names: LEFT_OUT & set(names))
            compile_dir(copy / "cx_kpi", quiet=1, invalidation_mode=PycInvalidationMode.CHECKED_HASH)
            self.copies.put(copy)

    def record(self, test: str) -> None:
        """Which lines the tests of a file execute."""
        copy = self.copies.get()
        try:
            self.recordings.record(test, copy)
        finally:
            self.copies.put(copy)

    def survives(self, mutant: Mutant) -> bool:
        """Whether no test sees the change."""
        copy = self.copies.get()
        file = copy / mutant.path.relative_to(ROOT)
        kept = file.read_text(encoding="utf-8")
        try:
            file.write_text(mutant.code(), encoding="utf-8")
            return self._passes(copy, mutant)
        finally:
            file.write_text(kept, encoding="utf-8")
            self.copies.put(copy)

    def _passes(self, copy: Path, mutant: Mutant) -> bool:
        """Those tests are asked that execute the line, the near and cheap first; all where imports execute it."""
        files, lines = judges(mutant.path), statement(mutant.path, mutant.line)
        chosen = self.recordings.executing(files, mutant.path, lines) if lines else None
        if chosen is not None:
            far = {file: place for place, file in enumerate(files, 1)}
            return run(copy, sorted(chosen, key=lambda test: test.cpu * far[test.file]))
        every = [each for file in files for each in self.recordings.of_file(file)]
        named = sorted_by_name(every, words(mutant.path, mutant.line))
        return run(copy, [*named], red=self.recordings.red(files), whole=True)


def shown(mutant: Mutant) -> str:
    """Where a mutant is, and its line before and after."""
    before, after = mutant.path.read_text(encoding="utf-8").splitlines(), mutant.code().splitlines()
    changed = [f"    - {a.strip()}\n    + {b.strip()}" for a, b in zip(before, after, strict=False) if a != b]
    return f"{mutant.path.relative_to(ROOT)}:{mutant.line} {type(mutant.operator).__name__}\n" + "\n".join(
        changed
    )


class Answers:
    """Which mutants survive, kept in a file if one is named, so that a sample may be asked piece by piece."""

    def __init__(self, kept: Path | None, *, again: bool) -> None:
        lines = kept.read_text(encoding="utf-8").splitlines() if kept and kept.exists() else []
        told = dict(reversed(line.split("\t")) for line in lines)
        self.kept = kept
        self.known = {key: answer == "survives" for key, answer in told.items()}
        self.asked_again = {key for key, survives in self.known.items() if again and survives}

    def survives(self, mutant: Mutant, desk: Desk, end: float) -> bool | None:
        """None where it is not known, and time is over."""
        key = mutant.key()
        if key not in self.known or key in self.asked_again:
            if time.monotonic() >= end:
                return None
            self.known[key] = desk.survives(mutant)
            if self.kept:
                with self.kept.open("a", encoding="utf-8") as file:
                    file.write(f"{'survives' if self.known[key] else 'killed'}\t{key}\n")
        return self.known[key]


def asked(name: str, drawn: Sequence[Mutant], answers: Iterable[bool | None]) -> None:
    """Prints the survivors among the mutants of a folder, and its score."""
    dead = known = 0
    for mutant, survives in zip(drawn, answers, strict=True):
        known += survives is not None
        dead += survives is False
        print(f"\r{name}: {known} of {len(drawn)}", end="", file=sys.stderr, flush=True)
        if survives:
            print(shown(mutant), flush=True)
    left = f", {len(drawn) - known} not asked yet" if known < len(drawn) else ""
    print(f"{name}: {dead} of {known} killed, {dead / max(known, 1):.0%}{left}", flush=True)


def spent() -> float:
    """Seconds of the processor that tests have taken."""
    children = getrusage(RUSAGE_CHILDREN)
    return children.ru_utime + children.ru_stime


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints the survivors and the score of each folder."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("where", nargs="*", default=["cx_kpi/judge", "cx_kpi/engine", "cx_kpi/metrics"])
    parser.add_argument("--sample", type=int, default=100, help="changes in each folder")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--kept", type=Path, metavar="FILE", help="where answers are kept")
    parser.add_argument(
        "--recorded", type=Path, metavar="FOLDER", help="where is kept which lines tests execute"
    )
    parser.add_argument("--again", action="store_true", help="ask kept survivors again")
    parser.add_argument("--minutes", type=float, default=inf, help="after these, no other mutant is begun")
    given = parser.parse_args(arguments)
    end, answers = time.monotonic() + 60 * given.minutes, Answers(given.kept, again=given.again)
    chosen = {name: sampled(files(name), given.sample, given.seed) for name in given.where}
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(given.jobs) as pool:
        desk = Desk(Path(folder), given.jobs, Recordings(given.recorded or Path(folder, "recorded")))
        every = sorted({test for drawn in chosen.values() for each in drawn for test in judges(each.path)})
        [*pool.map(desk.record, every)]
        print(f"recorded: {len(every)} files of tests, {spent():.0f} s of the processor", flush=True)
        for test in desk.recordings.red(every):
            print(f"red before any change, not asked: {test}", flush=True)
        for name, drawn in chosen.items():
            begun = spent()
            asked(name, drawn, pool.map(lambda each: answers.survives(each, desk, end), drawn))
            print(f"{name}: {(spent() - begun) / max(len(drawn), 1):.1f} s of the processor each", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
