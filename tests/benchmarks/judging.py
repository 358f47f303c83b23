"""What judging adds to a report: `python tests/benchmarks/judging.py PATH… [--rounds 5]`.

Whole processes in turn, with everything and without judging and what is set beside it; prints Markdown.
"""

import sys
from argparse import ArgumentParser
from collections.abc import Sequence

from measure import Run, in_turn, middle


def without() -> None:
    """The command line, with nothing judged."""
    import cx_kpi.engine.compute as computing
    import cx_kpi.judge.additions.added as additions
    import cx_kpi.judge.assemble as assembling
    from cx_kpi.__main__ import main as command
    from cx_kpi.judge.verdicts.judged import Judged

    computing._with_days = lambda work: work
    assembling.judged = lambda *_: Judged()
    additions.added = lambda report, *_: report
    del sys.argv[1]
    command()  # as `cxkpi` does, which seldom looks for circles


def table(paths: Sequence[str], rounds: int) -> str:
    """CPU seconds of a report with and without judging, medians."""
    more = [
        part
        for path in paths
        if path.startswith("sample_data")
        for part in ("--config", "sample_data/cxkpi.toml")
    ]
    report = ("report", *paths, *more)
    found = in_turn(
        {
            "with": (sys.executable, "-m", "cx_kpi", *report),
            "without": (sys.executable, __file__, "--without", *report),
        },
        rounds,
    )
    judged, bare = (middle(found[name], _cpu) for name in ("with", "without"))
    return f"| {', '.join(paths)} | {judged:.2f} | {bare:.2f} | {judged - bare:.2f} | {100 * (judged / bare - 1):.0f} % |"


def _cpu(run: Run) -> float:
    return run.cpu


def main() -> None:
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("paths", nargs="+")
    parser.add_argument("--rounds", type=int, default=5)
    asked = parser.parse_args()
    print("| report | CPU s | without judging | judging | of the rest |\n|---|---:|---:|---:|---:|")
    for path in asked.paths:
        print(table([path], asked.rounds), flush=True)


if __name__ == "__main__":
    without() if sys.argv[1:2] == ["--without"] else main()
