"""One street, one way: who may import whom, what start-up may load, and how large files and functions are."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from statistics import median, quantiles

import pytest

ROOT = Path(__file__).parents[1]
STAGES = ("read", "normalise", "metrics", "engine", "judge", "render", "api", "cli", "__main__")
VOCABULARY = {
    "cx_kpi",
    "schema",
    "report",
    "quality",
    "receipt",
    "json_schema",
    "options",
    "errors",
    "language",
    "names",
    "figures",
    "assets",
    "words",
    "dates",
    "numerals",
}
HEAVY = {
    "polars",
    "jinja2",
    "rich",
    "babel",
    "sqlglot",
    "pydantic",
    "pymorphy3",
    "rapidfuzz",
    "numpy",
    "duckdb",
}
LONGEST = 300  # lines of a file
FILES = sorted((ROOT / "cx_kpi").rglob("*.py"))


def module(path: Path) -> str:
    """The dotted name of a file."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


TREES = {module(path): ast.parse(path.read_text(encoding="utf-8")) for path in FILES}


def imported(tree: ast.AST) -> Iterator[str]:
    """Our modules a tree imports, wherever it does so."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name.split(".")[0] == "cx_kpi")
        elif isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "cx_kpi":
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                yield whole if whole in TREES else str(node.module)


def stage(name: str) -> str:
    """The stage of a module, or its own name where it is one of the top level."""
    return name.split(".")[1] if "." in name else name


IMPORTS = {name: set(imported(tree)) - {name} for name, tree in TREES.items()}
every = pytest.mark.parametrize("name", IMPORTS)


def test_every_file_has_its_place():
    assert {stage(name) for name in TREES} - set(STAGES) - VOCABULARY == set()


@every
def test_imports_go_one_way(name):
    mine = stage(name)
    for other in IMPORTS[name]:
        theirs = stage(other)
        if theirs in VOCABULARY:
            continue
        if name == "cx_kpi":
            assert theirs == "api", f"{name} imports {other}"
            continue
        assert mine not in VOCABULARY, f"{name} is shared by all, but imports {other}"
        assert STAGES.index(theirs) <= STAGES.index(mine), f"{name} imports {other} of a later stage"


@every
def test_renderers_know_the_report_alone(name):
    if stage(name) == "render":
        assert {stage(other) for other in IMPORTS[name]} <= VOCABULARY | {"render"}


@every
def test_nothing_is_imported_relatively(name):
    assert not any(isinstance(node, ast.ImportFrom) and node.level for node in ast.walk(TREES[name]))


def test_no_file_imports_itself_in_a_circle():
    circle = IMPORTS | {"cx_kpi": set()}  # the version is at the root, and the call that makes a report
    try:
        TopologicalSorter(circle).prepare()
    except CycleError as problem:
        pytest.fail(" → ".join(problem.args[1]))


def loaded(code: str, *arguments: str) -> set[str]:
    """The top-level packages a fresh Python has loaded after some code."""
    script = (
        f"import sys\ntry:\n    {code}\nexcept SystemExit:\n    pass\nprint('\\n' + ' '.join(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-P", "-c", script, *arguments], capture_output=True, text=True, check=True, cwd=ROOT
    )
    return {name.split(".")[0] for name in done.stdout.splitlines()[-1].split()}


MAIN = "from cx_kpi.__main__ import main; main()"


def test_help_loads_nothing_heavy():
    assert loaded(MAIN, "--help") & HEAVY == set()
    assert loaded(MAIN, "report", "--help") & HEAVY <= {"pydantic"}  # with which typer reads options


def test_the_version_loads_next_to_nothing():
    assert loaded(MAIN, "--version") & {*HEAVY, "typer", "zoneinfo", "dataclasses", "pathlib"} == set()


def test_the_command_line_loads_nothing_heavy_by_being_imported():
    assert loaded("import cx_kpi, cx_kpi.cli.app") & HEAVY == set()


def test_files_are_short_and_functions_shorter():
    """Only the longest file is a limit; the rest is told with `pytest -s`."""
    lines = {
        name: len(path.read_text(encoding="utf-8").splitlines())
        for name, path in zip(TREES, FILES, strict=True)
    }
    bodies = [
        (node.end_lineno or 0) - node.body[0].lineno + 1 - (ast.get_docstring(node) is not None)
        for tree in TREES.values()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
    ]
    print(
        f"\nfiles: median {median(lines.values())} lines, longest {max(lines.values())}; "
        f"functions: median {median(bodies)}, nine in ten within {quantiles(bodies, n=10)[-1]:.0f}, "
        f"longest {max(bodies)}"
    )
    assert {name: n for name, n in lines.items() if n > LONGEST} == {}
