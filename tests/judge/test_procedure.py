"""The whole procedure over simulated companies, small and seeded; `tests/benchmarks/simulate.py` is the large one."""

import importlib
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from cx_kpi.judge.statistics.series import Period, Series
from cx_kpi.judge.statistics.usual_range import Signal
from cx_kpi.judge.verdicts.procedure import judge_report
from cx_kpi.model.sums import Quantity, Sums
from cx_kpi.model.values import Better, Target, Verdict

BENCHMARKS = Path(__file__).parents[1] / "benchmarks"
START = 738_158  # a Monday
MONTHS = [Period(START + 28 * i, START + 28 * (i + 1)) for i in range(15)]


@pytest.fixture
def simulate(monkeypatch):
    monkeypatch.syspath_prepend(BENCHMARKS)
    return importlib.import_module("simulate")


def said(judged):
    return {name for name, each in judged.items() if each.verdict not in (None, Verdict.UNCHANGED)}


@pytest.mark.parametrize("company", ["A", "B", "C", "desk"])
def test_stable_companies_are_left_alone(simulate, company):
    found = simulate.stable(company, 12, np.random.default_rng(7))
    assert found.said <= 2 / 12
    assert found.outside <= 0.03


def test_a_fall_of_five_points_is_told(simulate):
    rng = np.random.default_rng(3)
    assert simulate.power("A", 10, rng, "csat", answers=1000, fall=(0.85, 0.8, 1)) >= 0.7
    assert (
        simulate.power("A", 10, rng, "csat", months=15, subject=3, answers=1000, fall=(0.85, 0.8, 3)) >= 0.9
    )


def share(rates, rows=40, name="csat", **more):
    """A metric whose months have these rates; every tenth day a little off."""
    days = {}
    for month, rate in zip(MONTHS, rates, strict=False):
        for day in range(month.start, month.end):
            since = day - month.start
            hits = int(rows * rate * (since + 1)) - int(rows * rate * since) + (day * 7 % 3) - 1
            days[day] = Sums(rows, hits, hits)
    return Series(name, Quantity.SHARE, days, Better.HIGHER, **more)


def wandering(rate):
    """Months that differ as chance lets them."""
    return [rate + off / 200 for off in (0, 1, -1, 2, 0, -2, 1, 0, 1, -1, 0, 2, -1, 0, 1)]


def test_a_collapse_long_over_is_told_as_the_past_and_does_not_spoil_the_usual():
    rates = wandering(0.88)
    rates[9] = 0.66
    (judged,) = judge_report([share(rates)], MONTHS).values()
    assert judged.verdict is Verdict.UNCHANGED
    assert [event.period for event in judged.events] == [9]
    assert judged.events[0].effect.size == pytest.approx(-0.22, abs=0.01)
    assert judged.left_out == (9,)
    low, high = judged.usual.limits[9]
    assert 0.84 < low < 0.875
    assert 0.885 < high < 0.92


def test_a_fall_that_lasts_is_told_since_when():
    rates = [*wandering(0.88)[:11], *[0.8] * 4]
    (judged,) = judge_report([share(rates)], MONTHS).values()
    assert judged.verdict is Verdict.WORSENED
    assert judged.since == 11
    (quiet,) = judge_report([share(wandering(0.88))], MONTHS).values()
    assert quiet.verdict is Verdict.UNCHANGED
    assert (quiet.since, quiet.events) == (None, ())


@pytest.mark.parametrize("latest", [0.88, 0.885])
def test_a_collapse_that_is_over_is_no_change_of_the_present(latest):
    """Of the three latest months, one was bad: that is past."""
    judged = judge_report([share([*wandering(0.88)[:12], 0.66, 0.88, latest])], MONTHS)["csat"]
    assert judged.verdict is Verdict.UNCHANGED
    assert [event.period for event in judged.events] == [12]


def test_the_direction_says_whether_it_is_better():
    risen = share([*wandering(0.8)[:14], 0.9])
    for better, says in (
        (Better.HIGHER, Verdict.IMPROVED),
        (Better.LOWER, Verdict.WORSENED),
        (Better.NEITHER, Verdict.ROSE),
    ):
        assert judge_report([replace(risen, better=better)], MONTHS)["csat"].verdict is says


def test_the_subject_may_be_longer():
    rates = [*wandering(0.88)[:12], 0.84, 0.84, 0.84]
    judged = judge_report([share(rates)], MONTHS, subject=3)["csat"]
    assert judged.subject == (12, 13, 14)
    assert judged.baseline == tuple(range(12))
    assert judged.recent is None
    assert judged.effect.size == pytest.approx(-0.04, abs=0.005)


def test_others_make_it_harder():
    fallen = share([*wandering(0.88)[:14], 0.84], rows=30)
    others = [share(wandering(0.5), name=f"m{i}") for i in range(60)]
    assert judge_report([fallen], MONTHS)["csat"].verdict is Verdict.WORSENED
    assert judge_report([fallen, *others], MONTHS)["csat"].verdict is Verdict.UNCHANGED


def test_a_backlog_that_grows_is_told():
    days = {
        day: Sums(1, 100 + (day - START) / 2 + day * 31 % 17 + (day % 5), 0)
        for day in range(START, MONTHS[-1].end)
    }
    stock = Series("backlog", Quantity.STOCK, days, Better.LOWER)
    judged = judge_report([stock], MONTHS)["backlog"]
    assert judged.verdict is Verdict.WORSENED
    assert judged.growth.weekly == pytest.approx(3.5, abs=0.5)
    assert judged.usual is None


@pytest.mark.parametrize("months", [1, 2, 3])
def test_a_short_history_is_judged_by_the_closed_forms_or_not_at_all(months):
    judged = judge_report([share(wandering(0.9))], MONTHS[:months])["csat"]
    assert (judged.effect is None) == (months == 1)
    assert judged.usual is None
    assert judged.verdict in (None, Verdict.UNCHANGED)


def test_nothing_at_all():
    empty = Series("csat", Quantity.SHARE, {})
    judged = judge_report([empty], MONTHS)["csat"]
    assert (judged.verdict, judged.effect, judged.usual, judged.prospect) == (None, None, None, None)
    assert judge_report([], MONTHS) == {}
    assert judge_report([empty], []) == {}
    assert judge_report([empty], MONTHS[:1], subject=2) == {}


def test_days_are_judged_with_their_weekdays_evened():
    """A year of days, of which Sundays are bad; the last is a Sunday like all others."""
    days = {START + i: Sums(200, k, k) for i in range(364) for k in [120 if (START + i) % 7 == 0 else 180]}
    each = [Period(day, day + 1) for day in days]
    judged = judge_report([Series("csat", Quantity.SHARE, days, Better.HIGHER)], each)["csat"]
    assert judged.verdict is Verdict.UNCHANGED
    assert judged.events == ()
    assert judged.effect.p > 0.5
    days[START + 363] = Sums(200, 80, 80)
    judged = judge_report([Series("csat", Quantity.SHARE, days, Better.HIGHER)], each)["csat"]
    assert judged.verdict is Verdict.WORSENED


def test_counts_that_vanish_are_told():
    days = {day: Sums(3, 3, 3) for day in range(START, MONTHS[-1].start)}
    judged = judge_report([Series("complaints", Quantity.COUNT, days, Better.LOWER)], MONTHS)["complaints"]
    assert judged.verdict is Verdict.IMPROVED
    assert judged.effect.size == -1


def test_the_target_is_held_against_what_is_usual():
    judged = judge_report([share(wandering(0.88), target=Target(">=", 0.8))], MONTHS)["csat"]
    assert judged.prospect.capability == "reliably"
    judged = judge_report([share(wandering(0.88), target=Target(">=", 0.95))], MONTHS)["csat"]
    assert judged.prospect.capability == "not without changing how you work"


def test_how_many_more_rows_are_needed_is_told_of_shares_and_not_of_lengths_of_time():
    """Few rows near the target; what one duration varies by is not that of a share."""
    target = Target(">=", 0.85)
    days = {START + i: Sums(2, k, k) for i in range(28) for k in [2 if i % 3 else 1]}
    judged = judge_report([Series("csat", Quantity.SHARE, days, target=target)], MONTHS[:1])["csat"]
    assert judged.prospect.more > 0
    times = Series("wait", Quantity.DURATION, days, target=target)
    assert judge_report([times], MONTHS[:1])["wait"].prospect.more is None


def test_limits_of_a_count_are_those_of_the_days_a_month_has():
    """A desk closed at weekends: 20 contacts a working day, in months of 20 to 23 of them."""
    edges = [START]
    for length in (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31):
        edges.append(edges[-1] + length)
    months = [Period(a, b) for a, b in pairwise(edges)]
    days = {
        day: Sums(k, k, k)
        for day in range(START, edges[-1])
        if day % 7 not in (6, 0)
        for k in [20 + day * 13 % 7 - 3]
    }
    judged = judge_report([Series("created", Quantity.COUNT, days)], months)["created"]
    totals = [sum(days[d].n for d in range(m.start, m.end) if d in days) for m in months]
    assert max(totals) - min(totals) >= 40
    assert Signal.OUTSIDE not in judged.usual.signals.values()
    for total, (low, high) in zip(totals, judged.usual.limits, strict=True):
        assert low <= total <= high


def test_a_period_that_does_not_count_has_no_usual_range():
    days = {day: Sums(10, 100.0, 1010.0) for day in range(MONTHS[0].start, MONTHS[-1].end)}
    values = [3600.0 + 10 * place for place in range(len(MONTHS))]
    waits = Series("wait", Quantity.DURATION, days, values=values, begins=MONTHS[1].start)
    limits = judge_report([waits], MONTHS)["wait"].usual.limits
    assert limits[0] is None
    assert all(low < 3700 < high < 2 * 3700 for low, high in limits[1:])


def test_segments_that_have_weeks_of_their_own_do_not_stand_out(simulate):
    """By rows alone three of these 165 segments did."""
    rng = np.random.default_rng(1)
    draw = simulate.Draw(simulate.COMPANIES["B"], rng, simulate.months(12))
    _, found = simulate.looked(simulate.Cut(draw, 3000, tuple(simulate.SEGMENTS.values()), own=True))
    assert found == []
    worse = simulate.standing("A", 2, np.random.default_rng(2), worse=0.1)
    assert worse[-1] == 1
