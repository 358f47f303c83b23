"""Waits in both clocks: which comes first, which is shown under it, and the hours in words."""

from datetime import date

import pytest
from canonical import report, settings

from cx_kpi.judge.sentences.calendar_words import described
from cx_kpi.wording.language import Language

TICKETS = """
ticket_id | created_at       | first_response_at | solved_at        | channel
1         | 2026-03-27 16:30 | 2026-03-30 09:15  | 2026-03-30 10:00 | email
2         | 2026-03-27 16:30 |                   |                  | chat
"""
OFFICE = {"hours": {"mon-fri": "09:00-17:00"}}
TIME, TWIN = "first_response_time", "first_response_time_business"


def found(metrics=(), **config):
    return report({"tickets": TICKETS}, config=config, metrics=metrics)


@pytest.mark.parametrize(("clock", "first", "second"), [("calendar", TIME, TWIN), ("business", TWIN, TIME)])
def test_the_headline_comes_first_and_its_twin_right_after(clock, first, second):
    metrics = found(calendar=[OFFICE], headline_clock=clock).metrics
    names = list(metrics)
    assert names.index(second) == names.index(first) + 1
    assert (metrics[first].twin_of, metrics[second].twin_of) == (None, first)
    assert (metrics[TIME].value, metrics[TWIN].value) == (3885 * 60, 45 * 60)


def test_one_alone_is_nobodys_twin():
    assert found(calendar=[OFFICE], metrics=[TWIN]).metrics[TWIN].twin_of is None


def test_without_a_calendar_there_is_nothing_to_say():
    said = found()
    assert [name for name in said.metrics if name.endswith("_business")] == []
    assert [each.metric for each in said.left_out if each.metric.endswith("_business")] == []


def test_asked_for_without_a_calendar_it_says_what_is_missing():
    (left,) = found(metrics=[TWIN]).left_out
    assert (left.metric, left.why) == (TWIN, "no business hours: add a [[calendar]] to cxkpi.toml")


def test_what_a_twin_lacks_is_said_once():
    said = report({"tickets": "ticket_id | created_at\n1 | 2026-03-27 16:30"}, config={"calendar": [OFFICE]})
    assert TIME in [each.metric for each in said.left_out]
    assert TWIN not in [each.metric for each in said.left_out]


def test_figures_by_the_calendar_do_not_change():
    plain, both = found(), found(calendar=[OFFICE])
    kept = {name: reading for name, reading in both.metrics.items() if reading.twin_of is None}
    assert kept == dict(plain.metrics)


@pytest.mark.parametrize(
    ("hours", "words"),
    [
        ({"mon-fri": "09:00-17:00"}, "Mon–Fri 09:00–17:00"),
        ({"mon": "22:00-06:00", "wed": "22:00-06:00"}, "Mon 22:00–06:00, Wed 22:00–06:00"),
        ({"mon-fri": ["08:00-12:00", "13:30-18:00"], "sat": "10:00-14:00"},
         "Mon–Fri 08:00–12:00 + 13:30–18:00, Sat 10:00–14:00"),
        ({"mon-sun": "00:00-24:00"}, "Mon–Sun 00:00–24:00"),
        ({"mon": "closed"}, "closed"),
    ],
)  # fmt: skip
def test_hours_in_words(hours, words):
    options = settings(config={"calendar": [{"hours": hours}]}, timezone="Europe/London")
    (row,) = described(options, None, Language())
    assert (row["hours"], row["timezone"], row["holidays"], row["when"]) == (
        words,
        "Europe/London",
        None,
        None,
    )


def test_the_versions_in_force_in_the_window_are_told():
    late = {"hours": {"mon-fri": "22:00-06:00"}, "since": "2026-03-28", "holidays": ["RU", "GB-ENG"]}
    days = {"2026-03-27": "closed", "2026-03-28": "closed", "2026-03-30": "10:00-12:00"}
    chat = {"hours": {"sat": "10:00-12:00"}, "name": "chat", "when": {"channel": "chat"}}
    config = {"calendar": [OFFICE | {"days": days}, late | {"days": days}, chat]}
    options = settings(config=config, timezone="Europe/London")
    first, early, after = described(options, (date(2026, 3, 1), date(2026, 3, 30)), Language())
    assert first["words"] == "channel = chat: Sat 10:00–12:00 (Europe/London)"
    assert early["words"] == "Mon–Fri 09:00–17:00 (Europe/London, 1 special day, before 28 March 2026)"
    assert (early["since"], early["until"], early["special_days"]) == (None, "2026-03-28", 1)
    assert after["words"] == (
        "Mon–Fri 22:00–06:00 (Europe/London, RU, GB-ENG, 1 special day, from 28 March 2026)"
    )
    assert (after["holidays"], after["since"], after["until"]) == ("RU, GB-ENG", "2026-03-28", None)


def test_a_version_that_is_not_in_force_in_the_window_is_not_told():
    late = {"hours": {"mon-fri": "22:00-06:00"}, "since": "2026-03-28"}
    for until, hours in (("2026-03-28", "Mon–Fri 09:00–17:00"), ("2026-04-01", "Mon–Fri 22:00–06:00")):
        span = {"since": "2026-03-26" if until < "2026-03-29" else "2026-03-28", "until": until}
        said = report({"tickets": TICKETS}, config={"calendar": [OFFICE, late]}, **span)
        (row,) = said.metrics[TWIN].details["calendar"]
        assert row["words"] == f"{hours} (UTC)"


def test_hours_in_russian():
    options = settings(config={"calendar": [OFFICE]})
    assert described(options, None, Language("ru"))[0]["hours"] == "пн–пт 09:00–17:00"
