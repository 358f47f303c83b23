"""Every public metric against a second engine, also where rows are read piece by piece into buckets on the disk."""

from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from canonical import report, settings
from oracle import BY, CONFIG, RUNS, Oracle, read_at_once, wrong
from random_tables import START, Company

from cx_kpi import api
from cx_kpi.engine.buckets import rows_or_buckets
from cx_kpi.engine.buckets.limits import Limits
from cx_kpi.judge.assemble import assemble
from cx_kpi.metrics.registry import PUBLIC

pytestmark = pytest.mark.usefixtures("engine_of_many")

IN_BUCKETS = {"weeks in Berlin": Limits(3, 600)}  # 3 buckets, 3 pieces of tickets and events
WAYS = [*((name, None) for name in RUNS), *IN_BUCKETS.items()]
ways = pytest.mark.parametrize(("name", "bounds"), WAYS, ids=lambda each: each or "")


@cache
def run(name: str, bounds: Limits | None = None):
    """The report of a run, and the oracle's figure for each metric and slice."""
    given = dict(RUNS[name])
    company = Company(given.pop("seed"))
    if bounds:
        found, frames = in_buckets(company, bounds, **given)
    else:
        frames = company.frames()
        found = report(frames, by=BY, config=CONFIG, **given)
    return found, Oracle(frames, found.window, given)


def in_buckets(company, bounds, **given):
    """The report on the files of a company in buckets, and its tables as they are read at once."""
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patched:
        files = tuple(company.written(Path(folder)))
        options = replace(settings(by=BY, config=CONFIG, **given), explicit=files)
        patched.setattr(rows_or_buckets, "limits", lambda *_: bounds)
        done = api.run(options)
        assert done.results.tables["tickets"].files
        return assemble(done.results, [], [], done.options), read_at_once(options)


@pytest.mark.parametrize("metric", PUBLIC)
@ways
def test_same_as_the_second_engine(name, bounds, metric):
    assert wrong(*run(name, bounds), metric) == []


@ways
def test_the_random_company_has_what_it_takes(name, bounds):
    found, _ = run(name, bounds)
    empty = [metric for metric, reading in found.metrics.items() if not reading.n]
    assert empty == []
    assert [left for left in found.left_out if not left.by] == []
    assert START.year == 2026
