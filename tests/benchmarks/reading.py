"""Benchmark of reading a clean CSV: cxkpi against the two things it does, the proof and the scan.

    python tests/benchmarks/reading.py --rows 1000000 --rows 10000000

Holds reading to 1.3 times their sum, and the proof to 1.5 times the scan; exits with 1 beyond.
"""

import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path

from generate import generate
from measure import Run, in_turn, middle

MODES = ("read", "proof", "scan")
MOST_READING, MOST_PROOF = 1.3, 1.5


def work(mode: str, path: Path) -> None:
    """One of the things to be measured, in a process of its own."""
    import polars as pl
    from scan import NEEDED

    from cx_kpi.read.delimited.delimited_text import open_csv
    from cx_kpi.read.delimited.fast_path import is_exact
    from cx_kpi.read.raw.binary import File
    from cx_kpi.read.rows.first_rows import first_rows
    from cx_kpi.read.rows.grammar import Grammar
    from cx_kpi.read.rows.table_start import lay_out

    if mode == "proof":
        grammar = Grammar(",", '"')
        layout = lay_out(first_rows(path.open(encoding="utf-8").read(1 << 18), grammar, 0))
        assert layout
        assert is_exact(File(path), layout, grammar)
        return
    text = pl.scan_csv(path, infer_schema=False) if mode == "scan" else open_csv(File(path)).frame
    print(text.select(pl.col(NEEDED).str.len_bytes().sum()).collect(engine="streaming"))


def cpu(run: Run) -> float:
    """CPU seconds: firm, whatever else the machine does."""
    return run.cpu


def wall(run: Run) -> float:
    """Wall seconds."""
    return run.wall


def measure(rows: int, options: Namespace) -> bool:
    """Print the figures of one file; whether they hold."""
    options.folder.mkdir(exist_ok=True)
    _, path = generate(options.folder, rows)
    asked = {mode: (sys.executable, __file__, "--mode", mode, "--path", str(path)) for mode in MODES}
    found = in_turn(asked, options.rounds)
    spent = {of.__name__: {mode: middle(found[mode], of) for mode in MODES} for of in (wall, cpu)}
    holds = True
    for name, each in spent.items():
        reading, proof = each["read"] / (each["proof"] + each["scan"]), each["proof"] / each["scan"]
        seconds = ", ".join(f"{mode} {each[mode]:.2f}" for mode in MODES)
        print(
            f"{rows:,} rows, {name} s: {seconds}; read ÷ (proof + scan) {reading:.2f}, proof ÷ scan {proof:.2f}"
        )
        holds = reading <= MOST_READING and proof <= MOST_PROOF if name == "cpu" else holds
    return holds


def main() -> int:
    """Run the benchmark, or one part of it."""
    parser = ArgumentParser()
    parser.add_argument("--rows", type=int, action="append")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--folder", type=Path, default=Path(".benchmarks"))
    parser.add_argument("--mode", choices=MODES)
    parser.add_argument("--path", type=Path)
    options = parser.parse_args()
    if options.mode:
        work(options.mode, options.path)
        return 0
    holds = [measure(rows, options) for rows in options.rows or [1_000_000]]
    return 0 if all(holds) else 1


if __name__ == "__main__":
    sys.exit(main())
