"""A plugin of pytest for tests/mutate.py: records with coverage.py which lines of the package each test executes.

`pytest -p tests.recording_lines` writes to the file that RECORDED names. What tests share is recorded for all of them:
a fixture of a module has a context of its own, and what is kept between tests is forgotten before each.
"""

import functools
import hashlib
import importlib
import json
import os
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from math import inf
from pathlib import Path
from pkgutil import walk_packages
from resource import RUSAGE_CHILDREN, getrusage
from typing import Any

import pytest
from coverage import Coverage

ROOT = Path(__file__).parents[1]
STARTS = {"subprocess.Popen", "os.posix_spawn", "os.fork", "os.exec"}


def cpu() -> float:
    """Seconds of the processor, of children too."""
    children = getrusage(RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


class Recorder:
    """Who executes what, from before the package is imported."""

    def __init__(self, place: Path) -> None:
        self.place, self.context = place, ""
        self.tests: dict[str, dict[str, Any]] = {}
        self.elsewhere: set[str] = set()  # contexts that start processes, of which no line is seen
        self.caches: list[Any] = []
        self.uses: dict[str, set[str]] = defaultdict(set)  # contexts whose work others ask for
        self.coverage = Coverage(data_file=str(place), source=["cx_kpi"], config_file=False)
        self.coverage.set_option("run:core", "ctrace")
        self.coverage.set_option("run:relative_files", True)

    def pytest_load_initial_conftests(self) -> None:
        """The folders of `pythonpath` are known, and no conftest is imported."""
        functools.lru_cache = self._forgetting(functools.lru_cache)
        sys.addaudithook(self._heard)
        self.coverage.start()
        kept_runs, warm = map(importlib.import_module, ("kept_runs", "warm_processes"))
        kept_runs.once = self._keeping(kept_runs.once)
        warm.Warm._ask = self._asking(warm.Warm._ask)
        for module in walk_packages([str(ROOT / "cx_kpi")], "cx_kpi."):
            if not module.name.endswith(
                ("__main__", "_child")
            ):  # otherwise the first test that needs it imports it
                with suppress(ImportError):
                    importlib.import_module(module.name)

    def _forgetting(self, plainly: Callable[..., Any]) -> Callable[..., Any]:
        """What the package keeps is forgotten; what tests keep is theirs that ask for it."""

        def cached(work: Any, made: Callable[[Any], Any]) -> Any:
            place = str(Path(getattr(work, "__code__", cached.__code__).co_filename).absolute())
            if not place.startswith(f"{ROOT}{os.sep}"):
                return made(work)
            if not place.startswith(str(ROOT / "tests")):
                self.caches.append(made(work))
                return self.caches[-1]
            name = f"{place} {work.__qualname__}"

            @made
            @functools.wraps(work)
            def apart(*given: Any, **named: Any) -> Any:
                with self._in(name):
                    return work(*given, **named)

            @functools.wraps(apart)
            def asked(*given: Any, **named: Any) -> Any:
                self.uses[self.context].add(name)
                return apart(*given, **named)

            asked.cache_clear = apart.cache_clear  # type: ignore[attr-defined]
            return asked

        def lru_cache(maxsize: Any = 128, typed: bool = False) -> Any:
            if callable(maxsize):
                return cached(maxsize, plainly)
            return lambda work: cached(work, plainly(maxsize, typed))

        return lru_cache

    def _keeping(self, plainly: Callable[..., Any]) -> Callable[..., Any]:
        """What is kept for tests of many files is theirs that ask for it."""

        def once(kept: Any, key: Any, make: Callable[[], Any], most: float = inf) -> Any:
            name = f"kept {hashlib.sha256(repr(key).encode()).hexdigest()}"
            self.uses[self.context].add(name)

            def made() -> Any:
                with self._in(name):
                    return make()

            return plainly(kept, key, made, most)

        return once

    def _heard(self, event: str, _: Any) -> None:
        if event in STARTS:
            self.elsewhere.add(self.context)

    def _asking(self, plainly: Callable[..., Any]) -> Callable[..., Any]:
        def ask(warm: Any, job: Any) -> Any:
            self.elsewhere.add(self.context)
            return plainly(warm, job)

        return ask

    @contextmanager
    def _in(self, context: str) -> Iterator[None]:
        for each in self.caches:
            each.cache_clear()
        before, self.context = self.context, context
        self.coverage.switch_context(context)
        try:
            yield
        finally:
            self.context = before
            self.coverage.switch_context(before)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: Any) -> Any:
        """Each test begins with nothing kept."""
        known = item._fixtureinfo.name2fixturedefs
        defined = (each for name in item.fixturenames for each in known.get(name, ()))
        shared = [_name(each) for each in defined if each.scope != "function"]
        self.uses[item.nodeid] |= {*shared}
        self.tests[item.nodeid] = {"passes": True}
        begun = cpu()
        with self._in(item.nodeid):
            done = yield
        self.tests[item.nodeid]["cpu"] = round(cpu() - begun, 3)
        return done

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef: Any) -> Any:
        """What tests share has a context of its own."""
        if fixturedef.scope == "function":
            return (yield)
        with self._in(_name(fixturedef)):
            return (yield)

    def pytest_runtest_logreport(self, report: Any) -> None:
        """A test that fails before any change kills nothing."""
        self.tests[report.nodeid]["passes"] &= not report.failed

    def pytest_sessionfinish(self) -> None:
        """Lines go into the file, and tests beside it."""
        self.coverage.stop()
        self.coverage.save()
        for name, test in self.tests.items():
            test["contexts"] = sorted(self._used(name))
        told = {"tests": self.tests, "elsewhere": sorted(self.elsewhere)}
        self.place.with_suffix(".json").write_text(json.dumps(told), encoding="utf-8")

    def _used(self, context: str) -> set[str]:
        found, edge = {context}, {context}
        while edge := {each for one in edge for each in self.uses[one]} - found:
            found |= edge
        return found


def _name(fixture: Any) -> str:
    return f"{fixture.baseid}::{fixture.argname}"


def pytest_addhooks(pluginmanager: Any) -> None:
    """The recorder is a plugin of its own."""
    pluginmanager.register(Recorder(Path(os.environ["RECORDED"])))
