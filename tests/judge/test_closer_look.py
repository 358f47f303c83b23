"""What goes with low answers, who answered, which stages matter, and fair tables."""

import random
from datetime import UTC, datetime, timedelta

import pytest
from canonical import frames, results, settings

from cx_kpi.judge.additions.added import added
from cx_kpi.judge.assemble import assemble

START = datetime(2026, 1, 1, 9, tzinfo=UTC)


def details(tables, metric, **options):
    chosen = settings(**options)
    found = results(frames(tables), chosen)
    return added(assemble(found, [], [], chosen), found, chosen).metrics[metric].details


def rated(chance, low, n=600, asked=1, rest=None):
    """Tickets and their ratings; `low` gives the share of low answers of a ticket, `asked` of those that answered one."""
    tickets, surveys = [], []
    for i in range(n):
        channel, category = ("email", "chat", "phone")[i % 3], ("billing", "device")[i // 3 % 2]
        ticket = {
            "ticket_id": str(i),
            "created_at": START + timedelta(hours=i),
            "first_response_at": START + timedelta(hours=i + (30 if i % 5 == 0 else 0.5)),
            "channel": channel,
            "category": category,
            "reopen_count": int(i % 7 == 0),
            "agent": f"Agent {i % 8}",
        }
        answered = chance.random() < (asked(ticket) if callable(asked) else asked)
        score = (1.0 if chance.random() < low(ticket) else 5.0) if answered else None
        at = ticket["created_at"] + timedelta(hours=40)
        about = {"ticket_id": str(i), "agent": ticket["agent"]}
        survey = {"kind": "csat", "sent_at": at, "score": score, "response_id": str(i), **about}
        surveys.append(survey | ({"responded_at": at} if answered else {}))
        tickets.append(ticket)
    return {"tickets": tickets, "surveys": surveys}


def test_what_goes_with_low_answers_is_named_first():
    tables = rated(random.Random(1), lambda ticket: 0.45 if ticket["reopen_count"] else 0.1)
    found = details(tables, "csat")
    table = found["dissatisfaction"]
    assert found["dissatisfaction_names"] == ["reopened: yes"]
    assert table[0]["name"] == "reopened: yes"
    assert table[0]["shown"]
    assert table[0]["against_others"] == pytest.approx(0.35, abs=0.15)
    assert [row["shown"] for row in table[1:]] == [False] * (len(table) - 1)


@pytest.mark.parametrize(("others", "shown"), [(3, set()), (8, {"channel: E-mail"})])
def test_a_level_is_not_set_against_a_handful_of_others(others, shown):
    tables = rated(random.Random(3), lambda _: 0.5, n=200)
    for i, (ticket, survey) in enumerate(zip(tables["tickets"], tables["surveys"], strict=True)):
        ticket["channel"] = "chat" if i < others else "email"
        survey["score"] = 5.0 if i < others else survey["score"]
    names = {row["name"] for row in details(tables, "csat")["dissatisfaction"]}
    assert {name for name in names if name.startswith("channel")} == shown


def test_in_answers_that_are_alike_nothing_stands_out():
    chance = random.Random(2)
    said = 0
    for _ in range(20):
        found = details(rated(chance, lambda _: 0.2, n=300), "csat", metrics=["csat", "first_response_time"])
        said += any(row["shown"] for row in [*found["dissatisfaction"], *found.get("reasons", ())])
    assert said <= 3  # one in 20 is meant


def test_a_reason_that_gathers_in_a_channel_is_named():
    def low(ticket):
        return 0.9 if (ticket["channel"], ticket["category"]) == ("phone", "device") else 0.15

    first, *others = details(rated(random.Random(3), low, n=1800), "csat")["reasons"]
    assert (first["name"], first["reason"], first["shown"]) == ("phone", "device", True)
    assert first["residual"] > 3
    assert all(row["residual"] > 0 for row in others)


def test_who_answered_and_the_figure_if_all_had():
    tables = rated(
        random.Random(4),
        lambda ticket: 0.6 if ticket["channel"] == "email" else 0.1,
        n=1200,
        asked=lambda ticket: 0.1 if ticket["channel"] == "email" else 0.6,
    )
    found = details(tables, "csat")
    rows = {row["name"]: row for row in found["who_answered"]}
    assert {row["asked"] for row in rows.values()} == {400}
    assert rows["email"]["share"] == pytest.approx(0.1, abs=0.05)
    equal = sum(row["value"] for row in rows.values()) / 3
    assert found["if_all_answered"] == pytest.approx(equal)
    answers = sum(row["n"] for row in rows.values())
    pooled = sum(row["n"] * row["value"] for row in rows.values()) / answers
    assert found["if_all_answered"] < pooled - 0.05


def test_without_unanswered_requests_nothing_is_said_of_who_answered():
    assert "who_answered" not in details(rated(random.Random(5), lambda _: 0.2), "csat")


def test_the_stage_that_matters_and_is_weak_comes_first():
    chance, rows = random.Random(6), []
    for who in range(200):
        mood = chance.gauss(0, 1)
        nps = min(10, max(0, round(8 + 2 * mood)))
        setup = min(5, max(1, round(3 + mood + chance.gauss(0, 0.4))))
        delivery = min(5, max(1, round(4.5 + chance.gauss(0, 0.6))))
        at = START + timedelta(hours=who)
        common = {"customer_id": str(who), "responded_at": at}
        rows += [common | {"kind": "nps", "score": float(nps), "scale_max": 10.0}]
        for stage, score in (("Setup", setup), ("Delivery", delivery)):
            rows.append(common | {"kind": "sps", "score": float(score), "journey_stage": stage})
    first, second = details({"surveys": rows}, "sps")["importance"]
    assert (first["name"], first["shown"], first["first_to_improve"], first["n"]) == (
        "Setup",
        True,
        True,
        200,
    )
    assert first["importance"] > 0.6
    assert (second["name"], second["first_to_improve"]) == ("Delivery", False)


def test_a_fair_table_names_who_differs_by_more_than_chance():
    tables = rated(random.Random(7), lambda ticket: 0.5 if ticket["agent"] == "Agent 3" else 0.15, n=1600)
    found = details(tables, "csat", by=[["agent"]])
    table = found["fair_agent"]
    assert found["fair_agent_names"] == ["Agent 3"]
    assert [row["name"] for row in table if row["shown"]] == ["Agent 3"] == [table[-1]["name"]]
    assert table[-1]["value"] < table[-1]["funnel"][0]
    middle = sum(row["n"] * row["value"] for row in table) / sum(row["n"] for row in table)
    assert all(abs(row["fair_value"] - middle) <= abs(row["value"] - middle) for row in table)


def test_equal_agents_are_drawn_together_and_few_rows_have_no_place():
    chance, said = random.Random(8), 0
    for _ in range(20):
        tables = rated(chance, lambda _: 0.2, n=400)
        for survey in tables["surveys"][:20]:
            survey["agent"] = "Newcomer"
        found = details(tables, "csat", by=[["agent"]], metrics=["csat"])
        table = found["fair_agent"]
        assert ("fair_agent_names" in found) is any(row["shown"] for row in table)
        said += any(row["shown"] for row in table)
        assert (table[-1]["name"], table[-1]["n"], table[-1]["value"]) == ("Newcomer", 20, None)
        spread = [
            max(row[key] for row in table[:-1]) - min(row[key] for row in table[:-1])
            for key in ("value", "fair_value")
        ]
        assert spread[1] < spread[0]
    assert said <= 3


def commented(month, texts):
    """Answers of a month, each with a text."""
    return [
        {
            "kind": "csat",
            "score": 1.0 + k % 5,
            "responded_at": datetime(2026, month, 1 + k % 28, 12, tzinfo=UTC),
            "comment": text,
        }
        for k, text in enumerate(texts)
    ]


def test_new_words_are_those_of_the_latest_period_alone():
    before = [f"late refund {k % 7} {'abcdefg'[k % 7]}" for k in range(60)]
    fresh = [f"login froze {word}" for word in ("again", "twice", "at home", "in the app", "on the page")]
    tables = {"surveys": [*commented(1, before), *commented(2, before), *commented(3, [*before, *fresh])]}
    found = details(tables, "comment_terms", as_of="2026-04-01")
    assert found["new_words"] == ["froze", "login"]
    tables["surveys"] += commented(1, fresh[:1])
    assert "new_words" not in details(tables, "comment_terms", as_of="2026-04-01")
