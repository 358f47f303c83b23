"""Row contributions agree with the figure: as many rows count, and their values add up to it."""

from functools import cache

import polars as pl
import pytest
from canonical import report, settings
from random_tables import Company

from cx_kpi.engine.aggregation.cells import OVERALL
from cx_kpi.engine.compute import compute
from cx_kpi.engine.drilldown.contributions import INCOMPLETE, ROW, trace
from cx_kpi.engine.planning.plan import FACTS, Job
from cx_kpi.engine.results import Results
from cx_kpi.metrics.registry import PUBLIC
from cx_kpi.model.values import Unit

CONFIG = {"complaint_repeat_days": 20, "inactivity_days": 30, "costs": {"hourly_rate": 30.0}}
WINDOWS = {
    "all": {},
    "chosen": {"since": "2026-10-12", "until": "2026-12-20"},
    "earlier": {"as_of": "2026-12-15T10:00"},
}
OTHER_N = {"preferred_channel", "self_gap"}  # n is not a number of rows: customers; one side of a gap
MEANS = {Unit.SHARE, Unit.SECONDS, Unit.SCORE, Unit.CURRENCY}  # of the values of the rows
NO_MEANS = {
    "sps",
    "self_gap",
    "backlog_age",
    "time_in_status",
    "channel_share",
    "complaints_by_product",
    "churn_reasons",
    "customer_concentration",
}

LACK_CELLS = {  # whose rows may lack what they read; all others know a reason why a row is out
    *("first_response_time", "requester_wait_time", "agent_wait_time", "hold_time", "time_in_status"),
    *("next_response_time", "reopen_rate", "one_touch_rate", "escalation_rate", "reassignment_rate"),
    *(
        "bot_handoff_rate",
        "bot_resolution_rate",
        "reply_after_solve_rate",
        "preferred_channel",
        "call_wait_time",
    ),
    *(
        "complaint_satisfaction",
        "complaint_recommend_rate",
        "cost_per_complaint",
        "complaints_without_management",
    ),
    *("sps", "self_gap"),
}


def counts_names(job: Job) -> bool:
    """Whether a metric is a breakdown: how many rows have each name; its rows have no value."""
    aggregation = job.method.aggregation
    return bool(aggregation.within and aggregation.contribution and aggregation.contribution.value is None)


@cache
def company(name: str) -> tuple[Results, dict[str, int]]:
    """A random company's results with all its rows, and how many there were of each table."""
    frames = Company(13, 200).frames()
    options = settings(config=CONFIG, timezone="Europe/Berlin", **WINDOWS[name])
    fields = {table: frozenset(frame.columns) for table, frame in frames.items()}
    done = compute(frames, fields, options, keep={*frames, "activity"})
    return done, {table: frame.height for table, frame in frames.items()}


def traced(name: str):
    """Each metric that is computed, and what it makes of its rows."""
    done, _ = company(name)
    for job in done.plan.jobs:
        if not job.aside and not job.metric.internal:
            yield job, trace(done.rows[job.method.clock.table], job, done.windows)


@pytest.mark.parametrize("name", WINDOWS)
def test_as_many_rows_count_as_the_figure_says(name):
    done, heights = company(name)
    met = 0
    for job, rows in traced(name):
        figure = done.figures[job.metric.id].get(OVERALL)
        assert rows[ROW].is_unique().all(), job.key
        assert (rows["counts"] == rows["why"].is_null()).all(), job.key
        assert rows.height <= heights.get(job.method.clock.table, rows.height)
        if job.metric.id not in OTHER_N and figure is not None:
            assert rows["counts"].sum() == figure.n, job.key
            met += 1
    assert met > 30


@pytest.mark.parametrize("name", WINDOWS)
def test_the_values_of_the_rows_come_to_the_figure(name):
    done, _ = company(name)
    met = 0
    for job, rows in traced(name):
        figure = done.figures[job.metric.id].get(OVERALL)
        if job.metric.unit not in MEANS or job.metric.id in NO_MEANS or not figure or figure.value is None:
            continue
        if counts_names(job):
            assert rows["value"].is_null().all(), job.key
            continue
        assert rows["value"].mean() == pytest.approx(figure.value), job.key
        met += 1
    assert met > 20


@pytest.mark.parametrize("name", WINDOWS)
def test_a_contact_of_which_nobody_says_that_it_is_a_complaint_is_none(name):
    done, _ = company(name)
    job, rows = next(pair for pair in traced(name) if pair[0].metric.id == "complaint_density")
    values = rows.filter("counts")["value"]
    assert values.null_count() == 0
    assert 100 * values.mean() == pytest.approx(done.figures[job.metric.id][OVERALL].value)


@pytest.mark.parametrize("name", WINDOWS)
def test_the_rows_behind_a_preferred_channel_are_those_of_its_customers(name):
    """Each with a customer and a channel: they have as many customers as the figure counts."""
    done, _ = company(name)
    job, rows = next(pair for pair in traced(name) if pair[0].metric.id == "preferred_channel")
    behind = done.rows["tickets"].base.filter(rows["counts"])
    assert behind.select("customer_id", "channel").null_count().sum_horizontal().item() == 0
    assert behind["customer_id"].n_unique() == done.figures[job.metric.id][OVERALL].n < behind.height


@pytest.mark.parametrize("name", WINDOWS)
def test_the_rows_behind_a_gap_are_the_answers_of_both_sides(name):
    done, _ = company(name)
    job, rows = next(pair for pair in traced(name) if pair[0].metric.id == "self_gap")
    behind = done.rows["surveys"].lazy().filter(rows["counts"]).collect()
    assert behind.select("answer", "stage_or_question").null_count().sum_horizontal().item() == 0
    both = {each["name"] for each in done.figures[job.metric.id][OVERALL].details["table"]}
    theirs = behind.filter(pl.col("kind") == "sps", pl.col("stage_or_question").is_in(list(both)))
    assert theirs.height == done.figures[job.metric.id][OVERALL].n


def test_rows_that_do_not_count_bring_nothing():
    for job, rows in traced("chosen"):
        out = rows.remove("counts")
        assert out["value"].null_count() == out.height, job.key
        assert out["why"].null_count() == 0, job.key


@pytest.mark.parametrize("name", WINDOWS)
def test_only_rows_of_these_metrics_may_lack_a_cell(name):
    incomplete = {job.key for job, rows in traced(name) if (rows["why"] == INCOMPLETE).any()}
    assert incomplete <= LACK_CELLS


def test_every_metric_tells_of_single_rows_by_the_columns_it_reads():
    """So that whatever can be computed can be explained."""
    for name, method in ((each.id, method) for each in PUBLIC.values() for method in each.methods):
        contribution = method.aggregation.contribution
        assert contribution is not None
        exprs = [contribution.counts, *(out.where for out in (*contribution.exclusions, *method.exclusions))]
        exprs += [
            each for each in (contribution.value, contribution.size, contribution.target) if each is not None
        ]
        read = {name for expr in exprs for name in expr.meta.root_names()}
        always = {name for name, fact in FACTS[method.clock.table].items() if not fact.needs}
        assert read <= method.aggregation.columns | always, name


def test_keeping_rows_changes_no_figure():
    frames = Company(11, 150).frames()
    plain = report(frames, config=CONFIG)
    fields = {table: frozenset(frame.columns) for table, frame in frames.items()}
    kept = compute(frames, fields, settings(config=CONFIG), keep=set(frames))
    for name, reading in plain.metrics.items():
        assert kept.figures[name][OVERALL].value == reading.value
    assert kept.rows.keys() == frames.keys()


@pytest.mark.parametrize("name", WINDOWS)
def test_a_row_that_counts_meets_no_reason_to_be_out(name):
    done, _ = company(name)
    met = 0
    for job, rows in traced(name):
        contribution, table = job.method.aggregation.contribution, done.rows[job.method.clock.table].lazy()
        for out in (*job.method.exclusions, *(contribution.exclusions if contribution else ())):
            meant = table.select(out.where.fill_null(value=False)).collect().to_series()
            assert not (meant & rows["counts"]).any(), f"{job.key}: {out.why}"
            met += meant.any()
    assert met > 40
