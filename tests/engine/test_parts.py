"""The law of parts: the figures of all rows are those of the parts of any split, added up, for every metric."""

from functools import cache, reduce

import polars as pl
import pytest
from canonical import differences, settings
from oracle import BY, CONFIG, RUNS
from random_tables import Company

from cx_kpi.engine.aggregation import aggregate, binning
from cx_kpi.engine.aggregation.aggregate import aggregate_all, finish, fold
from cx_kpi.engine.aggregation.apart import ascent
from cx_kpi.engine.aggregation.apart.counted import ERROR
from cx_kpi.engine.aggregation.parts import Way, add
from cx_kpi.engine.compute import begun, known_over, of_part
from cx_kpi.engine.facts.fact import SEEN
from cx_kpi.engine.planning import few_rows
from cx_kpi.engine.planning.together import together
from cx_kpi.normalise.vocabulary.date_range import date_range

SPLITS = [
    ("months in UTC", 2),
    ("weeks in Berlin", 3),
    ("a quarter seen earlier", 1),
]
SMALL = "a small company"  # so that some of 9 parts have no rows
COMPANIES = RUNS | {SMALL: RUNS["a quarter seen earlier"] | {"size": 20, "by": [["channel", "product"]]}}
TICKET, CUSTOMER, PLACE = "ticket_id", "customer_id", "place"
COSTS = {"costs": {"hourly_rate": 30.0, "per_month": 5000.0}}
runs = pytest.mark.parametrize("run", RUNS)


def place_of(name, frame, customers, key):
    """What decides the part of each row: its customer, its ticket, or nothing but its place."""
    has = frame.with_row_index(PLACE)
    if key == CUSTOMER and name != "tickets" and TICKET in has.columns:
        named = has.join(customers, on=TICKET, how="left", maintain_order="left")
        has = named.with_columns(
            pl.coalesce([c for c in (CUSTOMER, "customer") if c in named.columns]).alias(CUSTOMER)
        )
    ways = [pl.col(each).hash(seed) for seed, each in enumerate((key, PLACE)) if each in has.columns]
    known = pl.col(key).is_not_null() if key in has.columns else pl.lit(value=False)
    return has.select(pl.when(known).then(ways[0]).otherwise(ways[-1])).to_series()


@cache
def company(run):
    """The tables of a run, the work that begins with them, and its direct figures."""
    given = {"by": BY[1:]} | COMPANIES[run]
    frames = Company(given.pop("seed"), given.pop("size", 300)).frames()
    options = settings(config=CONFIG | COSTS, **given)
    spans = {name: span for name, frame in frames.items() if (span := date_range(name, frame))}
    work = begun(frames, {name: frozenset(frame.columns) for name, frame in frames.items()}, options, spans)
    whole = of_part(work, frames, None)
    return frames, work, aggregate_all(whole.rows, whole.plan.jobs, whole.cuts, whole.windows)


@cache
def folded(run, parts, way, key, wrong=False):
    """The parts of the jobs that go by a key, of tables split by it; or by nothing, which is wrong."""
    frames, work, _ = company(run)
    customers = frames["tickets"].select(TICKET, customer=CUSTOMER)
    by = PLACE if wrong or not key else key
    where = {name: place_of(name, frame, customers, by) % parts for name, frame in frames.items()}
    buckets = [
        {name: frame.filter(where[name] == number) for name, frame in frames.items()}
        for number in range(parts)
    ]
    known, jobs = known_over(work, buckets), jobs_of(work, key)
    done = [of_part(work, bucket, known) for bucket in buckets]
    return jobs, [fold(each.rows, jobs, each.cuts, work.windows, way) for each in done]


def jobs_of(work, key):
    return tuple(job for job in work.plan.jobs if together(job) == ({key} if key else set()))


def wrong_figures(run, jobs, figures, tolerance):
    """The cells that differ from the direct run."""
    direct = company(run)[-1]
    for job in jobs:
        one, other = figures[job.key], direct[job.key]
        yield from (f"{job.key} {cell}" for cell in one.keys() ^ other.keys())
        for cell in one.keys() & other.keys():
            found = differences(one[cell], other[cell], tolerance=tolerance)
            yield from (f"{job.key} {cell} {told}" for told in found)


@pytest.mark.parametrize(
    ("run", "parts", "key"),
    [
        *((*split, key) for split in SPLITS[:2] for key in ("", TICKET, CUSTOMER)),
        (*SPLITS[2], ""),
        *((SMALL, 9, key) for key in ("", CUSTOMER)),
    ],
)
def test_parts_add_up_to_the_direct_run(run, parts, key):
    jobs, found = folded(run, parts, Way.EXACT, key)
    assert jobs
    assert [*wrong_figures(run, jobs, finish(add(*found), jobs), 1e-9)] == []


def test_every_job_goes_by_one_key_at_most():
    _, work, _ = company("months in UTC")
    assert sum(len(jobs_of(work, key)) for key in ("", TICKET, CUSTOMER)) == len(work.plan.jobs)


@runs
@pytest.mark.parametrize("key", [TICKET, CUSTOMER])
def test_split_by_a_wrong_key_they_do_not(run, key):
    jobs, found = folded(run, 2, Way.EXACT, key, wrong=True)
    wrong = {told.split()[0] for told in wrong_figures(run, jobs, finish(add(*found), jobs), 1e-9)}
    assert len(wrong) > len(jobs) / 2, wrong


@pytest.mark.parametrize(("run", "together"), [*zip(RUNS, (1, 40, 1), strict=True)])
@pytest.mark.parametrize("by_changes", [False, True])
def test_a_stock_in_stretches_is_that_of_all_edges_at_once(run, together, by_changes, monkeypatch):
    """And so is one whose series is told by its changes."""
    frames, work, _ = company(run)
    placed = []
    rows_of = binning.alive_at
    monkeypatch.setattr(binning, "TOGETHER", together)
    monkeypatch.setattr(binning, "alive_at", lambda *asked: placed.append(asked[1]) or rows_of(*asked))
    if by_changes:
        monkeypatch.setattr(aggregate, "FEW", 0)
    whole = of_part(work, frames, None)
    jobs = whole.plan.jobs
    figures = aggregate_all(whole.rows, jobs, whole.cuts, whole.windows)
    assert len(placed) > len(work.windows.edges) or by_changes
    assert [*wrong_figures(run, jobs, figures, 1e-9)] == []


def test_facts_of_many_rows_are_those_worked_out_of_few(monkeypatch):
    run = "a quarter seen earlier"
    frames, work, _ = company(run)
    few = of_part(work, frames, None)
    monkeypatch.setattr(few_rows, "FEW", 0)
    whole = of_part(work, frames, None)
    assert len(whole.rows["tickets"].facts) > 10 > len(few.rows["tickets"].facts) > 0
    assert all(SEEN in fact.meta.root_names() for fact in few.rows["tickets"].facts.values())
    figures = aggregate_all(whole.rows, whole.plan.jobs, whole.cuts, whole.windows)
    assert [*wrong_figures(run, whole.plan.jobs, figures, 1e-9)] == []


def test_of_very_many_counted_values_a_range_is_in_memory_at_a_time(monkeypatch):
    run, parts, *_ = SPLITS[0]
    jobs, found = folded(run, parts, Way.EXACT, "")
    monkeypatch.setattr(ascent, "_FEW", 0)
    whole = finish(add(*found), jobs)
    monkeypatch.setattr(ascent, "_AT_ONCE", 10)
    assert finish(add(*found), jobs) == whole
    assert [*wrong_figures(run, jobs, whole, 1e-9)] == []


@pytest.mark.parametrize(("run", "parts"), SPLITS[1:])
def test_by_seven_bits_they_are_as_near_as_is_said(run, parts):
    jobs, found = folded(run, parts, Way.FAST, "")
    assert [*wrong_figures(run, jobs, finish(add(*found), jobs), ERROR)] == []


def test_the_order_of_adding_and_nothing_change_nothing():
    jobs, found = folded("weeks in Berlin", 3, Way.FAST, "")
    frames, work, _ = company("weeks in Berlin")
    empty = of_part(work, {name: frame.clear() for name, frame in frames.items()}, known_over(work, [frames]))
    nothing = fold(empty.rows, jobs, empty.cuts, work.windows, Way.FAST)
    expected = finish(add(*found), jobs)
    a, b, c = found
    ways = [add(c, b, a), add(a, add(c, b)), reduce(add, [nothing, *found, nothing])]
    for way in ways:
        figures = finish(way, jobs)
        for key, cells in expected.items():
            assert cells.keys() == figures[key].keys()
            told = (differences(figures[key][cell], figure) for cell, figure in cells.items())
            assert [each for every in told for each in every] == []


def test_changes_tell_of_a_stock_what_they_can(monkeypatch):
    """Only business hours, by which rows of several calendars are not in the order of their ages, ask for the rows."""
    frames, work, _ = company("weeks in Berlin")
    told = {}
    tell = aggregate.levels

    def noted(stock, measures):
        cells, names = tell(stock, measures)
        told[frozenset(measures)] = names
        return cells, names

    monkeypatch.setattr(aggregate, "FEW", 0)
    monkeypatch.setattr(aggregate, "levels", noted)
    whole = of_part(work, frames, None)
    aggregate_all(whole.rows, whole.plan.jobs, whole.cuts, whole.windows)
    left = [name for measures, names in told.items() for name in measures - names]
    assert len(told) == 2
    assert [name for name in left if "age_business_seconds" not in name] == []
    assert left
