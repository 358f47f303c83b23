"""From figures to the report: what is judged, compared, shown and left out."""

import json
from datetime import UTC, datetime, timedelta

import jsonschema
import pytest
from canonical import frames, report, results, settings
from random_tables import Company

from cx_kpi.judge.assemble import assemble
from cx_kpi.metrics.registry import GROUPS, PUBLIC
from cx_kpi.model.documents.json_schema import json_schema
from cx_kpi.model.options import Config
from cx_kpi.model.report import Notice, Report, Source, from_dict
from cx_kpi.model.values import Level, Target

JAN, FEB, MAR = (datetime(2026, month, 1, 9, tzinfo=UTC) for month in (1, 2, 3))
END = datetime(2026, 3, 31, 9, tzinfo=UTC)
ASKED = {name for name, metric in PUBLIC.items() if metric.setting(Config())}


def answers(*given):
    """CSAT surveys: (first day, how many satisfied, how many not, columns)."""
    return [
        {"kind": "csat", "score": score, "responded_at": at + timedelta(minutes=i), **more}
        for at, good, bad, more in given
        for i, score in enumerate([5.0] * good + [1.0] * bad)
    ]


def csat(*given, **options):
    return report({"surveys": answers(*given)}, **{"metrics": ["csat"]} | options)


def points(found, metric="csat"):
    return [point for point in found.series if point.metric == metric]


def test_a_reading_has_its_words_sample_and_target():
    found = csat((JAN, 90, 10, {}), (END, 0, 0, {})).metrics["csat"]
    metric = PUBLIC["csat"]
    assert (found.title, found.about, found.formula) == (metric.title, metric.about, metric.formula)
    assert (found.group, found.unit, found.better) == ("satisfaction", "share", "higher")
    assert (found.clock, found.cohort) == ("rated", "event")
    assert (found.value, found.n, found.target) == (0.9, 100, Target(">=", 0.85))
    assert found.interval == pytest.approx((0.82563, 0.94477), abs=5e-6)
    assert found.status == "inconclusive"


@pytest.mark.parametrize(
    ("good", "bad", "status"),
    [(4, 0, None), (30, 0, "met"), (5, 0, "inconclusive"), (1, 9, "missed"), (85, 15, "inconclusive")],
)
def test_status_by_the_whole_interval_and_none_below_five(good, bad, status):
    assert csat((JAN, good, bad, {})).metrics["csat"].status == status


def test_a_target_with_dates_is_that_of_the_last_day_of_each_window():
    rule = {"metric": "csat", "value": "10%", "since": "2026-02-01", "until": "2026-03-01"}
    given = [(at, 5, 5, {}) for at in (JAN, FEB, MAR)]
    found = csat(*given, (END, 1, 0, {}), period="month", config={"target": [rule]})
    assert [point.status for point in points(found)] == ["missed", "met", "missed"]
    assert [point.target.value for point in points(found)] == [0.85, 0.1, 0.85]
    low, high = points(found)[0].interval
    assert 0 < low < 0.5 < high < 1
    assert found.metrics["csat"].target == Target(">=", 0.85)


def test_partial_windows_are_not_judged():
    found = csat((JAN, 1, 99, {}), (FEB, 1, 99, {}), period="month")
    assert [(point.partial, point.status) for point in points(found)] == [(False, "missed"), (True, None)]
    until = csat((JAN, 1, 99, {}), since="2026-01-01", until="2026-02-01").metrics["csat"]
    assert (until.status, until.compared) == (None, None)


def test_empty_windows_say_so():
    rows = answers((FEB, 9, 1, {}))
    tickets = [{"ticket_id": 1, "created_at": JAN}, {"ticket_id": 2, "created_at": END}]
    found = report({"surveys": rows, "tickets": tickets}, period="month")
    told = [(point.value, point.n, point.status) for point in points(found)]
    assert told == [(None, 0, None), (0.9, 10, "inconclusive"), (None, 0, None)]
    whole = report(
        {"surveys": rows, "tickets": tickets}, since="2026-03-01", until="2026-04-01", metrics=["csat", "nps"]
    )
    assert (whole.metrics["csat"].value, whole.metrics["csat"].status) == (None, "no_data")
    assert {each.metric: each.why for each in whole.left_out} == {
        "nps": "no row of the files counts for it",
        "csat": "no row of the window counts for it; other periods have some",
    }
    assert [point.value for point in points(found, "tickets_created")] == [1, 0, 1]


def test_the_last_two_full_periods_are_compared():
    given = [(JAN, 50, 50, {}), (FEB, 90, 10, {}), (MAR, 0, 9, {})]
    found = csat(*given, period="month").metrics["csat"]
    assert (found.compared.current.value, found.compared.previous.value) == (0.9, 0.5)
    assert (found.compared.current.n, found.compared.current.start) == (100, "2026-02-01")
    assert (found.previous, found.change, found.verdict) == (0.5, pytest.approx(0.4), "improved")


@pytest.mark.parametrize("period", ["week", "month", "quarter"])
def test_a_chosen_window_is_compared_with_the_one_before_it(period):
    """Whether it is made of periods or not, it is what is judged."""
    given = [(JAN, 90, 10, {}), (FEB, 50, 50, {}), (MAR, 1, 0, {})]
    found = csat(*given, since="2026-02-01", until="2026-03-01", period=period).metrics["csat"]
    assert (found.value, found.previous, found.verdict) == (0.5, 0.9, "worsened")
    assert (found.latest.start, found.latest.end) == ("2026-02-01", "2026-03-01")
    assert (found.latest.value, found.latest.n, found.latest.verdict) == (0.5, 100, found.verdict)
    assert found.latest.change == pytest.approx(-0.4)
    assert (found.compared.previous.start, found.compared.previous.end) == ("2026-01-01", "2026-02-01")


@pytest.mark.parametrize("few", [(4, 0), (0, 4)])
def test_too_few_rows_get_no_verdict(few):
    many = (100, 0) if few[1] else (0, 100)
    for one, other in ((few, many), (many, few)):
        found = csat(
            (JAN, *one, {}), (FEB, *other, {}), (END, 0, 1, {}), since="2026-02-01", until="2026-03-01"
        )
        assert found.metrics["csat"].change is not None
        assert found.metrics["csat"].verdict is None


def test_a_window_of_odd_length_is_judged_against_spans_of_its_length():
    """Ten days that are no period: the ten before, the ten before those, as far back as there is data."""
    days = [(JAN + timedelta(days=i), 18 if i < 49 else 8, 2 if i < 49 else 12, {}) for i in range(59)]
    found = csat(*days, since="2026-02-19", until="2026-03-01", period="month").metrics["csat"]
    assert (found.verdict, found.latest.verdict) == ("worsened", "worsened")
    assert (found.latest.start, found.latest.end, found.latest.n) == ("2026-02-19", "2026-03-01", 200)
    assert (found.latest.baseline.start, found.latest.baseline.end) == ("2026-01-10", "2026-02-19")
    assert found.latest.baseline.n == 40 * 20
    steady = [(at, 18, 2, {}) for at, *_ in days]
    calm = csat(*steady, since="2026-02-19", until="2026-03-01", period="month").metrics["csat"]
    assert calm.verdict == "no change can be shown"


def test_what_is_described_is_not_what_is_judged():
    """The last two periods differ by three tickets; those are not compared, and the judgement is of the rate a day."""
    tickets = [{"ticket_id": i, "created_at": at} for i, at in enumerate([JAN] * 7 + [FEB] * 4 + [END])]
    found = report({"tickets": tickets}, period="month", as_of="2026-02-28").metrics["tickets_created"]
    assert (found.change, found.compared.interval, found.compared.p) == (-3, None, None)
    assert (found.verdict, found.latest.relative) == (found.latest.verdict, True)
    assert found.verdict == "no change can be shown"


def test_nothing_to_compare_with():
    found = csat((JAN, 9, 1, {}), (END, 9, 1, {}), period="month").metrics["csat"]
    assert (found.previous, found.change, found.compared) == (None, None, None)
    alone = csat((JAN, 9, 1, {}), (JAN + timedelta(days=30), 9, 1, {}), period="month", as_of="2026-02-01")
    latest = alone.metrics["csat"].latest
    assert (latest.value, latest.n, latest.change, latest.verdict, latest.baseline) == (
        0.9,
        20,
        None,
        None,
        None,
    )


def test_segments_by_value_unknown_last_few_rows_alone():
    channels = {"web": (8, 2), None: (5, 0), "chat": (4, 0), "email": (0, 5)}
    rows = answers(*((JAN, good, bad, {"channel": name}) for name, (good, bad) in channels.items()))
    found = report({"surveys": rows}, metrics=["csat", "response_rate"], by=[["channel"]])
    told = [(part.by["channel"], part.value, part.n, part.status) for part in found.segments]
    assert told == [
        ("chat", None, 4, None),
        ("email", 0.0, 5, "missed"),
        ("web", 0.8, 10, "inconclusive"),
        (None, 1.0, 5, "inconclusive"),
    ]
    assert [part.interval is None for part in found.segments] == [True, False, False, False]
    assert found.segments[0].details == {}


def test_counts_are_shown_however_small():
    tickets = [{"ticket_id": i, "created_at": JAN, "channel": "web", "product": "app"} for i in range(2)]
    found = report(
        {"tickets": tickets}, metrics=["tickets_created"], by=[["product"], ["channel", "product"]]
    )
    assert [(part.by, part.value) for part in found.segments] == [
        ({"product": "app"}, 2),
        ({"channel": "web", "product": "app"}, 2),
    ]


def test_tickets_are_cut_by_channel_unless_told_otherwise():
    tickets = [{"ticket_id": i, "created_at": JAN, "channel": "web", "product": "app"} for i in range(5)]
    assert {tuple(part.by) for part in report({"tickets": tickets}).segments} == {("channel",)}
    assert report({"tickets": tickets}, by=[]).segments == []
    assert report({"tickets": [{"ticket_id": 1, "created_at": JAN}]}).segments == []


def test_a_segment_has_the_target_of_its_values():
    rows = [
        {
            "ticket_id": i,
            "created_at": JAN,
            "first_response_seconds": 60.0 + i,
            "channel": channel,
            "priority": "low",
        }
        for i, channel in enumerate(["phone"] * 6 + ["chat"] * 6 + ["fax"] * 6)
    ]
    rules = [{"metric": "first_response_time", "value": 30, "when": {"priority": "low"}}]
    options = {"metrics": ["first_response_time"], "config": {"target": rules}}
    found = report({"tickets": rows}, by=[["channel"], ["priority"]], **options)
    told = [(*part.by.values(), part.target and part.target.value, part.status) for part in found.segments]
    assert told == [
        ("chat", 120.0, "met"),
        ("fax", None, None),
        ("phone", 240.0, "met"),
        ("low", 30.0, "missed"),
    ]
    assert found.metrics["first_response_time"].target is None


def test_a_metric_is_not_cut_by_what_it_is_made_of():
    found = report(Company(13, 120).frames(), by=[["channel"], ["product"], ["channel", "product"]])
    cuts = {(part.metric, tuple(part.by)) for part in found.segments}
    assert {cut for metric, cut in cuts if metric == "channel_share"} == {("product",)}
    assert {cut for metric, cut in cuts if metric == "complaints_by_product"} == {("channel",)}


def test_only_what_was_asked_for_in_the_order_of_the_catalogue():
    found = report(Company(13, 120).frames(), metrics=["csat", "resolution_time", "backlog_age"])
    assert list(found.metrics) == ["resolution_time", "backlog_age", "csat"]
    assert {point.metric for point in found.series} == set(found.metrics)
    assert found.metrics["resolution_time"].details["pending"] > 0


def test_what_is_left_out_says_what_it_needs():
    found = report(
        {"tickets": [{"ticket_id": 1, "created_at": JAN, "first_response_at": None, "solved_at": JAN}]}
    )
    told = {each.metric: (each.needs, each.why) for each in found.left_out}
    assert told["csat"] == (["surveys"], "no file of surveys")
    assert told["channel_share"] == (["channel"], "no column channel")
    assert told["complaint_processing_time"] == (["is_complaint"], "no column is_complaint")
    assert told["first_response_time"] == ([], "no row of the files counts for it")
    assert told.keys() | found.metrics.keys() == ASKED
    assert not told.keys() & found.metrics.keys()


def test_the_frame_of_the_report():
    tables = frames({"tickets": [{"ticket_id": 1, "created_at": JAN}]})
    options = settings(timezone="Asia/Kathmandu", language="ru", period="week")
    source = Source("a.csv", "tickets", "generic", rows=1, used=1)
    notice = Notice(Level.INFO, "code", "message")
    found = assemble(results(tables, options), [source], [notice], options)
    assert (found.sources, found.notices) == ([source], [notice])
    assert (found.as_of, found.timezone, found.language) == (
        "2026-01-01T14:45:00+05:45",
        "Asia/Kathmandu",
        "ru",
    )
    assert (found.window.start, found.window.end, found.window.grain) == ("2026-01-01", "2026-01-02", "week")
    assert list(found.groups) == list(GROUPS)
    assert (found.schema_version, found.tool.name) == (1, "cxkpi")


@pytest.mark.parametrize(
    "tables", [{}, {"tickets": []}, {"tickets": [], "surveys": [], "calls": [], "orders": []}]
)
def test_without_rows_there_is_no_data_and_no_figure(tables):
    found = report(tables)
    assert (found.window, found.series, found.segments, found.findings) == (None, [], [], [])
    assert {each.metric for each in found.left_out} | found.metrics.keys() == ASKED
    for name, reading in found.metrics.items():
        status = "no_data" if reading.target else None
        assert (reading.value, reading.n, reading.interval, reading.status) == (None, 0, None, status), name
    assert ("tickets_created" in found.metrics) == ("tickets" in tables)


def test_the_report_is_strict_json_that_fits_its_schema_there_and_back():
    found = report(Company(14, 150).frames(), by=[["channel", "product"]], period="week")
    text = json.dumps(found.as_dict(), allow_nan=False)
    jsonschema.validate(json.loads(text), json_schema(Report, "cxkpi report"))
    assert from_dict(json.loads(text)).as_dict() == json.loads(text) | {
        key: value for key, value in found.as_dict().items() if key in {"metrics", "series", "segments"}
    }


def test_findings_are_the_largest_few_one_a_metric():
    given = [(JAN, 90, 10, {}), (FEB, 10, 90, {}), (END, 0, 0, {})]
    surveys = answers(*given)
    surveys += [row | {"kind": "ces", "score": 6.0 if row["score"] > 3 else 2.0} for row in surveys]
    surveys += [row | {"kind": "nps", "score": row["score"] * 2} for row in surveys if row["kind"] == "csat"]
    found = report({"surveys": surveys}, since="2026-02-01", until="2026-03-01", as_of="2026-02-28")
    *told, missed = found.findings
    assert len({finding.metric for finding in told}) == len(told) == 3
    assert missed.text.startswith("Default targets missed in February 2026: ")
    csat = next(each for each in found.findings if each.metric == "csat")
    assert "10.0%" in csat.text
    assert report({"surveys": surveys[:4]}).findings == []


def test_segments_of_equal_counts_have_their_own_targets():
    """They share one figure, and not what is told of it where a rule names the column."""
    rows = [
        {"ticket_id": k, "created_at": JAN, "solved_at": JAN, "channel": channel, "reopen_count": k % 5 == 0}
        for k, channel in enumerate(["chat", "email"] * 10)
    ]
    rules = [
        {"metric": "reopen_rate", "value": "90 %", "when": {"channel": "chat"}},
        {"metric": "reopen_rate", "value": "1 %"},
    ]
    found = report({"tickets": rows}, config={"target": rules}, metrics=["reopen_rate"], by=[["channel"]])
    told = {each.by["channel"]: (each.value, each.n, each.target.value) for each in found.segments}
    assert told == {"chat": (0.2, 10, 0.9), "email": (0.2, 10, 0.01)}
