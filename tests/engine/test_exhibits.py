"""Exhibits against a plain walk over the rows, and what has to hold of any of them."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from functools import cache
from math import inf
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from canonical import report
from hypothesis import given
from hypothesis import strategies as st
from random_tables import Company

from cx_kpi.engine.chart_grids import hour_of_week
from cx_kpi.engine.time.windows import make_windows
from cx_kpi.metrics.charts import CHARTS
from cx_kpi.metrics.registry import METRICS, PUBLIC
from cx_kpi.model.options import Options

RUNS = {
    "weeks in Berlin": {"seed": 25, "period": "week", "timezone": "Europe/Berlin"},
    "months in Kathmandu, seen earlier": {
        "seed": 28,
        "period": "month",
        "timezone": "Asia/Kathmandu",
        "since": "2026-11-15",
        "until": "2027-01-15",
        "as_of": "2027-01-10T10:30",
    },
    "days in Lord Howe": {
        "seed": 31,
        "period": "day",
        "timezone": "Australia/Lord_Howe",
        "since": "2026-12-01",
        "until": "2027-01-25",
    },
}
TARGETS = {"phone": 240, "chat": 120, "email": 86_400, "web": 86_400, "social": 3_600}
WAITS = [10, 60, *(60 * 60 * h for h in (1 / 12, 1 / 4, 1, 4, 8, 24, 72, 168, 672, 2_160, 8_760))]
QUEUE = [10, 20, 60, 120, 240, 600, 1_800]
every = pytest.mark.parametrize("name", RUNS)


class Walk:
    """The rows of a run as they were at its moment, and its window."""

    def __init__(self, name: str) -> None:
        options = dict(RUNS[name])
        frames = Company(options.pop("seed"), 1500).frames()
        self.zone = ZoneInfo(options["timezone"])
        self.report = report(frames, by=[], **options)
        self.shown = {each.id: each for each in self.report.exhibits}
        self.as_of = datetime.fromisoformat(self.report.as_of)
        window = self.report.window
        self.start, self.end = (date.fromisoformat(day) for day in (window.start, window.end))
        self.tickets = self.seen(frames["tickets"], "created_at")
        self.calls = self.seen(frames["calls"], "queued_at")

    def seen(self, frame: pl.DataFrame, clock: str) -> list[dict]:
        """Rows without what came after the moment of the report."""
        rows = [row for row in frame.iter_rows(named=True) if row[clock] <= self.as_of]
        ends = ("solved_at", "closed_at")
        for row in rows:
            if row.get("is_solved") and (end := next((row[each] for each in ends if row[each]), None)):
                row["is_solved"] = end <= self.as_of
            for at, length in (
                ("first_response_at", "first_response_seconds"),
                ("solved_at", "resolution_seconds"),
                ("closed_at", None),
                ("answered_at", "wait_seconds"),
            ):
                if row.get(at) and row[at] > self.as_of:
                    row[at] = None
                    if length:
                        row[length] = None
        return rows

    def day(self, at: datetime | None) -> date:
        return at.astimezone(self.zone).date() if at else date.min

    def inside(self, at: datetime | None) -> bool:
        return self.start <= self.day(at) < self.end

    def midnight(self, day: date) -> datetime:
        return datetime(day.year, day.month, day.day, tzinfo=self.zone).astimezone(UTC)

    def created(self) -> list[dict]:
        return [row for row in self.tickets if self.inside(row["created_at"])]


def monday(day: date) -> date:
    """Of its week."""
    return day - timedelta(days=day.weekday())


@cache
def walk(name: str) -> Walk:
    return Walk(name)


def cells(exhibit) -> dict[tuple[int, int], tuple]:
    """Value and rows by place."""
    return {
        (i, k): pair
        for i, row in enumerate(exhibit.rows)
        for k, pair in enumerate(zip(row.values, row.n, strict=True))
    }


def answerable(row) -> bool:
    return row["initiator"] not in {"agent", "bot"}


def spread(values, edges):
    """How many lie between the edges, from the first bin that holds any to the last."""
    bins = list(zip((0, *edges), (*edges, inf), strict=True))
    counts = [sum(low <= round(value, 3) < high for value in values) for low, high in bins]
    full = [i for i, count in enumerate(counts) if count]
    return counts[full[0] : full[-1] + 1]


@every
def test_arrivals(name):
    run = walk(name)
    local = [row["created_at"].astimezone(run.zone) for row in run.created()]
    counts = Counter((at.weekday(), at.hour) for at in local)
    found = cells(run.shown["arrivals"])
    assert len(found) == 7 * 24
    assert {place: n for place, (n, _) in found.items() if n} == counts
    assert sum(n for n, _ in found.values()) == run.report.metrics["tickets_created"].value


@every
def test_late_first_responses(name):
    run = walk(name)
    due: dict[tuple[int, int], list[bool]] = {}
    for row in filter(answerable, run.created()):
        target, wait = TARGETS.get(row["channel"]), row["first_response_seconds"]
        age = (run.as_of - row["created_at"]).total_seconds()
        waiting = wait is None and not row["is_solved"]
        if target and (wait is not None or (waiting and age > target)):
            at = row["created_at"].astimezone(run.zone)
            due.setdefault((at.weekday(), at.hour), []).append(wait is None or wait > target)
    for place, (value, n) in cells(run.shown["first_response_misses"]).items():
        late = due.get(place, [])
        assert n == len(late)
        assert value == (pytest.approx(sum(late) / n) if n >= 5 else None)


@every
def test_waits_by_length(name):
    run = walk(name)
    first = [r["first_response_seconds"] for r in run.created() if answerable(r)]
    solved = [r["resolution_seconds"] for r in run.tickets if run.inside(r["solved_at"])]
    queue = [
        r["wait_seconds"]
        for r in run.calls
        if run.inside(r["queued_at"]) and r["disposition"] == "answered" and r["direction"] != "outbound"
    ]
    for chart, values, edges in (
        ("first_response_waits", first, WAITS),
        ("resolution_waits", solved, WAITS),
        ("call_waits", queue, QUEUE),
    ):
        known = [value for value in values if value is not None]
        (row,) = run.shown[chart].rows
        assert row.values == row.n == spread(known, edges)
        assert sum(row.values) == run.report.metrics[run.shown[chart].metric].n == len(known)


@every
def test_maturity(name):
    run = walk(name)
    chart = run.shown["maturity"]
    last = monday(run.end - timedelta(days=1))
    begin = monday(run.day(min(row["created_at"] for row in run.tickets)))
    first = max(begin, last - timedelta(weeks=12))
    assert len(chart.rows) == (last - first).days // 7 + 1
    for number, row in enumerate(chart.rows):
        week = first + timedelta(weeks=number)
        end = min(week + timedelta(weeks=1), run.end)
        days_of = {week + timedelta(days=day) for day in range((end - week).days)}
        members = [r for r in run.tickets if run.day(r["created_at"]) in days_of]
        for k, days in enumerate((1, 3, 7, 28)):
            limit = timedelta(days=days)
            old = [r for r in members if run.as_of - r["created_at"] >= limit]
            old = [r for r in old if r["resolution_seconds"] is not None or not r["is_solved"]]
            hits = [r for r in old if r["solved_at"] and r["solved_at"] - r["created_at"] <= limit]
            assert row.n[k] == len(old)
            assert row.values[k] == (pytest.approx(len(hits) / len(old)) if len(old) >= 5 else None)
            assert row.young[k] == (run.midnight(end) + limit > run.as_of)


@every
def test_flow(name):
    run = walk(name)
    created, solved, still = run.shown["flow"].rows
    starts = [date.fromisoformat(day) for day in run.shown["flow"].columns]
    ends = [*starts[1:], run.end]
    for k, (start, end) in enumerate(zip(starts, ends, strict=True)):
        assert created.values[k] == sum(start <= run.day(r["created_at"]) < end for r in run.tickets)
        assert solved.values[k] == sum(start <= run.day(r["solved_at"]) < end for r in run.tickets)
    known = [row for row in run.tickets if row["solved_at"] or row["closed_at"] or not row["is_solved"]]
    later = [sum(run.day(row["created_at"]) < end for row in known) for end in ends]
    ended = [
        sum(
            run.day(end_of(row)) < end
            for row in known
            if end_of(row) and row["created_at"] < run.midnight(end)
        )
        for end in ends
    ]
    told = [value for value in still.values if value is not None]
    assert told == [a - b for a, b in zip(later, ended, strict=True)][len(ends) - len(told) :]
    assert len(told) > len(ends) / 3  # the first may be withheld


def end_of(row):
    return row["solved_at"] or (row["closed_at"] if row["is_solved"] else None)


@every
def test_charts_over_time_say_what_the_series_says(name):
    run = walk(name)
    spans = [point for point in run.report.series if point.metric == "tickets_created"]
    for chart in run.shown.values():
        if chart.axis != "period":
            continue
        assert chart.columns == [point.start for point in spans][-len(chart.columns) :]
        assert len(chart.columns) >= min(12, len(spans))
        points = [p for p in run.report.series if p.metric == chart.metric][-len(chart.columns) :]
        for row in chart.rows:
            assert len(row.values) == len(row.n) == len(chart.columns)
            assert row.young == [point.partial for point in spans][-len(chart.columns) :]
        if chart.kind == "stack":
            for k, point in enumerate(points):
                parts = [row.values[k] for row in chart.rows]
                assert sum(part or 0 for part in parts) == (
                    0 if point.details.get("lower_bound") else point.n
                )
                assert (None in parts) == (set(parts) == {None})


@every
def test_parts_of_the_window(name):
    run = walk(name)
    metrics = run.report.metrics
    products = metrics["complaints_by_product"].details["table"]
    assert run.shown["complaint_products"].rows[0].values == [row["n"] for row in products]
    assert run.shown["complaint_products"].columns == [row["name"] or "unknown" for row in products]
    stages = metrics["sps"].details["table"]
    (row,) = run.shown["sps_stages"].rows
    assert row.n == [each["n"] for each in stages]
    assert row.values == [each["mean"] if each["n"] >= 5 else None for each in stages]
    assert sum(run.shown["review_stars"].rows[0].values) == metrics["review_rating"].n


def test_declarations():
    assert len({chart.id for chart in CHARTS}) == len(CHARTS)
    for chart in CHARTS:
        assert chart.uses <= METRICS.keys()
        assert chart.metric in PUBLIC


def test_the_hour_that_comes_twice_and_the_one_that_never_comes():
    stamps = ["2026-10-25T00:30", "2026-10-25T01:30", "2026-03-29T00:59:59", "2026-03-29T01:00"]
    rows = [{"ticket_id": at, "created_at": datetime.fromisoformat(at).replace(tzinfo=UTC)} for at in stamps]
    (chart,) = report({"tickets": rows}, timezone="Europe/Berlin", metrics=["tickets_created"]).exhibits
    sunday = dict(zip(chart.columns, chart.rows[6].values, strict=True))
    assert {hour: n for hour, n in sunday.items() if n} == {"01": 1, "02": 2, "03": 1}
    assert sum(sum(row.values) for row in chart.rows) == 4


ZONES = ("Europe/Berlin", "Asia/Kathmandu", "Australia/Lord_Howe", "America/St_Johns", "Pacific/Apia")
INSTANTS = st.datetimes(datetime(2010, 1, 1), datetime(2012, 12, 31), timezones=st.just(UTC))


@given(st.sampled_from(ZONES), st.lists(INSTANTS, min_size=2, max_size=20))
def test_the_hour_of_the_week_is_the_local_one(name, instants):
    zone = ZoneInfo(name)
    windows = make_windows(min(instants), max(instants), Options(timezone=name))
    frame = pl.DataFrame({"at": pl.Series(instants, dtype=pl.Datetime("us", "UTC"))})
    local = [at.astimezone(zone) for at in instants]
    found = frame.select(hour_of_week(pl.col("at"), windows))["at"].to_list()
    assert found == [at.weekday() * 24 + at.hour for at in local]
    outside = frame.select(hour_of_week(pl.col("at") + pl.duration(days=2000), windows))["at"]
    assert set(outside) == {-1}


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        (["tickets_created"], ["arrivals"]),
        (["backlog"], ["flow"]),
        (["resolution_time"], ["resolution_waits", "maturity"]),
        (["csat"], []),
        (["nps", "call_wait_time"], ["call_waits", "nps_split"]),
    ],
)
def test_an_exhibit_goes_with_its_metric(asked, shown):
    found = report(Company(5).frames(), metrics=asked)
    assert [chart.id for chart in found.exhibits] == shown
    assert set(found.metrics) == set(asked)


def test_without_rows_there_is_nothing_to_show():
    day = datetime(2026, 3, 2, 12, tzinfo=UTC)
    tickets = [{"ticket_id": 1, "created_at": day, "solved_at": day, "first_response_at": day}]
    empty = report({"tickets": tickets}, since="2026-01-01", until="2026-02-01", period="month")
    assert empty.exhibits == []
    assert report({"tickets": []}).exhibits == []


def test_without_dates_only_what_needs_none():
    answers = [{"kind": "nps", "score": score} for score in range(11)]
    answers += [{"kind": "sps", "score": k, "journey_stage": stage} for k in range(1, 6) for stage in "ab"]
    found = report({"surveys": answers})
    assert [chart.id for chart in found.exhibits] == ["sps_stages"]


def test_a_range_without_waits_holds_none():
    start = datetime(2026, 3, 2, 12, tzinfo=UTC)
    tickets = [
        {"ticket_id": i, "created_at": start, "solved_at": start + timedelta(hours=1 if i % 2 else 90)}
        for i in range(20)
    ]
    (row,) = next(
        chart for chart in report({"tickets": tickets}).exhibits if chart.id == "resolution_waits"
    ).rows
    assert row.values == row.n == spread([3600.0] * 10 + [90 * 3600.0] * 10, WAITS)
    assert sorted(row.values)[-2:] == [10, 10]
    assert sum(row.values) == 20


def test_one_column_alone_shows_nothing():
    """Dates without a time of day have no hours."""
    tickets = [
        {
            "ticket_id": day,
            "created_at": datetime(2026, 3, day, tzinfo=UTC),
            "product": "a",
            "is_complaint": True,
        }
        for day in range(1, 20)
    ]
    assert report({"tickets": tickets}).exhibits == []


def test_a_backlog_that_is_withheld_leaves_its_line_empty():
    start = datetime(2026, 1, 1, 12, tzinfo=UTC)
    tickets = [
        {"ticket_id": i, "created_at": start + timedelta(days=i), "solved_at": start + timedelta(days=i + 1)}
        for i in range(40)
    ]
    found = {chart.id: chart for chart in report({"tickets": tickets}, period="week").exhibits}
    assert "ageing" not in found
    created, _, still = found["flow"].rows
    assert set(still.values) == {None}
    assert all(created.values)


def test_what_is_left_of_many_parts_is_one():
    at = datetime(2026, 3, 2, 12, tzinfo=UTC)
    tickets = [
        {"ticket_id": f"{i} {k}", "created_at": at, "product": f"p{i:02}", "is_complaint": True}
        for i in range(15)
        for k in range(20 - i)
    ]
    tickets += [
        {"ticket_id": f"x{i}", "created_at": at, "product": None, "is_complaint": True} for i in range(99)
    ]
    chart = next(c for c in report({"tickets": tickets}).exhibits if c.id == "complaint_products")
    assert chart.columns == [*(f"p{i:02}" for i in range(9)), "other", "unknown"]
    assert chart.rows[0].values == [*range(20, 11, -1), 11 + 10 + 9 + 8 + 7 + 6, 99]


@pytest.mark.parametrize(("scale", "shown"), [((1, 5), True), ((1, 10), False)])
def test_stars_are_five(scale, shown):
    answers = [
        {"kind": "review", "score": k, "scale_min": scale[0], "scale_max": scale[1]} for k in (1, 2, 5)
    ]
    assert bool(report({"surveys": answers}).exhibits) == shown
