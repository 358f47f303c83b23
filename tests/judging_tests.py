"""The test files that are to notice a change of a file of the package, by what imports what."""

import ast
import itertools
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[1]
TESTS = ROOT / "tests"
DECLARED = (
    "tests/metrics/test_examples.py",
    "tests/engine/test_trace.py",
)  # what holds declarations of metrics
PINS = (*DECLARED[:1], "tests/golden/test_golden.py")  # the figures themselves: asked last
BY_REPORT = {  # files that these tests reach by a whole report or by the command
    "cx_kpi/normalise": ("tests/cases/test_cases.py", "tests/cli/test_init.py"),
    "cx_kpi/engine/guards": ("tests/engine/test_reach.py",),
    "cx_kpi/metrics/definition": ("tests/engine/test_parts.py", "tests/engine/test_own_metrics.py"),
    "cx_kpi/engine/planning": ("tests/cli/test_own_metrics_used.py",),
    "cx_kpi/engine/ranks": ("tests/engine/test_own_metrics.py",),
    "cx_kpi/engine/drilldown": ("tests/cli/test_explain.py",),
    "cx_kpi/judge/receipt": ("tests/cli/test_explain.py",),
    "cx_kpi/judge/quality": ("tests/cli/test_check.py",),
    "cx_kpi/judge/sentences": ("tests/cli/test_explain.py", "tests/cli/test_history.py"),
    "cx_kpi/judge/verdicts": ("tests/cli/test_history.py",),
    "cx_kpi/judge/additions": ("tests/cli/test_reconcile.py",),
    "cx_kpi/judge/charts": ("tests/engine/test_exhibits.py",),
}
NEAR = 6  # test files besides those that import a file


@cache
def imports(path: Path) -> frozenset[Path]:
    """The files of ours that a file imports, helpers of tests too."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        match node:
            case ast.ImportFrom(module=module, names=names):
                base = "." * node.level + (module or "")
                found |= {f"{base}.{each.name}" if module else base + each.name for each in names} | {base}
            case ast.Import(names=names):
                found |= {each.name for each in names}
    return frozenset(file for name in found for file in _file(name, path))


def _file(name: str, importer: Path) -> Iterator[Path]:
    parts = Path(*name.lstrip(".").split(".")) if name.strip(".") else Path()
    for base in (importer.parent,) if name.startswith(".") else (ROOT, TESTS):
        yield from (each for each in (base / f"{parts}.py", base / parts / "__init__.py") if each.is_file())


@cache
def distance(test: Path) -> dict[Path, int]:
    """How many imports away from a test each file is."""
    steps, edge = {test: 0}, {test}
    for step in itertools.count(1):
        edge = {file for each in edge for file in imports(each)} - steps.keys()
        if not edge:
            break
        steps |= dict.fromkeys(edge, step)
    return steps


@cache
def importers(path: Path) -> frozenset[Path]:
    """The files of the package that import a file, and those that import these."""
    package = list((ROOT / "cx_kpi").rglob("*.py"))
    first = {each for each in package if path in imports(each)}
    return frozenset(first | {each for each in package if first & imports(each)})


@cache
def judges(path: Path) -> tuple[str, ...]:
    """The test files that import a file or are named after it or one that imports it: its own first, small ones next.

    Then a few others: those that import its neighbours, those of its stage, those with fewest imports between. Those
    of the figures come last, and for the declarations of metrics first.
    """
    tests = [each for each in TESTS.glob("*/test_*.py") if each.parent.name != "browser"]
    names = {f"test_{each.stem}" for each in importers(path) | {path}} - {"test_api", "test_run"}
    own = [test for test in tests if path in imports(test) or test.stem in names]
    far = {test: distance(test)[path] for test in tests if path in distance(test)}
    parts = path.relative_to(ROOT).parts
    stage, beside = parts[1], frozenset(ROOT.joinpath(*parts[:3]).rglob("*.py"))
    strange = {test: (not imports(test) & beside, test.parent.name != stage, far[test]) for test in far}
    near = sorted(far, key=lambda test: (strange[test], test.stat().st_size))[:NEAR]
    own.sort(key=lambda test: (test.stem != f"test_{path.stem}", test.stat().st_size))
    found = [str(test.relative_to(ROOT)) for test in (*own, *near)]
    is_declared = ROOT / "cx_kpi" / "metrics" in path.parents
    found += (test for room, tests in BY_REPORT.items() if ROOT / room in path.parents for test in tests)
    return tuple(dict.fromkeys([*(DECLARED if is_declared else ()), *found, *PINS]))
