"""The order of rooms: who may import whom, what start-up may load, and how large files and functions are."""

import ast
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from statistics import median, quantiles

import pytest

ROOT = Path(__file__).parents[1]
ROOMS: dict[str, str] = {  # the rooms of a folder from the ground floor up: each may import those before it
    "cx_kpi": "model wording read normalise metrics engine judge render api store cli notebook spark __main__",
    "cx_kpi.read": "raw rows containers databases servers delimited store files open open_inputs",
    "cx_kpi.normalise": "vocabulary values calendar preset mapping choice dimensions tables history config load rejected",
    "cx_kpi.metrics": "definition families meant installed_metrics own_metrics registry charts cohorts",
    "cx_kpi.engine": "packing ranks time facts planning aggregation chart_grids results guards drilldown compute buckets",
    "cx_kpi.judge": "statistics verdicts sentences charts quality bench rated_segments assemble additions receipt",
    "cx_kpi.render": "elements view files charts terminal templating page text documents xlsx formats",
    "cx_kpi.cli": "options records outputs commands assistants completion app",
}
DOORS = {"__main__", "spark"}  # by which others come in: named by Python, and by those who run Spark
MOST_ROOMS = 12  # in a folder: more cannot be seen at once
SHARED = {"model", "wording"}
HEAVY = {
    "polars",
    "jinja2",
    "rich",
    "babel",
    "sqlglot",
    "pydantic",
    "pymorphy3",
    "rapidfuzz",
    "snowballstemmer",
    "numpy",
    "duckdb",
}
LONGEST = 300  # lines of a file
LONGEST_BODY = 50  # lines of a function
MOST_BRANCHES = 15
SOME_BRANCHES = 10
SHARE_OF_SOME = 0.02  # of all functions may have more
FILES = sorted((ROOT / "cx_kpi").rglob("*.py"))


def module(path: Path) -> str:
    """The dotted name of a file."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module(path): path for path in FILES}


@cache  # not while tests are collected, which every worker does
def tree_of(name: str) -> ast.Module:
    """What a module says."""
    return ast.parse(MODULES[name].read_text(encoding="utf-8"))


@cache
def nodes_of(name: str) -> list[ast.AST]:
    """Everything in a module."""
    return [*ast.walk(tree_of(name))]


def imported(nodes: Iterable[ast.AST]) -> Iterator[str]:
    """Our modules that are imported, wherever it is."""
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name.split(".")[0] == "cx_kpi")
        elif isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "cx_kpi":
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                yield whole if whole in MODULES else str(node.module)


@cache
def imports_of(name: str) -> set[str]:
    """Our modules that a module of ours imports."""
    return set(imported(nodes_of(name))) - {name}


FOLDERS = sorted({name.rsplit(".", 1)[0] for name in MODULES if "." in name})


def rooms(folder: str) -> set[str]:
    """The files and folders in a folder of the package, by name."""
    deep = folder.count(".") + 1
    return {name.split(".")[deep] for name in MODULES if name.startswith(f"{folder}.")}


def meeting(one: str, other: str) -> tuple[str, str, str] | None:
    """The folder in which two modules part, and the room of each there; none where one lies inside the other."""
    mine, theirs = one.split("."), other.split(".")
    same = next((n for n, pair in enumerate(zip(mine, theirs, strict=False)) if pair[0] != pair[1]), 0)
    return (".".join(mine[:same]), mine[same], theirs[same]) if same else None


def test_a_folder_shows_at_most_a_dozen_rooms():
    assert [folder for folder in FOLDERS if len(rooms(folder) - DOORS) > MOST_ROOMS] == []


@pytest.mark.parametrize("folder", ROOMS)
def test_every_room_has_its_floor(folder):
    assert rooms(folder) == set(ROOMS[folder].split())


def test_imports_go_one_way():
    for name in MODULES:
        for other in imports_of(name):
            met = meeting(name, other)
            if met and met[0] in ROOMS:
                folder, mine, theirs = met
                order = ROOMS[folder].split()
                assert order.index(theirs) < order.index(mine), f"{name} imports {other} of a room above"


@cache
def arrows_in() -> dict[str, dict[str, set[str]]]:
    """By folder, which of its rooms imports which."""
    arrows: dict[str, dict[str, set[str]]] = {}
    for name in MODULES:
        for met in (meeting(name, other) for other in imports_of(name)):
            if met:
                folder, mine, theirs = met
                arrows.setdefault(folder, {}).setdefault(mine, set()).add(theirs)
    return arrows


def circle(arrows: dict[str, set[str]]) -> str:
    """Rooms that import each other in turn, if there are any."""
    try:
        TopologicalSorter(arrows).prepare()
    except CycleError as problem:
        return " → ".join(problem.args[1])
    return ""


def test_no_two_rooms_import_each_other():
    circles = {folder: circle(arrows) for folder, arrows in arrows_in().items()}
    assert {folder: rooms for folder, rooms in circles.items() if rooms} == {}


def test_base_names_are_unique():
    names = Counter(path.stem for path in FILES if path.stem != "__init__")
    assert {name: n for name, n in names.items() if n > 1} == {}


def test_renderers_know_the_report_alone():
    renderers = [name for name in MODULES if name.startswith("cx_kpi.render")]
    known = {other for name in renderers for other in imports_of(name) if "." in other}
    assert {other for other in known if other.split(".")[1] not in SHARED | {"render"}} == set()


def test_nothing_is_imported_relatively():
    nodes = ((name, node) for name in MODULES for node in nodes_of(name))
    assert [name for name, node in nodes if isinstance(node, ast.ImportFrom) and node.level] == []


def loaded(code: str, *arguments: str) -> set[str]:
    """What a fresh Python has loaded after some code: other packages by name, modules of ours in full."""
    script = (
        f"import sys\ntry:\n    {code}\nexcept SystemExit:\n    pass\nprint('\\n' + ' '.join(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-P", "-c", script, *arguments], capture_output=True, text=True, check=True, cwd=ROOT
    )
    names = done.stdout.splitlines()[-1].split()
    return {name if name.startswith("cx_kpi.") else name.split(".")[0] for name in names}


MAIN = "from cx_kpi.__main__ import main; main()"


def test_help_loads_nothing_heavy_and_no_report():
    for_help = loaded(MAIN, "--help")
    assert for_help & {*HEAVY, "cx_kpi.model.report", "cx_kpi.api"} == set()
    assert loaded(MAIN, "report", "--help") & HEAVY <= {"pydantic"}  # with which typer reads options


def test_the_version_loads_next_to_nothing():
    assert (
        loaded(MAIN, "--version") & {*HEAVY, "typer", "typing", "zoneinfo", "dataclasses", "pathlib"} == set()
    )


def test_the_command_line_loads_nothing_heavy_by_being_imported():
    assert loaded("import cx_kpi, cx_kpi.cli.app") & HEAVY == set()


def functions() -> Iterator[tuple[str, ast.FunctionDef]]:
    """Every function of the package, with its full name."""
    for name in MODULES:
        for node in nodes_of(name):
            if isinstance(node, ast.FunctionDef):
                yield f"{name}.{node.name}", node


def body_lines(node: ast.FunctionDef) -> int:
    """Lines from the first statement to the last, without the docstring."""
    body = node.body[1:] if ast.get_docstring(node) is not None else node.body
    return (node.end_lineno or 0) - body[0].lineno + 1 if body else 0


def branches(node: ast.AST) -> int:
    """Ways through a function: one, and one more for each decision in it (McCabe's count with conditions)."""
    deciding = (ast.If, ast.For, ast.While, ast.IfExp, ast.ExceptHandler, ast.Assert, ast.match_case)
    found = 1
    for each in ast.walk(node):
        found += isinstance(each, deciding)
        found += len(each.values) - 1 if isinstance(each, ast.BoolOp) else 0
        found += 1 + len(each.ifs) if isinstance(each, ast.comprehension) else 0
    return found


def test_files_are_short():
    lines = {name: len(path.read_text(encoding="utf-8").splitlines()) for name, path in MODULES.items()}
    print(f"\nfiles: median {median(lines.values())} lines, longest {max(lines.values())}")
    assert {name: n for name, n in lines.items() if n > LONGEST} == {}


def test_functions_are_short_and_decide_little():
    found = [*functions()]
    lines = {name: body_lines(node) for name, node in found}
    ways = {name: branches(node) for name, node in found}
    print(
        f"\nfunctions: {len(lines)}, median {median(lines.values())}, "
        f"nine in ten within {quantiles(lines.values(), n=10)[-1]:.0f}, longest {max(lines.values())}; "
        f"{sum(n > SOME_BRANCHES for n in ways.values()) / len(ways):.1%} with more than {SOME_BRANCHES} branches"
    )
    assert {name: n for name, n in lines.items() if n > LONGEST_BODY} == {}
    assert {name: n for name, n in ways.items() if n > MOST_BRANCHES} == {}
    assert sum(n > SOME_BRANCHES for n in ways.values()) <= SHARE_OF_SOME * len(ways)
