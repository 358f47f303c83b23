"""What has to hold of any data, whatever the figures are: order, parts, shifts, sums, earlier moments."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import pairwise

import polars as pl
import polars.selectors as cs
import pytest
from canonical import differences, instant, report
from random_tables import Company

from cx_kpi.metrics.definition.metric import Cohort
from cx_kpi.metrics.registry import PUBLIC
from cx_kpi.model.options import Config

BY = [["channel"], ["segment", "product"], ["queue"]]
CONFIG = {"complaint_repeat_days": 20, "inactivity_days": 30, "costs": {"hourly_rate": 30.0}}
SEEDS = (13, 15)
DATES = re.compile(r"(\d+( \w+( \d{4})?)?–)?\d+ \w+ \d{4}")  # 8–14 February 2027; 29 January–4 February 2027
DOUBTS = ("change_interval", "p")
seeded = pytest.mark.parametrize("seed", SEEDS)


@cache
def company(seed, size=200):
    """Random tables, in which no two answers of one person about one thing fall on the same moment.

    No customer complains twice at one moment: of those the later row is the latest complaint.
    """
    frames = Company(seed, size).frames()
    answers = frames["surveys"].unique(["kind", "responded_at", "score"], keep="first", maintain_order=True)
    twice = pl.col("is_complaint") & pl.struct("customer_id", "created_at", "is_complaint").is_duplicated()
    return frames | {
        "surveys": answers.filter(~pl.struct("kind", "responded_at").is_duplicated()),
        "tickets": frames["tickets"].filter(
            ~(twice & pl.col("customer_id").is_not_null()).fill_null(value=False)
        ),
    }


@cache
def plain(seed):
    """The report on them."""
    return made(company(seed))


def made(frames, **options):
    options = {"by": BY, "period": "week"} | options
    return report(frames, **options | {"config": CONFIG | options.get("config", {})})


def same(one, other):
    """Whether two reports have the same figures."""
    one, other = one.as_dict(), other.as_dict()
    assert [*differences(one, other), *differences(other, one)] == []


def changed(frames, change):
    return {name: change(frame) for name, frame in frames.items()}


def additive(name):
    """Whether each row of a metric is in one part only, so that parts add up."""
    return name not in {
        "csat",
        "csat_score",
        "nps",
        "self_gap",
        "preferred_channel",
        "customer_concentration",
    }


def test_the_order_of_rows_changes_nothing():
    seed = 15
    shuffled = changed(company(seed), lambda frame: frame.sample(fraction=1, shuffle=True, seed=seed))
    same(plain(seed), made(shuffled))


def test_another_column_changes_nothing():
    noise = pl.int_range(pl.len()).cast(pl.String).cast(pl.Categorical)
    same(plain(13), made(changed(company(13), lambda frame: frame.with_columns(noise=noise))))


def test_whole_weeks_later_only_the_dates_change():
    seed = 13
    weeks = timedelta(weeks=60)
    later = made(changed(company(seed), lambda frame: frame.with_columns(cs.datetime() + weeks)))

    def back(value):
        if isinstance(value, dict):
            return {key: back(each) for key, each in value.items()}
        if isinstance(value, list):
            return [back(each) for each in value]
        try:
            moment = datetime.fromisoformat(value) - weeks
        except (TypeError, ValueError):
            return value
        return moment.isoformat() if "T" in value else moment.date().isoformat()

    before, after = plain(seed).as_dict(), back(later.as_dict())
    for finding in (*before["findings"], *after["findings"]):
        finding["text"] = DATES.sub("…", finding["text"])
    for row in (each for told in (before, after) for chart in told["exhibits"] for each in chart["rows"]):
        row["name"] = row["name"].partition("week")[0]  # weeks go by their number
    assert [*differences(before, after), *differences(after, before)] == []


@seeded
def test_segments_add_up_to_the_whole(seed):
    found = plain(seed)
    for name, reading in found.metrics.items():
        for cut in BY:
            parts = [part for part in found.segments if part.metric == name and list(part.by) == cut]
            if parts and (additive(name) or name in {"csat", "csat_score", "nps"}):
                assert sum(part.n for part in parts) == reading.n, (name, cut)
            known = [part.details for part in parts if part.n >= 5]
            if len(known) == len(parts) > 0 and "hits" in reading.details:
                assert sum(details["hits"] for details in known) == reading.details["hits"], (name, cut)


@seeded
def test_what_one_filter_takes_and_leaves_adds_up(seed):
    frames = company(seed)
    rows = frames["tickets"]
    counted = ("tickets_created", "tickets_solved", "complaints", "backlog", "escalation_rate", "reopen_rate")
    counted += ("first_response_within_target", "resolution_within_target", "complaint_within_target")
    options = {"since": "2026-10-12", "until": "2027-01-11", "as_of": "2027-01-10", "by": []}
    options |= {"metrics": counted}
    chosen = rows["priority"].is_in(["low", "urgent"]).fill_null(value=False)
    parts = [
        made({"tickets": part}, **options).metrics
        for part in (rows, rows.filter(chosen), rows.filter(~chosen))
    ]
    for name in counted:
        whole, one, other = (part[name] for part in parts)
        assert one.n + other.n == whole.n > 0, name
        for detail in whole.details.keys() & {"hits", "overdue", "pending"}:
            assert one.details[detail] + other.details[detail] == whole.details[detail], (name, detail)


@seeded
def test_months_add_up_to_a_window_of_months(seed):
    found = made(company(seed), period="month", since="2026-11-01", until="2027-01-01", as_of="2027-01-15")
    for name, reading in found.metrics.items():
        if reading.cohort is Cohort.STOCK or not additive(name):
            continue
        points = [
            point for point in found.series if point.metric == name and "2026-11" <= point.start < "2027"
        ]
        assert len(points) == 2
        assert sum(point.n for point in points) == reading.n, name
        if "hits" in reading.details:
            assert sum(point.details["hits"] for point in points) == reading.details["hits"], name
        if reading.unit in {"seconds", "count", "currency"} or name in {
            "complaint_satisfaction",
            "review_rating",
        }:
            if reading.value is None:
                continue
            weights = [1 if reading.unit == "count" else point.n for point in points]
            total = sum((point.value or 0) * weight for point, weight in zip(points, weights, strict=True))
            assert total == pytest.approx(reading.value * (1 if reading.unit == "count" else reading.n)), name


@pytest.mark.parametrize(("seed", "grain"), [(13, "day"), (15, "week"), (13, "month")])
def test_the_backlog_adds_up_in_every_period(seed, grain):
    tickets = company(seed)["tickets"]
    tickets = tickets.filter(~(pl.col("is_solved") & pl.col("solved_at").is_null()))
    flow = ("backlog", "tickets_created", "tickets_solved")
    found = made({"tickets": tickets}, period=grain, timezone="Europe/Berlin", by=[], metrics=flow)
    series = {name: [point.value for point in found.series if point.metric == name] for name in flow}
    steps = list(zip(*series.values(), strict=True))
    checked = 0
    for (open_start, *_), (open_end, created, solved) in pairwise(steps):
        if open_start is not None:
            assert open_start + created - (solved or 0) == open_end
            checked += 1
    assert checked >= 3
    assert found.metrics["backlog"].details["flow"]["residual"] == 0


def exported(frames, moment):
    """The tables as an export of that moment would have held them."""
    later = pl.lit(moment)
    tickets, surveys, calls = frames["tickets"], frames["surveys"], frames["calls"]
    stamps = ["first_response_at", "solved_at", "first_solved_at", "closed_at"]
    tickets = tickets.filter(pl.col("created_at") <= later).with_columns(
        *(pl.when(pl.col(name) <= later).then(name).alias(name) for name in stamps)
    )
    ended = pl.coalesce("solved_at", "closed_at")
    was = frames["tickets"].filter(pl.col("created_at") <= later).select(ended.alias("ended"))["ended"]
    tickets = tickets.with_columns(
        is_solved=pl.col("is_solved") & (ended.is_not_null() | was.is_null()),
        first_response_seconds=(pl.col("first_response_at") - pl.col("created_at")).dt.total_microseconds()
        / 1e6,
        resolution_seconds=(pl.col("solved_at") - pl.col("created_at")).dt.total_microseconds() / 1e6,
    )
    answered = pl.col("responded_at") <= later
    surveys = surveys.with_columns(
        *(pl.when(answered).then(name).alias(name) for name in ("score", "comment", "responded_at")),
        sent_at=pl.when(pl.col("sent_at") <= later).then("sent_at"),
    ).filter(pl.col("sent_at").is_not_null() | pl.col("responded_at").is_not_null())
    waiting = (pl.col("answered_at") > later).fill_null(value=False)
    calls = calls.filter(pl.col("queued_at") <= later).with_columns(
        pl.when(~waiting).then(name).alias(name) for name in ("answered_at", "disposition", "wait_seconds")
    )
    customers = frames["customers"].filter((pl.col("started_at") <= later).fill_null(value=True))
    return {
        "tickets": tickets,
        "surveys": surveys,
        "calls": calls,
        "customers": customers.with_columns(ended_at=pl.when(pl.col("ended_at") <= later).then("ended_at")),
        "customer_counts": frames["customer_counts"].filter(pl.col("period_start") <= later),
        "orders": frames["orders"].filter(pl.col("ordered_at") <= later),
        "ticket_events": frames["ticket_events"].filter(pl.col("at") <= later),
    }


@pytest.mark.parametrize(("seed", "moment"), [(13, "2026-12-15T10:00"), (15, "2027-01-10T00:00")])
def test_an_earlier_moment_sees_what_an_export_of_that_moment_held(seed, moment):
    frames = company(seed)
    earlier = exported(frames, instant(moment))
    assert earlier["tickets"].height < frames["tickets"].height
    same(made(frames, as_of=moment), made(earlier, as_of=moment))


def undoubted(told):
    """A report without how sure it is: all metrics share the luck of a week and the error budgets."""
    sure = {
        name: replace(reading, latest=reading.latest and replace(reading.latest, **dict.fromkeys(DOUBTS)))
        for name, reading in told.metrics.items()
    }
    segments = [replace(each, stands_out=False) for each in told.segments]
    return replace(
        told, metrics=sure, segments=segments, series=[replace(each, verdict=None) for each in told.series]
    )


def test_figures_do_not_depend_on_which_metrics_are_asked_for():
    whole = undoubted(plain(12))
    for name in (name for name, metric in PUBLIC.items() if metric.setting(Config())):
        alone = undoubted(made(company(12), metrics=[name]))
        same(
            alone,
            replace(
                whole,
                metrics={key: reading for key, reading in whole.metrics.items() if key == name},
                series=[point for point in whole.series if point.metric == name],
                segments=[part for part in whole.segments if part.metric == name],
                left_out=[each for each in whole.left_out if each.metric == name],
                findings=alone.findings,
                headlines=alone.headlines,
                exhibits=[chart for chart in whole.exhibits if chart.metric == name],
            ),
        )


@pytest.mark.parametrize(
    ("zone", "days"),
    [
        ("Europe/Berlin", ["2026-03-28T23:00", "2026-03-29T22:00", "2026-03-30T22:00"]),
        ("America/New_York", ["2026-11-01T04:00", "2026-11-02T05:00", "2026-11-03T05:00"]),
        ("Australia/Lord_Howe", ["2026-04-04T13:00", "2026-04-05T13:30", "2026-04-06T13:30"]),
        ("Asia/Kathmandu", ["2026-02-28T18:15", "2026-03-01T18:15", "2026-03-02T18:15"]),
    ],
)
def test_days_begin_at_local_midnight(zone, days):
    """A ticket at each midnight and one a microsecond before: two a day, one on the first and the last."""
    edges = [instant(day) for day in days]
    stamps = [at - delta for at in edges for delta in (timedelta(microseconds=1), timedelta())]
    tickets = [{"ticket_id": i, "created_at": at} for i, at in enumerate(stamps)]
    found = report({"tickets": tickets}, timezone=zone, period="day", metrics=["tickets_created"])
    assert [point.value for point in found.series] == [1, 2, 2, 1]
    assert found.series[-1].partial


@pytest.mark.parametrize(
    ("grain", "stamps", "starts"),
    [
        (
            "week",
            ["2026-12-27", "2026-12-28", "2027-01-03", "2027-01-04"],
            {"12-21": 1, "12-28": 2, "01-04": 1},
        ),
        ("month", ["2028-02-01", "2028-02-29", "2028-03-01"], {"02-01": 2, "03-01": 1}),
        ("day", ["2028-02-28", "2028-02-29", "2028-03-01"], {"02-28": 1, "02-29": 1, "03-01": 1}),
        ("year", ["2027-12-31", "2028-01-01", "2028-12-31"], {"01-01": 2, "2027": 1}),
        ("quarter", ["2028-03-31", "2028-04-01"], {"01-01": 1, "04-01": 1}),
    ],
)
def test_odd_calendar_days_fall_into_their_period(grain, stamps, starts):
    tickets = [{"ticket_id": i, "created_at": instant(day)} for i, day in enumerate(stamps)]
    found = report({"tickets": tickets}, period=grain, metrics=["tickets_created"])
    expected = list(starts.values())[::-1] if grain == "year" else list(starts.values())
    assert [point.value for point in found.series] == expected
    assert all(any(key in point.start for key in starts) for point in found.series)


def test_counts_never_wrap():
    """More solved than created, more detractors than promoters, more customers than 32 or 63 bits hold."""
    day, old = datetime(2026, 3, 10, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC)
    tickets = [{"ticket_id": i, "created_at": old, "solved_at": day} for i in range(6)]
    tickets += [{"ticket_id": 9, "created_at": old, "solved_at": None}]
    surveys = [{"kind": "nps", "score": 6.0, "responded_at": day} for _ in range(7)]
    huge = 2**62
    counts = [
        {"period_start": at, "period_end": at, "start_count": huge, "end_count": huge, "new_count": huge}
        for at in (day, day + timedelta(hours=1), day + timedelta(hours=2))
    ]
    found = report(
        {"tickets": tickets, "surveys": surveys, "customer_counts": counts},
        since="2026-03-01",
        until="2026-04-01",
    ).metrics
    assert found["nps"].value == -100
    flow = {"open_start": 7, "created": 0, "reopened": 0, "solved": 6, "open_end": 1, "residual": 0}
    assert found["backlog"].details["flow"] == flow
    assert found["retention_rate"].value == pytest.approx(-2.0)
    assert found["churn_rate"].value == pytest.approx(3.0)


def test_long_sums_of_durations_stay_exact():
    day, years = datetime(2020, 1, 1, tzinfo=UTC), timedelta(days=2000)
    tickets = [{"ticket_id": i, "created_at": day, "solved_at": day + years} for i in range(5000)]
    reading = report({"tickets": tickets}, metrics=["resolution_time"]).metrics["resolution_time"]
    assert reading.value == reading.details["median"] == years.total_seconds()
