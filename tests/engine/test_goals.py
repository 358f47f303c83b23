"""Targets: which rule wins for a row and for a reading, and how amounts are read."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from canonical import settings

from cx_kpi.engine.facts.fact import Context, Rows
from cx_kpi.engine.facts.row_targets import target
from cx_kpi.engine.facts.target_rules import parse_seconds, reading_target
from cx_kpi.engine.planning.target_checks import check
from cx_kpi.metrics.registry import METRICS
from cx_kpi.model.errors import UsageProblem
from cx_kpi.model.values import Target

WAIT, CSAT = METRICS["first_response_time"], METRICS["csat"]
BERLIN = ZoneInfo("Europe/Berlin")


def config(**given):
    return settings(config=given).config


def row_targets(rows, rules):
    """The target of each row in Berlin."""
    context = Context(Rows(rows), {}, datetime(2026, 4, 1, tzinfo=BERLIN), config(target=rules))
    return rows.select(target("first_response_time").build(context)).to_series().to_list()


def rule(value, metric="first_response_time", **given):
    return {"metric": metric, "value": value, **given}


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("90 s", 90),
        ("4 min", 240),
        ("4 minutes", 240),
        ("24h", 86_400),
        ("1.5 hours", 5400),
        ("2 days", 172_800),
        ("1W", 604_800),
    ],
)
def test_lengths_of_time(text, seconds):
    assert parse_seconds(text) == seconds


@pytest.mark.parametrize("text", ["", "4", "h", "-4 h", "4 parsecs", "1,5 h", "4 h 5 min"])
def test_no_length_of_time(text):
    with pytest.raises(ValueError, match="^" + text):
        parse_seconds(text)


@pytest.mark.parametrize(("value", "goal"), [("90%", 0.9), (0.9, 0.9), ("0.9", 0.9), (1, 1.0)])
def test_amounts_of_shares(value, goal):
    assert reading_target(CSAT, config(targets={"csat": value}), {}, None) == Target(">=", goal)


CALENDAR = [{"hours": {"mon-fri": "09:00-17:00"}}]


@pytest.mark.parametrize(
    ("target", "says"),
    [
        (rule("8 h", clock="business"), "business hours need a \\[\\[calendar\\]\\]; add one"),
        (rule(None, deadline="end_of_day"), "business hours need a"),
        (rule("8 h", "first_response_time_business"), "business hours need a"),
        (
            rule(None),
            "has to say either a value, such as '4 h', or a deadline: end_of_day, next_working_day or",
        ),
        (rule("8 h", deadline="end_of_day"), "has to say either a value"),
        (
            rule(0.9, "csat", clock="business"),
            "clock, deadline and pauses are for first_response_time, resol",
        ),
        (rule("8 h", pauses="subtract"), "pauses are subtracted from lengths of time to the solution"),
        (rule("0 min", "no_metric", clock="business"), "no metric 'no_metric'"),
        (rule(90, "csat"), '90.0 is not between 0 and 1; write 0.9 or "90%"$'),
        (rule(101, "csat"), "101.0 is not between 0 and 1$"),
        (rule(101, "nps"), "101.0 is not between -100 and 100$"),
    ],
)
def test_a_target_that_cannot_be_judged(target, says):
    with pytest.raises(UsageProblem, match=says):
        check(config(target=[target]))


@pytest.mark.parametrize(
    ("target", "says"),
    [
        (
            rule(None, deadline="tomorrow"),
            "no deadline 'tomorrow'; write end_of_day, next_working_day or business_d",
        ),
        (rule(None, deadline="business_days:0"), "no deadline 'business_days:0'"),
        (rule("8 h", "resolution_time", clock="business", pauses="subtract"), "known by the calendar only"),
        (rule(None, "resolution_time", deadline="end_of_day", pauses="subtract"), "leave them out here"),
    ],
)
def test_a_target_in_business_hours_that_cannot_be_judged(target, says):
    with pytest.raises(UsageProblem, match=says):
        check(config(target=[target], calendar=CALENDAR))


def test_each_of_two_twins_is_judged_by_the_targets_in_its_clock():
    ours = config(
        target=[
            rule("8 h", when={"channel": "email"}, clock="business"),
            rule("2 h", "first_response_time_business", when={"channel": "web"}),
            rule("3 h", when={"channel": "chat"}),
            rule(None, when={"channel": "phone"}, deadline="end_of_day"),
        ],
        calendar=CALENDAR,
    )
    check(ours)
    twin = METRICS["first_response_time_business"]
    found = {
        channel: [
            goal and goal.value / 3600
            for goal in (reading_target(each, ours, {"channel": channel}, None) for each in (WAIT, twin))
        ]
        for channel in ("email", "web", "chat", "phone", "social")
    }
    assert found == {
        "email": [None, 8],  # which replaces the usual one by the calendar
        "web": [None, 2],
        "chat": [3, None],
        "phone": [None, None],
        "social": [1, None],
    }


@pytest.mark.parametrize(
    ("targets", "says"),
    [
        ({"csatt": 0.9}, "no metric 'csatt'; did you mean csat"),
        ({"csat": ">= 85%"}, "write it without a sign: the direction of the metric says"),
        ({"csat": "good"}, "target of csat: 'good' is neither a number nor a length of time"),
        ({"resolution_time": "soon"}, "target of resolution_time: 'soon' is neither"),
        ({"resolution_survival": 1}, "no metric 'resolution_survival'"),
    ],
)
def test_a_target_that_cannot_be_read(targets, says):
    with pytest.raises(UsageProblem, match=says):
        check(config(targets=targets))


def test_the_rule_that_says_most_wins_then_a_dated_one_then_the_last_of_the_file():
    rules = [
        rule("1 h"),
        rule("2 h"),
        rule("3 h", when={"channel": "email"}),
        rule("4 h", when={"channel": "email", "priority": "low"}),
        rule("5 h", since=date(2026, 3, 1)),
        rule("6 h", when={"channel": "chat"}, until=date(2026, 3, 1)),
        rule("7 h", when={"channel": "chat"}),
    ]
    ours = config(target=rules, targets={"first_response_time": "9 h"})
    cases = [
        ({}, date(2026, 3, 1), 2),  # ends before the dated rule begins
        ({}, date(2026, 4, 1), 5),
        ({"channel": "email"}, date(2026, 4, 1), 3),
        ({"channel": "email", "priority": "low"}, None, 4),
        ({"channel": "chat"}, date(2026, 3, 1), 6),
        ({"channel": "chat"}, date(2026, 3, 2), 7),
        ({"channel": None}, date(2026, 2, 1), 2),
    ]
    for by, until, hours in cases:
        assert reading_target(WAIT, ours, by, until) == Target("<=", hours * 3600.0), by


def test_built_in_targets_by_channel_give_way_to_any_of_ones_own():
    assert reading_target(WAIT, config(), {"channel": "phone"}, None) == Target("<=", 240.0)
    assert reading_target(WAIT, config(), {}, None) is None
    assert reading_target(
        WAIT, config(targets={"first_response_time": 60}), {"channel": "phone"}, None
    ) == Target("<=", 60.0)


def test_each_row_has_the_target_of_its_values_and_its_day():
    rules = [
        rule("1 h", since=date(2026, 3, 29), until=date(2026, 3, 30)),
        rule("2 h", when={"priority": "urgent"}),
        rule("3 h", when={"plan": "gold"}),  # a column nobody has
    ]
    rows = pl.DataFrame(
        {
            "created_at": [
                datetime(2026, 3, 28, 22, 59),
                datetime(2026, 3, 28, 23),
                datetime(2026, 3, 29, 21, 59),
                datetime(2026, 3, 29, 22),
            ]
            * 2,
            "priority": [None] * 4 + ["urgent"] * 4,
            "channel": ["phone", None, "email", "fax"] * 2,
        },
        {"created_at": pl.Datetime("us"), "priority": pl.Categorical, "channel": pl.Categorical},
    ).with_columns(pl.col("created_at").dt.replace_time_zone("UTC"))
    assert row_targets(rows, rules) == [240.0, 3600.0, 3600.0, None, *[7200.0] * 4]


def test_a_row_created_at_the_first_moment_of_a_rule():
    rules = [rule("1 h", since=date(2026, 3, 29))]
    at = datetime(2026, 3, 28, 23, tzinfo=UTC)
    rows = pl.DataFrame({"created_at": [at]}, {"created_at": pl.Datetime("us", "UTC")})
    assert row_targets(rows, rules) == [3600]
