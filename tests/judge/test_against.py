"""Two named spans, and two reports: the same judgement, on what both hold."""

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from canonical import frames, results, settings

from cx_kpi.judge.additions.against import compared_with
from cx_kpi.judge.additions.saved_weeks import with_weeks
from cx_kpi.judge.assemble import assemble
from cx_kpi.judge.statistics.series import Period, Series
from cx_kpi.judge.verdicts.procedure import judge_phases
from cx_kpi.model.errors import UsageProblem
from cx_kpi.model.report import Source, from_dict
from cx_kpi.model.sums import Quantity, Sums
from cx_kpi.model.values import Better
from cx_kpi.render.files.json import as_plain

FIRST = datetime(2025, 9, 1, 9, tzinfo=UTC)  # a Monday


def answers(*phases, kind="csat", good=5.0, bad=1.0, start=FIRST):
    """Phases of 13 weeks, of each its share of satisfied answers of ten a day."""
    rows = []
    for day in range(91 * len(phases)):
        share = phases[day // 91]
        for i in range(10):
            score = good if (day * 10 + i * 7) % 100 < 100 * share else bad
            at = start + timedelta(days=day, minutes=i)
            rows.append({"kind": kind, "score": score, "responded_at": at})
    return rows


def made(rows, path="surveys.csv", **options):
    chosen = settings(**{"metrics": ["csat", "csat_score"]} | options)
    found = results(frames({"surveys": rows}), chosen)
    return with_weeks(assemble(found, [Source(path, "surveys", "generic", 1, 1)], [], chosen), found)


BEFORE, AFTER = ("2025-09-01", "2025-12-01"), ("2025-12-01", "2026-03-02")


def test_a_named_span_is_what_the_window_is_judged_against():
    found = made(answers(0.9, 0.8), phase=BEFORE, since=AFTER[0], until=AFTER[1])
    csat = found.metrics["csat"]
    assert (csat.previous, csat.value, csat.verdict) == (
        pytest.approx(0.9, abs=0.01),
        pytest.approx(0.8, abs=0.01),
        "worsened",
    )
    assert (csat.latest.baseline.start, csat.latest.baseline.end) == BEFORE
    assert csat.latest.change == pytest.approx(-0.1, abs=0.01)
    assert found.findings[0].text.startswith("Customer satisfaction (CSAT): 80.2% in 1 December 2025")


def test_the_window_starts_after_the_named_span():
    found = made(answers(0.9, 0.8), phase=BEFORE)
    assert (found.window.start, found.window.end) == AFTER


@pytest.mark.parametrize(
    ("phase", "said"),
    [
        (("2025-12-01", "2025-09-01"), "is empty"),
        (("2025-11-01", "2026-01-01"), "reaches into the window"),
        (("2024-01-01", "2024-06-01"), "the data begins on 2025-09-01"),
    ],
)
def test_a_span_that_cannot_be_compared_with_is_refused(phase, said):
    with pytest.raises(UsageProblem, match=said):
        made(answers(0.9, 0.8), phase=phase, since=AFTER[0])


def saved(found):
    """The report, written and read again."""
    return from_dict(as_plain(found))


@pytest.mark.parametrize(
    ("now", "verdict"), [(0.8, "worsened"), (0.9, "no change can be shown"), (0.98, "improved")]
)
def test_a_saved_report_is_judged_as_a_named_span_is(now, verdict):
    rows = answers(0.9, now)
    first, second = (made(rows, since=since, until=until) for since, until in (BEFORE, AFTER))
    found = compared_with(second, saved(first), "old.json")
    csat = found.metrics["csat"]
    assert csat.verdict == csat.latest.verdict == verdict
    named = made(rows, phase=BEFORE, since=AFTER[0], until=AFTER[1]).metrics["csat"]
    assert csat.latest.change == pytest.approx(named.latest.change, abs=0.005)  # of whole weeks
    assert csat.latest.p == pytest.approx(named.latest.p, abs=0.05)
    assert csat.latest.baseline.value == csat.previous == pytest.approx(first.metrics["csat"].value)
    assert found.notices[0].message == (
        "compared with old.json: September – November 2025; changes are those of its whole weeks and of ours"
    )


def test_two_teams_at_one_time_can_be_compared():
    one, other = made(answers(0.9), "a.csv"), made(answers(0.8), "b.csv")
    assert compared_with(other, one, "a").metrics["csat"].verdict == "worsened"


def test_rows_that_both_hold_are_not_compared():
    one, other = made(answers(0.9, 0.8)), made(answers(0.9, 0.8), since=AFTER[0])
    with pytest.raises(UsageProblem, match="they share rows; name what came since"):
        compared_with(other, one, "old.json")


def test_what_begins_where_the_other_ends_shares_no_rows():
    one, other = (made(answers(0.9, 0.8), since=start, until=end) for start, end in (BEFORE, AFTER))
    assert compared_with(other, one, "old.json").metrics["csat"].verdict == "worsened"
    assert compared_with(one, other, "new.json").metrics["csat"].verdict == "improved"


def test_another_scale_is_another_metric():
    one, other = made(answers(0.9), "a.csv"), made(answers(0.8), "b.csv")
    weeks = one.weeks.metrics["csat_score"]
    weeks = replace(one.weeks, metrics=one.weeks.metrics | {"csat_score": replace(weeks, scale=(1.0, 10.0))})
    found = compared_with(other, replace(one, weeks=weeks), "a").metrics
    assert (found["csat"].verdict, found["csat_score"].verdict) == ("worsened", None)


@pytest.mark.parametrize("name", ["currency", "method"])
def test_costs_by_a_rate_or_another_method_are_another_metric(name):
    one, other = made(answers(0.9), "a.csv"), made(answers(0.8), "b.csv")
    csat = one.metrics["csat"]
    changed = replace(csat, details=csat.details | {name: "USD"})
    found = compared_with(other, replace(one, metrics=one.metrics | {"csat": changed}), "a").metrics
    assert (found["csat"].verdict, found["csat_score"].verdict) == (None, "worsened")


def customers(lost, start):
    """A hundred customers, N of whom leave in the 13 weeks from a day on."""
    rows = [{"customer_id": str(i), "started_at": FIRST - timedelta(days=100)} for i in range(100)]
    return [
        row | ({"ended_at": start + timedelta(days=1 + i)} if i < lost else {}) for i, row in enumerate(rows)
    ]


def test_retention_over_spans_of_other_lengths_is_not_judged():
    rows = {"customers": customers(20, FIRST + timedelta(days=91)), "surveys": answers(0.9, 0.9)}
    for since, judged in (("2025-12-01", True), ("2026-02-01", False)):
        chosen = settings(metrics=["retention_rate"], phase=BEFORE, since=since)
        reading = assemble(results(frames(rows), chosen), [], [], chosen).metrics["retention_rate"]
        assert (reading.verdict is not None) == judged


def company(chance, shift=0.0, metrics=8):
    """Shares in 13 weeks and 13 more, whose weeks differ a little."""
    every = []
    for number in range(metrics):
        days = {}
        for day in range(182):
            if day % 7 == 0:
                luck = chance.gauss(0, 0.04)
            rate = min(max(0.85 + luck - (shift if day >= 91 and not number else 0), 0), 1)
            hits = sum(chance.random() < rate for _ in range(11))
            days[738000 + day] = Sums(11, hits, hits)
        every.append(Series(str(number), Quantity.SHARE, days, Better.HIGHER))
    found = judge_phases(every, Period(738000, 738091), Period(738091, 738182))
    return {name for name, each in found.items() if each.verdict in {"worsened", "improved"}}


def test_stable_phases_are_silent_and_a_fall_of_twelve_points_is_said():
    chance = random.Random(6)
    assert sum(bool(company(chance)) for _ in range(100)) <= 10  # 5 in 100 are meant
    assert sum("0" in company(chance, 0.12) for _ in range(40)) >= 32


@pytest.mark.parametrize(
    ("since", "first", "count"),
    [("2025-09-01", "2025-09-01", 13), ("2025-09-02", "2025-09-08", 12), ("2025-09-07", "2025-09-08", 12)],
)
def test_saved_weeks_are_the_whole_ones_of_the_window(since, first, count):
    weeks = made(answers(0.9), since=since, until="2025-12-01", period="week").weeks
    assert (weeks.first, weeks.count) == (first, count)
