"""Settings of all tests, and work that they share: what never changes is read once in each process."""

import csv
import gc
import json
import os
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import few_rows_on_one_core  # noqa: F401 - before polars
import polars as pl
import pytest
import typer
import vl_convert
from hypothesis import Phase, settings
from kept_runs import THINNED, kept_report, kept_run, never_changes, once, state
from warm_processes import Warm

from cx_kpi import api
from cx_kpi.__main__ import SELDOM
from cx_kpi.model.assets import folder
from cx_kpi.normalise.choice import recognise
from cx_kpi.read import open as opening

os.environ["LC_ALL"] = "C.UTF-8"  # reports follow the language of the environment
gc.set_threshold(SELDOM)  # as the command does
settings.register_profile("default", deadline=None, max_examples=30)
settings.register_profile(  # of tests/mutate.py: a failure is enough, without the smallest example
    "mutation", deadline=None, database=None, derandomize=True, phases=[Phase.explicit, Phase.generate]
)
settings.load_profile("default")
SINCE, ONE_IN = "2025-07-01", 20
DATES = ("created_at", "responded_at", "queued_at", "ordered_at", "at")


@pytest.fixture(scope="session", autouse=True)
def kept_work() -> Iterator[None]:
    """The options of the command are put together once, and a chart drawn once.

    Files that never change are opened and recognised once.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("vl_convert.vegalite_to_svg", _drawn_once(vl_convert.vegalite_to_svg))
        patch.setattr(opening, "open_each", _opened_once(opening.open_each))
        patch.setattr(recognise, "choose", _chosen_once(recognise.choose))
        patch.setattr(typer.main, "get_command", cache(typer.main.get_command))
        yield


def _drawn_once(plainly: Callable[[dict[str, Any]], str]) -> Callable[[dict[str, Any]], str]:
    kept: dict[str, str] = {}

    def draw(spec: dict[str, Any]) -> str:
        return str(once(kept, json.dumps(spec), lambda: plainly(spec)))

    return draw


def _opened_once(plainly: Callable[..., list[Any]]) -> Callable[..., list[Any]]:
    kept: dict[Any, list[Any]] = {}

    def open_each(one: opening.Input, most: int | None = None) -> list[opening.TextFrame]:
        if not (isinstance(one, Path) and never_changes(one)):
            return plainly(one, most)
        return [*once(kept, (state(one), most), lambda: plainly(one, most))]

    return open_each


def _chosen_once(plainly: Callable[..., Any]) -> Callable[..., Any]:
    kept: dict[Any, Any] = {}

    def choose(frame: Any, options: Any, table: str | None) -> Any:
        if not never_changes(frame.path):
            return plainly(frame, options, table)
        key = (state(frame.path), tuple(frame.headers), repr(options.config), table)
        return once(kept, key, lambda: plainly(frame, options, table))

    return choose


RUN, TOLD = kept_run(api.run), kept_report(api.told)


@pytest.fixture(scope="module")
def kept_runs() -> Iterator[None]:
    """Runs on the same files are made once: for tests that change nothing of how a run is made."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(api, "run", RUN)
        patch.setattr(api, "told", TOLD)
        yield


@pytest.fixture
def runs_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """Runs are made each time: for a test of what a run tells on its way."""
    monkeypatch.setattr(api, "run", getattr(api.run, "__wrapped__", api.run))


@pytest.fixture(scope="module")
def engine_of_many() -> Iterator[None]:
    """Where the code leaves it to polars, queries run in the engine that it takes for many rows."""
    with pl.Config(set_engine_affinity="auto"):
        yield


READERS = (
    "import fastexcel, polars, cx_kpi.read.containers.workbook, "
    "cx_kpi.read.databases.sqlite_child, cx_kpi.read.databases.duckdb_child"
)
PAGES = (
    "import cx_kpi.render.templating.user.fill_child, cx_kpi.render.page.html, cx_kpi.render.text.markdown"
)


@pytest.fixture(scope="session", autouse=True)
def warm_readers() -> Iterator[None]:
    """The processes that open workbooks and databases are forks; tests/read/test_programs.py starts one as it is."""
    yield from warm("cx_kpi.read.raw.sandbox.subprocess", READERS)


@pytest.fixture(scope="session")
def warm_templates() -> Iterator[None]:
    """The processes that fill a user's templates are forks."""
    yield from warm("cx_kpi.render.templating.user.fill_parent.subprocess", PAGES)


def warm(place: str, before: str) -> Iterator[None]:
    if not hasattr(os, "pidfd_open"):  # elsewhere each is started as it is
        yield
        return
    children = Warm(before)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(place, children.module())
        yield
    children.close()


@pytest.fixture(scope="session")
def thinned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample company in its last months, with some rows of its larger tables: each period costs time."""
    place = tmp_path_factory.mktemp("company") / THINNED
    place.mkdir()
    kept: set[str] = set()
    for file in sorted(folder("sample_data").glob("*.csv"), key=lambda file: file.stem != "tickets"):
        with file.open(encoding="utf-8", newline="") as text:
            head, *rows = csv.reader(text)
        date = next((head.index(name) for name in DATES if name in head), None)
        late = [row for row in rows if date is None or row[date] >= SINCE]
        some = rows if len(rows) < 100 else late[::ONE_IN]
        kept = kept or {row[0] for row in some}
        if file.stem == "ticket_events":  # of the same tickets
            some = [row for row in late if row[0] in kept]
        with (place / file.name).open("w", encoding="utf-8", newline="") as thin:
            csv.writer(thin).writerows([head, *some])
    return place
