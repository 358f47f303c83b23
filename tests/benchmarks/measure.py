"""Whole processes measured: wall seconds, CPU seconds and peak memory, of several commands in turn."""

import os
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

INSTALLED = {
    name: said for name, said in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"
}  # compiled once


@dataclass(frozen=True, slots=True)
class Run:
    """One process from start to end."""

    wall: float
    cpu: float
    peak: int  # bytes


def run(command: Sequence[str]) -> Run:
    """Run a command, its output thrown away; raises `CalledProcessError` when it fails."""
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, env=INSTALLED)
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return Run(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024)


def in_turn(commands: Mapping[str, Sequence[str]], rounds: int) -> dict[str, list[Run]]:
    """Every command once a round, so that all share what else the machine does; one more round warms up."""
    found: dict[str, list[Run]] = {name: [] for name in commands}
    for number in range(rounds + 1):
        for name, command in commands.items():
            measured = run(command)
            if number:
                found[name].append(measured)
    return found


def middle(runs: Sequence[Run], of: Callable[[Run], float]) -> float:
    """The median of one measure."""
    return median(of(each) for each in runs)


def paired(runs: Sequence[Run], base: Sequence[Run], of: Callable[[Run], float]) -> float:
    """The median over the rounds of one measure ÷ that of the base in the same round."""
    return median(of(one) / of(other) for one, other in zip(runs, base, strict=True))
