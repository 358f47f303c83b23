"""Metrics of one's own against a second engine: random expressions of every kind, on random data."""

import random
from datetime import datetime
from functools import cache
from math import sqrt
from zoneinfo import ZoneInfo

import numpy as np
import polars as pl
import pytest
from canonical import differences, frames, report, results, settings
from oracle import RUNS, Oracle
from random_tables import Company
from scipy import stats

from cx_kpi.model.sums import Quantity

BY = [["channel"], ["segment"], ["channel", "product"]]
CLOCKS = {"created": "created_at", "solved": "solved_at", "answered": "first_response_at"}
NUMBERS = {  # ours: theirs
    "handle_seconds / 60": "handle_seconds / 60",
    "reply_count": "reply_count",
    "spent": "spent",
    "spent - 10 * reopen_count": "spent - 10 * reopen_count",
    "first_response_at - created_at": "secs(first_response_at, created_at)",
    "case when channel = 'chat' then 1 when priority = 'high' then 0 end":
        "CASE WHEN channel = 'chat' THEN 1 WHEN priority = 'high' THEN 0 END",
    "coalesce(spent, cost, -1)": "coalesce(spent, cost, -1)",
    "cost / (reply_count - 2)": "cost / nullif(reply_count - 2, 0)",
    "2.5": "2.5::DOUBLE",
}  # fmt: skip
CONDITIONS = [
    "channel in ('chat', 'email')", "reopen_count > 0", "not (channel = 'chat' and segment = 'small')",
    "solved_at is null or reply_count >= 2", "spent between -5 and 20", "created_at < '2026-12-01'", "1 = 1",
    "priority <> 'high'", "spent / reopen_count > 1",
]  # fmt: skip
SQL = {
    "count": "SELECT {cell}, count(*) FILTER ({where}) AS value, value AS n",
    "share": "SELECT {cell}, count(*) FILTER ({where} AND {of} AND {hit}) AS k, "
    "count(*) FILTER ({where} AND {of} AND ({hit}) IS NOT NULL) AS n, k / nullif(n, 0) AS value",
    "mean": "SELECT {cell}, avg({value}) FILTER ({where}) AS value, count({value}) FILTER ({where}) AS n",
    "median": "SELECT {cell}, quantile_cont(({value})::DOUBLE, 0.5) FILTER ({where}) AS value, "
    "count({value}) FILTER ({where}) AS n",
    "quantile": "SELECT {cell}, quantile_cont(({value})::DOUBLE, {q}) FILTER ({where}) AS value, "
    "count({value}) FILTER ({where}) AS n",
    "ratio": "SELECT {cell}, count(*) FILTER ({where} AND ({value}) + ({of}) IS NOT NULL) AS n, "
    "sum({value}) FILTER ({where} AND ({of}) IS NOT NULL) / "
    "nullif(sum({of}) FILTER ({where} AND ({value}) IS NOT NULL), 0) AS value",
    "net": "SELECT {cell}, count(*) FILTER ({where} AND {of} AND ({hit}) IS NOT NULL AND ({miss}) IS NOT NULL) AS n, "
    "100.0 * (count(*) FILTER ({where} AND {of} AND ({hit}) AND ({miss}) IS NOT NULL) - "
    "count(*) FILTER ({where} AND {of} AND NOT ({hit}) AND ({miss}))) / nullif(n, 0) AS value",
}


def made(kind: str, seed: int) -> tuple[dict, dict]:
    """A random metric of a kind, and its expressions for the second engine."""
    chance = random.Random(f"{kind} {seed}")
    own = {"where": chance.choice(CONDITIONS)}
    if kind in ("share", "net"):
        own |= {"hit": chance.choice(CONDITIONS), "of": chance.choice(CONDITIONS)}
    if kind == "net":
        own["miss"] = chance.choice(CONDITIONS)
    if kind in ("mean", "median", "quantile", "ratio"):
        own["value"] = chance.choice([*NUMBERS])
    if kind == "ratio":
        own["of"] = chance.choice([*NUMBERS])
    theirs = {key: f"({NUMBERS.get(text, _nulls(text))})" for key, text in own.items()}
    told = {"id": f"{kind}_{seed}", "title": "Mine", "kind": kind, "clock": chance.choice([*CLOCKS]), **own}
    if kind == "quantile":
        told["quantile"] = theirs["q"] = chance.choice([0.1, 0.75, 0.9, 0.95])
    return told, theirs


def _nulls(condition: str) -> str:
    """What divides by zero is null with us, and not a number there."""
    return condition.replace("/ reopen_count", "/ nullif(reopen_count, 0)")


METRICS = {f"{kind}_{seed}": made(kind, seed) for kind in SQL for seed in range(6)}


@cache
def run(name: str):
    options = {**RUNS[name]}
    seed = options.pop("seed")
    frames = Company(seed).frames()
    chance = random.Random(seed)
    spent = [chance.choice([None, -3.5, 0.0, 1.25, 17.0, 1e3]) for _ in range(frames["tickets"].height)]
    tickets = frames["tickets"].with_columns(pl.Series("spent:number", spent, pl.Float64))
    config = {"metric": [told for told, _ in METRICS.values()]}
    found = report(frames | {"tickets": tickets}, by=BY, config=config, metrics=[*METRICS], **options)
    oracle = Oracle(frames | {"tickets": tickets.rename({"spent:number": "spent"})}, found.window, options)
    return found, oracle


@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize("name", RUNS)
def test_same_as_the_second_engine(name, metric):
    found, oracle = run(name)
    told, theirs = METRICS[metric]
    of = CLOCKS[told["clock"]]
    rows = (
        f"(SELECT s.cell, t.* FROM slices s JOIN facts t ON t.{of} >= s.start AND t.{of} < s.stop AND s.queue = '*' "
        "AND hit(s.channel, t.channel) AND hit(s.product, t.product) AND hit(s.segment, t.segment))"
    )
    query = SQL[told["kind"]].format(cell="cell", **theirs) + f" FROM {rows} GROUP BY cell"
    query = query.replace("< '2026-12-01'", f"< {_midnight(oracle)}")
    cursor = oracle.db.execute(query)
    names = [column[0] for column in cursor.description]
    cells = {row[0]: dict(zip(names, row, strict=True)) for row in cursor.fetchall()}
    wrong = []
    for cell, (group, number, by) in enumerate(oracle.slices):
        told_there = cells.get(cell, {"value": None, "n": 0})
        expected = {"value": told_there["value"], "n": told_there["n"]}
        if group == "series":
            actual = [point for point in found.series if point.metric == metric][number:][:1]
        elif by:
            actual = [part for part in found.segments if part.metric == metric and part.by == by]
            if expected["n"] < 5 and told["kind"] != "count":
                expected["value"] = None
        else:
            actual = [found.metrics[metric]] if metric in found.metrics else []
        got = {"value": actual[0].value, "n": actual[0].n} if actual else {"value": None, "n": 0}
        if not expected["n"] and told["kind"] == "count":
            got, expected = {"n": got["n"]}, {"n": 0}
        wrong += [f"{group} {number} {by}{difference}" for difference in differences(got, expected)]
    assert wrong == []


def _midnight(oracle) -> str:
    """The day of the condition as the second engine has it: an instant in UTC, of the zone of the report."""
    day = datetime(2026, 12, 1, tzinfo=oracle.zone).astimezone(ZoneInfo("UTC"))
    return f"TIMESTAMP '{day.replace(tzinfo=None)}'"


def values(found, name):
    return found.metrics[name].value, found.metrics[name].interval


@pytest.mark.parametrize(
    ("kind", "of", "is_right"),
    [("ratio", "reply_count", 90 * 60 / 3), ("mean", None, 45 * 60), ("median", None, 45 * 60)],
)
def test_minutes_of_the_file_are_shown_as_a_length_of_time(kind, of, is_right):
    rows = [
        {"ticket_id": str(i), "created_at": _at(i), "cost": float(spent), "reply_count": replies}
        for i, (spent, replies) in enumerate([(90, 2), (0, 1)])
    ]
    own = {"id": "r", "title": "R", "kind": kind, "value": "cost", "of": of, "unit": "minutes"}
    said = {"metric": [{key: each for key, each in own.items() if each}]}
    assert values(report({"tickets": rows}, config=said, metrics=["r"]), "r")[0] == pytest.approx(is_right)


def test_the_interval_of_a_ratio_is_that_of_its_linearised_mean():
    chance = np.random.default_rng(5)
    below = chance.integers(1, 9, 400).astype(float)
    above = below * 0.3 + chance.normal(0, 0.2, 400)
    rows = [
        {"ticket_id": str(i), "created_at": _at(i), "cost": float(a), "handle_seconds": float(b)}
        for i, (a, b) in enumerate(zip(above, below, strict=True))
    ]
    own = {"id": "r", "title": "R", "kind": "ratio", "value": "cost", "of": "handle_seconds"}
    value, (low, high) = values(report({"tickets": rows}, config={"metric": [own]}, metrics=["r"]), "r")
    ratio = above.sum() / below.sum()
    assert value == pytest.approx(ratio)
    lines = (above - ratio * below) / below.mean()
    reach = stats.t.ppf(0.975, 399) * lines.std(ddof=1) / sqrt(400)
    assert (low, high) == pytest.approx((ratio - reach, ratio + reach))


def test_the_interval_of_a_quantile_holds_it_as_often_as_it_says():
    chance, held = np.random.default_rng(6), 0
    truth = stats.norm.ppf(0.75)
    for _ in range(60):
        rows = [
            {"ticket_id": str(i), "created_at": _at(i), "cost": float(x)}
            for i, x in enumerate(chance.normal(size=80))
        ]
        own = {"id": "q", "title": "Q", "kind": "quantile", "quantile": 0.75, "value": "cost"}
        _, (low, high) = values(report({"tickets": rows}, config={"metric": [own]}, metrics=["q"]), "q")
        held += low <= truth <= high
    assert 51 <= held <= 60


def test_lengths_of_time_are_in_seconds_and_none_is_below_zero():
    rows = [
        {"ticket_id": str(i), "created_at": _at(i), "handle_seconds": x, "cost": 1.0}
        for i, x in enumerate((60.0, 180.0, None))
    ]
    own = [
        {"id": "m", "title": "M", "kind": "mean", "value": "handle_seconds / 60", "unit": "minutes"},
        {"id": "less", "title": "L", "kind": "mean", "value": "handle_seconds - 100", "unit": "seconds"},
    ]
    found = report({"tickets": rows}, config={"metric": own})
    assert (found.metrics["m"].value, found.metrics["m"].n, found.metrics["m"].unit) == (120.0, 2, "seconds")
    assert (found.metrics["less"].value, found.metrics["less"].n) == (80.0, 1)


def test_a_mean_length_of_time_may_be_next_to_nothing_and_a_mean_of_numbers_below():
    rows = [
        {"ticket_id": str(i), "created_at": _at(i), "cost": x} for i, x in enumerate((0.2, 0.4, 0.0, 1.9))
    ]
    kinds = {"length": "seconds", "plain": None}
    own = [
        {"id": name, "title": "M", "kind": "mean", "value": "cost"} | ({"unit": unit} if unit else {})
        for name, unit in kinds.items()
    ]
    found = report({"tickets": rows}, config={"metric": own})
    reach = stats.t.ppf(0.975, 3) * np.std((0.2, 0.4, 0.0, 1.9), ddof=1) / 2
    low = {name: found.metrics[name].interval[0] for name in kinds}
    assert low == {"length": 0.0, "plain": pytest.approx(0.625 - reach)}


@pytest.mark.parametrize(
    ("unit", "target"), [("hours", 7200.0), ("minutes", 120.0), (None, 2.0), ("score", 2.0)]
)
def test_a_target_is_a_number_in_the_unit_of_the_metric(unit, target):
    own = {
        "id": "m",
        "title": "M",
        "kind": "mean",
        "value": "cost",
        "unit": unit,
        "target": 2,
        "direction": "lower",
    }
    rows = [{"ticket_id": "a", "created_at": _at(0), "cost": 1.0}]
    said = {"metric": [{key: each for key, each in own.items() if each}]}
    assert report({"tickets": rows}, config=said).metrics["m"].target.value == target


CHAT, HIGH, DEAR = ("channel = 'chat'", "priority = 'high'", "cost > 0")


@pytest.mark.parametrize(
    ("quantile", "judged"), [(0.5, Quantity.DURATION), (0.9, None)], ids=["median", "90th percentile"]
)
@pytest.mark.parametrize("unit", ["hours", None])
def test_a_quantile_says_which_it_is_and_only_the_median_of_lengths_is_judged(quantile, judged, unit):
    own = {"id": "q", "title": "Q", "kind": "quantile", "quantile": quantile, "value": "cost"}
    own |= {"unit": unit} if unit else {}
    rows = [{"ticket_id": str(i), "created_at": _at(i), "cost": float(i)} for i in range(6)]
    chosen = settings(config={"metric": [own]}, metrics=["q"])
    assert (
        report({"tickets": rows}, config={"metric": [own]})
        .metrics["q"]
        .worked.startswith(f"percentile {100 * quantile:g} of 6")
    )
    (job,) = results(frames({"tickets": rows}), chosen).plan.jobs
    assert job.method.aggregation.contribution.quantity is (judged if unit else None)


@pytest.mark.parametrize(
    ("keys", "formula"),
    [
        ({"kind": "share", "hit": CHAT}, f"rows with {CHAT} ÷ rows"),
        ({"kind": "share", "hit": CHAT, "of": HIGH}, f"rows with {CHAT} ÷ rows, where {HIGH}"),
        (
            {"kind": "share", "hit": CHAT, "of": HIGH, "where": DEAR},
            f"rows with {CHAT} ÷ rows, where {HIGH} and {DEAR}",
        ),
        ({"kind": "ratio", "value": "cost", "of": "cost + 1"}, "Σ cost ÷ Σ cost + 1"),
        (
            {"kind": "ratio", "value": "cost", "of": "cost + 1", "where": CHAT},
            f"Σ cost ÷ Σ cost + 1, where {CHAT}",
        ),
    ],
)
def test_a_formula_says_each_condition_once(keys, formula):
    rows = [{"ticket_id": "a", "created_at": _at(0), "cost": 1.0, "channel": "chat", "priority": "high"}]
    own = {"id": "m", "title": "M", **keys}
    assert report({"tickets": rows}, config={"metric": [own]}).metrics["m"].formula == formula


def _at(place: int):
    return Company(1).instant() if place < 0 else _START + place * _HOUR


_START = np.datetime64("2026-01-01").astype("datetime64[us]").item()
_HOUR = np.timedelta64(1, "h").astype("timedelta64[us]").item()
