"""Benchmark of the whole report: cxkpi against the same figures in DuckDB and pandas, and against a mere scan.

Whole processes, in turn; prints Markdown. Run it on a quiet machine:

    python tests/benchmarks/run.py --rows 1000000 --rows 10000000
    python tests/benchmarks/run.py --rows 100000 --check   # do all three give the same figures?
"""

import json
import os
import platform
import subprocess
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

from figures import differences, of_report
from generate import generate
from measure import Run, in_turn, middle, paired

HERE = Path(__file__).parent
PYTHON = sys.executable
CXKPI = (PYTHON, "-m", "cx_kpi")
OPPONENTS = {"DuckDB": "duckdb_report.py", "pandas": "pandas_report.py"}
STARTS = {
    "`python -c pass`": (PYTHON, "-c", "pass"),
    "`cxkpi --version`": (*CXKPI, "--version"),
    "`cxkpi --help`": (*CXKPI, "--help"),
    '`python -c "import polars"`': (PYTHON, "-c", "import polars"),
}


def commands(path: Path, skip: Sequence[str]) -> dict[str, Sequence[str]]:
    """What to run on a file, by name."""
    scripts = {**OPPONENTS, "scan": "scan.py"}
    others = {
        name: (PYTHON, str(HERE / script), str(path)) for name, script in scripts.items() if name not in skip
    }
    return {"cxkpi": (*CXKPI, "report", str(path), "-f", "json"), **others}


def machine() -> str:
    """What the figures were measured on."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    libraries = ", ".join(f"{name} {version(name)}" for name in ("cxkpi", "polars", "duckdb", "pandas"))
    system = f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, {memory:.0f} GiB"
    return f"{system}; Python {platform.python_version()}, {libraries}"


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table."""
    rule = ["---", *("---:" for _ in header[1:])]
    return "\n".join("| " + " | ".join(row) + " |" for row in (header, rule, *rows))


def report(path: Path, rows: int, rounds: int, skip: Sequence[str], memory: str | None) -> str:
    """The report on one file: medians, and how many times as long as cxkpi each of the others takes."""
    asked = dict(commands(path, skip))
    fast, bounded = ("--quantiles", "fast"), ("--memory", memory or "")
    asked["with business hours"] = (*asked["cxkpi"], "--config", str(HERE / "hours.toml"))
    asked["with fast quantiles"] = (*asked["cxkpi"], *fast)
    if memory:
        asked[f"in {memory}"] = (*asked["cxkpi"], *bounded)
        asked[f"in {memory}, with fast quantiles"] = (*asked["cxkpi"], *bounded, *fast)
    found = in_turn(asked, rounds)
    ours = found["cxkpi"]
    lines = [
        [
            name,
            *(f"{middle(runs, of):.2f}" for of in (_wall, _cpu)),
            *(f"{paired(runs, ours, of):.2f}" for of in (_wall, _cpu)),
            f"{middle(runs, _peak) / 2**20:,.0f}",
            f"{middle(runs, _peak) / rows:.0f}",
        ]
        for name, runs in found.items()
    ]
    header = ("", "wall s", "CPU s", "wall ÷ cxkpi", "CPU ÷ cxkpi", "peak MiB", "bytes a row")
    floor = ""
    if "scan" in found:
        wall, cpu = (f"{paired(ours, found['scan'], of):.1f}" for of in (_wall, _cpu))
        floor = f"\n\nThe report takes {wall} times the wall time and {cpu} times the CPU time of the scan."
    title = f"### {rows:,} tickets, {path.suffix[1:].upper()}, {path.stat().st_size / 2**20:,.0f} MiB"
    return f"{title}\n\n{table(header, lines)}{floor}"


def starts(folder: Path, rounds: int) -> str:
    """What a start costs, and a report on next to nothing."""
    reports = {
        f"report on 1,000 rows, {path.suffix[1:].upper()}": commands(path, ())["cxkpi"]
        for path in generate(folder, 1000)
    }
    found = in_turn({**STARTS, **reports}, rounds)
    bare, polars = (found[name] for name in ("`python -c pass`", '`python -c "import polars"`'))
    lines = [
        [
            name,
            *(f"{1000 * middle(runs, of):.0f}" for of in (_wall, _cpu)),
            *(f"{paired(runs, base, _cpu):.1f}" for base in (bare, polars)),
        ]
        for name, runs in found.items()
    ]
    header = ("", "wall ms", "CPU ms", "CPU ÷ bare Python", "CPU ÷ import polars")
    return f"### Start-up\n\n{table(header, lines)}"


def check(path: Path, skip: Sequence[str]) -> int:
    """Print every figure the others disagree with; gives how many."""
    asked = {name: command for name, command in commands(path, skip).items() if name != "scan"}
    found = {name: json.loads(subprocess.check_output(command)) for name, command in asked.items()}
    ours = of_report(found.pop("cxkpi"))
    total = sum(len(names) for cells in ours.values() for names in cells.values())
    wrong = {name: list(differences(ours, theirs)) for name, theirs in found.items()}
    for name, lines in wrong.items():
        print(f"{path.name}: {total:,} figures, {len(lines)} differ from {name}", *lines, sep="\n  ")
    return sum(map(len, wrong.values()))


def _wall(run: Run) -> float:
    return run.wall


def _cpu(run: Run) -> float:
    return run.cpu


def _peak(run: Run) -> float:
    return run.peak


def arguments() -> Namespace:
    """The command line."""
    parser = ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, action="append", help="how many tickets; may be repeated")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--folder", type=Path, default=Path(".benchmarks"), help="where the files are kept")
    parser.add_argument("--formats", nargs="+", default=["parquet", "csv"], choices=["parquet", "csv"])
    parser.add_argument("--skip", nargs="+", default=[], choices=[*OPPONENTS, "scan"])
    parser.add_argument("--memory", help="measure a report in so much memory, too: 800MB")
    parser.add_argument("--check", action="store_true", help="compare the figures, measure nothing")
    parser.add_argument("--growth", action="store_true", help="measure what grows, too: see growth.py")
    return parser.parse_args()


def main() -> int:
    """Check or measure."""
    options = arguments()
    options.folder.mkdir(exist_ok=True)
    files = [
        (rows, path)
        for rows in options.rows or [1_000_000]
        for path in generate(options.folder, rows, csv="csv" in options.formats)
        if path.suffix[1:] in options.formats
    ]
    if options.check:
        return min(1, sum(check(path, options.skip) for _, path in files))
    print(f"{machine()}. Medians of {options.rounds} rounds, ratios paired within a round.")
    for rows, path in files:
        print(f"\n{report(path, rows, options.rounds, options.skip, options.memory)}", flush=True)
    print(f"\n{starts(options.folder, 3 * options.rounds)}", flush=True)
    if options.growth:
        print("\n### Growth\n", flush=True)
        subprocess.check_call([PYTHON, str(HERE / "growth.py"), "--folder", str(options.folder)])
    return 0


if __name__ == "__main__":
    sys.exit(main())
