"""How large the backlog is: told near the top where it is large, as a level and never as a change."""

from datetime import UTC, datetime, timedelta

import pytest
from canonical import report

START = datetime(2025, 1, 1, 9, tzinfo=UTC)


def desk(days, still_open, *, team=lambda _: "north", a_day=5):
    """Five tickets a day, each solved after two hours, but those that stay open."""
    rows = []
    for number in range(a_day * days):
        at = START + timedelta(days=number // a_day, minutes=number % a_day)
        done = None if still_open(number) else at + timedelta(hours=2)
        rows.append({"ticket_id": number, "created_at": at, "solved_at": done, "team": team(number)})
    return {"tickets": rows}


def told(tables, **options):
    found = report(tables, **options)
    return [each.text.replace("\xa0", " ") for each in found.findings if each.metric == "backlog"], found


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "at least 100 tickets are open on 10 April 2025"),
        ("ru", "на 10 апреля 2025 открытых обращений не меньше 100"),
    ],
)
def test_a_fifth_that_stays_open_is_told_first_with_its_share(language, words):
    tables = desk(100, lambda number: number % 5 == 0)
    (text,), found = told(tables, period="month", as_of="2025-04-11T00:00", language=language)
    assert words in text
    assert "20" in text
    assert "500" in text
    assert found.findings[0].metric == "backlog" or found.metrics["backlog"].verdict


@pytest.mark.parametrize(
    ("is_open", "words"),
    [
        (
            lambda number: number % 5 == 0,
            "team west has the most (≥ 67), in line with its share of all tickets",
        ),
        (
            lambda number: number % 5 == 0 or number // 5 % 3 == 2,
            "team north has the most (≥ 165): 71.1% of the open ones, against 33.0% of all tickets created",
        ),
    ],
)
def test_who_has_the_most_is_named_and_whether_that_is_more_than_its_part_of_all(is_open, words):
    teams = ("west", "west", "north")
    tables = desk(100, is_open, team=lambda number: teams[number // 5 % 3])
    (text,), _ = told(tables, period="month", as_of="2025-04-11T00:00", by=[["team"]])
    assert words in text


def test_few_open_tickets_and_a_small_part_of_all_are_no_finding():
    tables = desk(100, lambda number: number % 25 == 0)
    found, _ = told(tables, period="month", as_of="2025-04-11T00:00")
    assert not any("tickets are open" in text or "overdue" in text for text in found)


def test_a_small_backlog_of_old_tickets_is_told_with_what_is_overdue():
    tables = desk(100, lambda number: number % 10 == 0, a_day=10)
    (text,), found = told(tables, period="month", as_of="2025-05-01T00:00")
    late = found.metrics["backlog_overdue"].value
    assert late > 0.5 * found.metrics["backlog"].value
    assert f"{late} of them are overdue (older than the mean resolution time, " in text
    assert "half of all open ones have waited for" in text
    assert "~" not in text
    (text,), _ = told(tables, period="month", as_of="2025-05-01T00:00", config={"quantiles": "fast"})
    assert "half of all open ones have waited for ~" in text
    (text,), _ = told(tables, period="month", as_of="2025-05-01T00:00", config={"backlog_age": "30 h"})
    assert "are overdue (older than 30 h)" in text


def test_a_lower_bound_is_said_as_one_and_no_growth_is_told():
    rows = [
        {
            "ticket_id": n,
            "created_at": START + timedelta(hours=7 * n),
            "status": "open" if n % 3 else "solved",
        }
        for n in range(300)
    ]
    (text,), found = told({"tickets": rows}, period="month")
    assert found.metrics["backlog"].details.get("lower_bound")
    assert "at least 200 tickets are open" in text
    assert "since" not in text
