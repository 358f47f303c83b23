"""Benchmark of growth: what a file, a segment, a period and a row of each table cost; prints Markdown.

Whole processes, one at a time; exports are made by processes of their own, and each measured process is started by a
small one, for a child's peak of memory is never below that of the process that starts it.

    python tests/benchmarks/growth.py --scale 0.2    # a fifth of the rows
"""

import json
import shutil
import subprocess
import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from measure import INSTALLED

HERE = Path(__file__).parent
MIB = 2**20
CXKPI = (sys.executable, "-m", "cx_kpi")
MEASURED = """
import json, os, sys, time
start = time.perf_counter()
child = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ, file_actions=[(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)])
_, status, used = os.wait4(child, 0)
print(json.dumps([os.waitstatus_to_exitcode(status), used.ru_utime + used.ru_stime, used.ru_maxrss, time.perf_counter() - start]))
"""


@dataclass(frozen=True, slots=True)
class Case:
    """One way to grow: the rows, the sizes from small to large, and what to ask for."""

    title: str
    maker: str
    rows: int
    sizes: tuple[int, ...]
    unit: str
    asked: tuple[str, ...] = ()
    by_size: tuple[tuple[str, ...], ...] = ()  # what to ask for at each size instead
    adds: bool = False  # not a report is measured, but the adding of one more file to the store
    page: bool = False  # of a page, not of JSON
    does: tuple[str, ...] = ("report",)


CASES = (
    Case("tickets in CSV files", "csv_files", 100_000, (1, 20, 200, 2_000), "file"),
    Case("tickets in Parquet files", "parquet_files", 20_000, (1, 20, 200), "file"),
    Case("tickets in a store of as many CSV files", "stored", 100_000, (1, 20, 200), "file"),
    Case("a file of 200 tickets added to that store", "stored", 100_000, (1, 20, 200), "file", adds=True),
    Case(
        "tickets over 5 years, by month and by day",
        "five_years",
        300_000,
        (60, 1_826),
        "period",
        by_size=(("--period", "month"), ("--period", "day")),
    ),
    Case("tickets by agent", "agents", 300_000, (50, 5_000), "segment", ("--by", "agent")),
    Case(
        "the page of 5 years, by month and by day",
        "five_years",
        300_000,
        (60, 1_826),
        "period",
        by_size=(("--period", "month"), ("--period", "day")),
        page=True,
    ),
    Case("the page by agent", "agents", 300_000, (50, 5_000), "segment", ("--by", "agent"), page=True),
    Case("tickets of 20 days, of as many customers", "one_customer", 20_000, (20_000, 1), "customer"),
    Case("tickets", "of_tickets", 1_000_000, (1_000, 1_000_000), "row"),
    Case("ticket events", "events", 1_000_000, (1_000, 1_000_000), "row"),
    Case("answers", "answers", 1_000_000, (1_000, 1_000_000), "row"),
    Case("tickets, one date of them years off", "odd_date", 20_000, (0, 64), "year"),
    Case(
        "the same, of a desk that opens at odd minutes",
        "odd_date",
        20_000,
        (0, 64),
        "year",
        ("--config", str(HERE / "odd_hours.toml")),
    ),
    Case("tickets with words nobody knows", "many_values", 20_000, (10, 5_000), "value"),
    Case(
        "the cut by such words",
        "many_values",
        20_000,
        (10, 5_000),
        "value",
        ("--by", "channel"),
    ),
    Case(
        "the receipt of such words",
        "many_values",
        20_000,
        (10, 5_000),
        "value",
        does=("explain", "channel_share"),
    ),
)


@dataclass(frozen=True, slots=True)
class Cost:
    """CPU seconds and bytes at the peak of one process, and bytes of the page it wrote."""

    cpu: float
    peak: int
    page: int = 0


def measured(command: Sequence[str]) -> Cost:
    """A command run to its end by a small process; raises `CalledProcessError` when it fails."""
    out = subprocess.check_output(
        [sys.executable, "-I", "-S", "-c", MEASURED, *command], text=True, env=INSTALLED
    )
    code, cpu, peak, _ = json.loads(out)
    if code:
        raise subprocess.CalledProcessError(code, command)
    return Cost(cpu, peak * 1024)


def costs(case: Case, scale: float, rounds: int, folder: Path) -> list[Cost]:
    """The median cost of a report at each size."""
    found = []
    for place, size in enumerate(case.sizes):
        rows = min(size, int(case.rows * scale)) if case.unit == "row" else int(case.rows * scale)
        data = folder / f"{case.maker}_{rows}_{'all' if case.by_size else size}"
        if not data.exists():
            subprocess.check_call(
                [sys.executable, str(HERE / "growth_data.py"), str(data), case.maker, str(rows), str(size)]
            )
        asked = case.by_size[place] if case.by_size else case.asked
        page = folder / "page.html"
        report = [*case.does, str(data), *asked, *(["-o", str(page)] if case.page else ["-f", "json"])]
        runs = [measured([*CXKPI, *(_adding(data) if case.adds else report)]) for _ in range(rounds)]
        size_of_page = page.stat().st_size if case.page else 0
        found.append(
            Cost(median(each.cpu for each in runs), int(median(each.peak for each in runs)), size_of_page)
        )
    return found


def _adding(store: Path) -> list[str]:
    """What adds the file beside a store to a copy of it."""
    copy = store.with_suffix(".store")
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(store, copy)
    return ["store", "add", str(copy), str(store.with_suffix(".csv"))]


def lines(case: Case, scale: float, found: Sequence[Cost]) -> list[str]:
    """A line of the table for each size: the whole, against the first, and for each unit more."""
    first = found[0]
    made = []
    sizes = [min(size, int(case.rows * scale)) if case.unit == "row" else size for size in case.sizes]
    for size, cost in zip(sizes, found, strict=True):
        more = size - sizes[0]
        each = f"{1e6 * (cost.cpu - first.cpu) / more:,.1f} µs a {case.unit}" if more > 0 else ""
        each += f"{', ' if each else ''}a page of {cost.page / 1e6:.1f} MB" if case.page else ""
        made.append(
            f"| {case.title} | {size:,} | {cost.cpu:.2f} | {cost.cpu / first.cpu:.2f} | {each} | {cost.peak / MIB:,.0f} |"
        )
    return made


def main() -> None:
    """Measure every way to grow, or those that are named."""
    parser = ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--scale", type=float, default=1.0, help="of the rows")
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--only", nargs="+", default=[case.maker for case in CASES])
    parser.add_argument("--folder", type=Path, help="where the exports are kept")
    options = parser.parse_args()
    print("| | how many | CPU s | ÷ the first | each more costs | peak MiB |")
    print("|---|---:|---:|---:|---:|---:|")
    with TemporaryDirectory() as passing:
        for case in (each for each in CASES if each.maker in options.only):
            found = costs(case, options.scale, options.rounds, options.folder or Path(passing))
            print(*lines(case, options.scale, found), sep="\n", flush=True)


if __name__ == "__main__":
    main()
