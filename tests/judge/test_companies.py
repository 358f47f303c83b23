"""Whole reports on companies whose story is known: their verdicts, through the engine and judging."""

import random
import re
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import polars as pl
import pytest
from canonical import report

from cx_kpi.api import make_report
from cx_kpi.model.options import Options
from cx_kpi.model.values import Verdict

START = datetime(2025, 1, 1, 9, tzinfo=UTC)
SILENT = {None, Verdict.UNCHANGED}
MONTHS = [datetime(2025 + i // 12, i % 12 + 1, 1, tzinfo=UTC) for i in range(14)]


def verdicts(found):
    return {name: each.verdict for name, each in found.metrics.items() if each.verdict not in SILENT}


STANDS = re.compile("target is|argets missed|tickets are open")


def is_silent(found):
    """No finding about a change, now or in the past; a missed target and a large backlog are allowed."""
    spoken = [each.text for each in found.findings if each.metric and not STANDS.search(each.text)]
    return not verdicts(found) and not spoken


def complaints(days, takes):
    """Five complaints a day, each solved N days later, where that is not yet to come."""
    end = MONTHS[0] + timedelta(days=days)
    rows = []
    for number in range(5 * days):
        at = START + timedelta(days=number // 5, minutes=number % 5)
        done = at + timedelta(days=takes(number // 5))
        rows.append(
            {
                "ticket_id": number,
                "created_at": at,
                "solved_at": done if done <= end else None,
                "is_complaint": True,
            }
        )
    return rows


@pytest.mark.parametrize("takes", [1, 4, 11])
def test_complaints_that_always_take_as_long_are_silent(takes):
    """Those of the latest days cannot be solved yet: by now they are fewer, at one age they are not."""
    found = report({"tickets": complaints(424, lambda _: takes)}, period="month", as_of="2026-03-01T00:00")
    reading = found.metrics["complaint_resolution_rate"]
    late = [point for point in found.series if point.metric == "complaint_resolution_rate"]
    whole = [point.value for point in late if not point.partial]
    assert whole[-1] < whole[-2]
    assert reading.latest.change == pytest.approx(0, abs=0.001)
    assert [point.usual is None for point in late] == [True] * 13 + [False]
    assert is_silent(found), (verdicts(found), found.findings)


def test_complaints_that_take_longer_in_the_latest_month_are_worse():
    found = report(
        {"tickets": complaints(424, lambda day: 4 if day < 396 else 20)}, period="month", as_of="2026-03-01"
    )
    assert found.metrics["complaint_resolution_rate"].verdict is Verdict.WORSENED


def desk(seed, monthly):
    """Monday to Friday, 9 to 18: tickets come every day, and wait for the desk to open."""
    draw, rows = random.Random(seed), []
    for day in range((MONTHS[-1] - MONTHS[0]).days):
        for _ in range(round(monthly / 30 * (1.2 if (day + 2) % 7 < 5 else 0.5))):
            at = MONTHS[0] + timedelta(days=day, hours=draw.uniform(7, 22))
            done = worked(at, 4 * draw.lognormvariate(0, 0.8))
            rows.append(
                {"ticket_id": len(rows), "created_at": at, "solved_at": done if done < MONTHS[-1] else None}
            )
    return rows


def worked(at, hours):
    """The moment when N open hours have passed."""
    while True:
        opens, closes = at.replace(hour=9, minute=0, second=0), at.replace(hour=18, minute=0, second=0)
        left = (closes - max(at, opens)).total_seconds() / 3600 if at.weekday() < 5 else 0
        if 0 < hours <= left:
            return max(at, opens) + timedelta(hours=hours)
        hours -= max(0.0, left)
        at = opens - timedelta(hours=9) + timedelta(days=1)


@pytest.mark.parametrize(("seed", "monthly"), [(1, 240), (2, 240), (3, 960)])
def test_a_desk_that_is_closed_at_the_weekend_is_silent(seed, monthly):
    found = report({"tickets": desk(seed, monthly)}, period="month", as_of="2026-02-01")
    assert found.metrics["resolution_time"].verdict is Verdict.UNCHANGED
    assert is_silent(found), (verdicts(found), found.findings)


def contacts(*months):
    """Tickets by channel in each month, spread over it."""
    rows = []
    for (start, end), counts in zip(pairwise(MONTHS), months, strict=False):
        names = [name for name, n in counts.items() for _ in range(n)]
        step = (end - start) / len(names)
        rows += [{"created_at": start + i * step, "channel": name} for i, name in enumerate(names)]
    return [{"ticket_id": number, **row} for number, row in enumerate(rows)]


def channel_share(*months):
    end = MONTHS[len(months)].date().isoformat()
    return report({"tickets": contacts(*months)}, metrics=["channel_share"], period="month", as_of=end)


@pytest.mark.parametrize("before", [1, 2, 12])
def test_another_composition_with_a_top_as_large_is_a_change(before):
    """60/40 → 40/60: the share of the main channel is the same, the channel is not."""
    found = channel_share(*[{"email": 60, "chat": 40}] * before, {"email": 40, "chat": 60})
    reading = found.metrics["channel_share"]
    assert (reading.verdict, reading.latest.value) == (Verdict.CHANGED, 0.6)
    part = reading.latest.part
    assert (part.value, part.previous) == pytest.approx({"email": (0.4, 0.6), "chat": (0.6, 0.4)}[part.name])
    assert reading.latest.baseline.n == 100 * before
    assert "60.0%" in found.findings[0].text
    assert "40.0%" in found.findings[0].text


@pytest.mark.parametrize(
    "months",
    [
        [{"email": 60, "chat": 40}] * 2,
        [{"email": 60, "chat": 40}, {"email": 63, "chat": 37}],
        [{"email": 60, "chat": 40}, {"email": 600, "chat": 400}],
        [{"email": 60}, {"email": 80}],
        [{"email": 55 + 9 * (i % 3), "chat": 45 - 9 * (i % 3)} for i in range(12)]
        + [{"email": 48, "chat": 52}],
    ],
    ids=["same", "chance", "more of the same", "one channel", "months that differ as much"],
)
def test_a_composition_that_stays_is_silent(months):
    assert channel_share(*months).metrics["channel_share"].verdict in SILENT


def test_the_part_that_changed_most_is_named():
    found = channel_share(
        *[{"email": 50, "chat": 30, "phone": 20}] * 6, {"email": 55, "chat": 5, "phone": 40}
    )
    assert found.metrics["channel_share"].latest.part.name == "chat"


def stages(months, given):
    """Answers 1 to 5 by stage in each month: `given(month)` is {stage: marks}."""
    return [
        {
            "kind": "sps",
            "score": float(mark),
            "scale_min": 1.0,
            "scale_max": 5.0,
            "journey_stage": stage,
            "responded_at": MONTHS[month] + timedelta(days=i % 28, hours=9),
        }
        for month in range(months)
        for stage, marks in given(month).items()
        for i, mark in enumerate(marks)
    ]


def sps(given):
    rows = stages(13, given)
    return report({"surveys": rows}, metrics=["sps"], period="month", as_of="2026-02-01").metrics["sps"]


STEADY = [3, 4, 5, 4] * 7


def test_a_stage_of_one_answer_makes_no_change():
    found = sps(lambda month: {"order": STEADY, "help": [1 if month == 12 else 5]})
    assert found.latest.value < 3
    assert found.latest.change == pytest.approx(0)
    assert found.verdict is Verdict.UNCHANGED


def test_a_stage_that_fell_is_a_change():
    worse = [each - 1 for each in STEADY]
    found = sps(lambda month: {"order": STEADY, "help": worse if month == 12 else STEADY})
    assert found.latest.change == pytest.approx(-0.5)
    assert found.verdict is Verdict.WORSENED
    assert found.latest.baseline.n == 12 * 2 * len(STEADY)


def test_a_busy_stage_does_not_hide_one_that_fell():
    worse = [each - 1 for each in STEADY]
    found = sps(lambda month: {"order": STEADY * 20, "help": worse if month == 12 else STEADY})
    assert found.latest.change == pytest.approx(-0.5)
    assert found.verdict is Verdict.WORSENED


def answers(number, counts):
    """CSAT answers of one month, spread evenly: {channel: (satisfied, all)}."""
    start, end = MONTHS[number], MONTHS[number + 1]
    parts = []
    for channel, (good, n) in counts.items():
        place = pl.int_range(n, eager=True)
        hit = ((place + 1) * good // n) > (place * good // n)
        at = (place * ((end - start).total_seconds() * 1e6 / n)).cast(pl.Int64)
        parts.append(
            pl.DataFrame(
                {
                    "kind": pl.Series(["csat"] * n, dtype=pl.Categorical),
                    "score": pl.select(pl.when(hit).then(5.0).otherwise(1.0)).to_series(),
                    "channel": pl.Series([channel] * n, dtype=pl.Categorical),
                    "responded_at": pl.select(
                        pl.lit(start).cast(pl.Datetime("us", "UTC")) + pl.duration(microseconds=at)
                    ).to_series(),
                }
            )
        )
    return pl.concat(parts)


def csat(*months):
    rows = pl.concat([answers(number, counts) for number, counts in enumerate(months)])
    end = MONTHS[len(months)].date().isoformat()
    return report({"surveys": rows}, metrics=["csat"], period="month", as_of=end).metrics["csat"]


def test_the_account_comes_to_the_change():
    steady = {"phone": (340, 400), "email": (255, 300), "chat": (170, 200)}
    found = csat(*[steady] * 6, {"phone": (370, 450), "email": (250, 300), "chat": (130, 250)})
    account = found.account
    assert found.verdict is Verdict.WORSENED
    assert account.dimension == "channel"
    assert account.rate + account.mix + account.chance == pytest.approx(account.change, abs=1e-9)
    assert sum(cause.rate + cause.mix for cause in account.causes) == pytest.approx(account.change, abs=1e-9)
    assert [cause.by["channel"] for cause in account.causes if cause.named] == ["chat"]
    whole = 750 / 1000 - 765 / 900
    assert account.change == pytest.approx(whole, abs=1e-9)


def test_every_segment_up_and_the_whole_down():
    """Volumes 200/300/500 → 120/230/850: each segment is better, and there is more of the worst."""
    many = 60
    before = {"a": (180, 200), "b": (246, 300), "c": (350, 500)}
    now = {"a": (110, 120), "b": (192, 230), "c": (612, 850)}
    found = csat(*[{name: (many * k, many * n) for name, (k, n) in each.items()} for each in (before, now)])
    account = found.account
    assert found.verdict is Verdict.WORSENED
    assert account.change == pytest.approx(-0.014333, abs=1e-6)
    assert account.rate + account.chance == pytest.approx(0.0182, abs=1e-4)
    assert account.mix == pytest.approx(-0.0326, abs=1e-4)
    assert account.reversed


def test_a_count_of_a_period_has_an_interval():
    found = report({"tickets": contacts(*[{"email": 60}] * 13)}, period="month", as_of="2026-02-01")
    latest = found.metrics["tickets_created"].latest
    assert latest.interval == pytest.approx((46.21, 76.68), abs=0.5)
    points = [point for point in found.series if point.metric == "tickets_created" and not point.partial]
    assert all(low < point.value < high for point in points for low, high in [point.interval])
    assert found.metrics["tickets_created"].interval is None


@pytest.mark.parametrize("dimension", ["team", "product", "priority"])
def test_what_a_change_comes_from_is_read_without_being_asked_for(tmp_path, dimension):
    """One of three values takes five times as long in the last month; no cut by it was asked for."""
    draw, lines = random.Random(4), [f"ticket_id,created_at,solved_at,{dimension}"]
    for number in range(13 * 240):
        at = MONTHS[0] + (MONTHS[13] - MONTHS[0]) / (13 * 240) * number
        slow = 5 if number % 3 == 1 and at >= MONTHS[12] else 1
        done = at + timedelta(hours=4 * slow * draw.lognormvariate(0, 0.8))
        value = ("low", "normal", "high")[number % 3]
        lines.append(f"{number},{at:%Y-%m-%d %H:%M:%S},{done:%Y-%m-%d %H:%M:%S},{value}")
    (tmp_path / "tickets.csv").write_text("\n".join(lines), encoding="utf-8")
    made = make_report(
        Options(paths=(str(tmp_path / "tickets.csv"),), period="month", metrics=("resolution_time",))
    )
    account = made.metrics["resolution_time"].account
    assert account.dimension == dimension
    assert [cause.by[dimension] for cause in account.causes if cause.named] == ["normal"]
