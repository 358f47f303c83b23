"""What comes: forecasts where the data is long enough, and the pace to this quarter's targets."""

from datetime import UTC, datetime, timedelta

import pytest
from canonical import frames, results, settings

from cx_kpi.judge.additions.outlook import with_outlook
from cx_kpi.judge.assemble import assemble

MONDAY = datetime(2026, 1, 5, 9, tzinfo=UTC)


def tickets(*weeks, start=MONDAY):
    """Tickets, N in each week, solved after a day; one at its very end."""
    rows = []
    for place, n in enumerate(weeks):
        for i in range(n):
            at = start + timedelta(weeks=place, minutes=i * 7 * 1440 / n if i < n - 1 else 7 * 1440 - 600)
            rows.append({"ticket_id": f"{place}-{i}", "created_at": at, "solved_at": at + timedelta(days=1)})
    return rows


def outlook(tables, **options):
    chosen = settings(**options)
    found = results(frames(tables), chosen)
    return with_outlook(assemble(found, [], [], chosen), found, chosen)


def only(tables, metric, **options):
    found = outlook(tables, metrics=[metric], **options)
    return found, found.outlook


def test_the_next_weeks_follow_the_latest_four():
    found, ahead = only({"tickets": tickets(*[20, 22, 18, 20] * 4)}, "tickets_created", as_of="2026-04-26")
    (volume,) = ahead.forecasts
    assert [week.value for week in volume.weeks] == [20] * 4
    assert volume.weeks[0].start == "2026-04-27"
    assert all(week.low <= 18 and week.high >= 22 for week in volume.weeks)
    assert volume.text.startswith("week 18 of 2026: about 20 (18 to 22 four times in five)")
    assert found.metrics["tickets_created"].details["ahead"] == volume.text
    (chart,) = [each for each in found.exhibits if each.id == "ahead_tickets_created"]
    assert chart.columns[-5:][:2] == ["2026-04-20", "2026-04-27"]
    assert [line.values[-5] is None for line in chart.rows] == [False, True, True, True]


@pytest.mark.parametrize("weeks", [1, 4, 7])
def test_a_short_history_foretells_nothing(weeks):
    found, ahead = only({"tickets": tickets(*[20] * weeks)}, "tickets_created")
    assert ahead is None
    assert "ahead" not in found.metrics["tickets_created"].details


def test_a_window_that_ended_before_the_data_foretells_nothing():
    _, ahead = only({"tickets": tickets(*[20] * 16)}, "tickets_created", until="2026-03-01")
    assert ahead is None


def test_a_week_that_is_not_over_is_no_history_and_is_not_foretold():
    found, ahead = only({"tickets": tickets(*[20] * 16)}, "tickets_created", as_of="2026-04-23")
    starts = [week.start for week in ahead.forecasts[0].weeks]
    assert starts == ["2026-04-27", "2026-05-04", "2026-05-11"]
    assert {week.value for week in ahead.forecasts[0].weeks} == {20}
    (chart,) = [each for each in found.exhibits if each.id == "ahead_tickets_created"]
    begun = chart.columns.index("2026-04-20")
    assert [line.values[begun] for line in chart.rows] == [None] * 4
    assert all(len(line.values) == len(chart.columns) for line in chart.rows)


@pytest.mark.parametrize(
    ("language", "words"), [("en", "by the end of week 17"), ("ru", "к концу недели (неделя 17")]
)
def test_of_a_level_the_end_of_a_week_that_has_begun_is_still_to_come(language, words):
    every = tickets(*[40] * 20)
    grown = [row | {"solved_at": None} if row["ticket_id"].endswith("-7") else row for row in every]
    _, ahead = only({"tickets": grown}, "backlog", as_of="2026-04-23", language=language)
    assert ahead.forecasts[0].text.startswith(words)


def test_a_backlog_goes_on_as_it_went():
    every = tickets(*[40] * 20)
    grown = [row | {"solved_at": None} if row["ticket_id"].endswith("-7") else row for row in every]
    _, ahead = only({"tickets": grown}, "backlog")
    levels = [week.value for week in ahead.forecasts[0].weeks]
    first = levels[0]
    assert levels == [first, first + 1, first + 2, first + 3]
    assert 20 <= first <= 30


def answers(good, bad, start=datetime(2026, 1, 1, 9, tzinfo=UTC), days=45):
    n = good + bad
    every = [5.0] * good + [1.0] * bad
    return [
        {"kind": "csat", "score": score, "responded_at": start + timedelta(days=days * i / n)}
        for i, score in enumerate(every)
    ]


@pytest.mark.parametrize(
    ("good", "bad", "met", "cases", "said"),
    [
        (80, 20, False, 5, "80.0% in Q1 2026 so far, 5 cases short of the target ≥ 85%"),
        (90, 10, True, 0, "90.0% in Q1 2026 so far, target ≥ 85% met"),
        (
            10,
            90,
            False,
            75,
            "10.0% in Q1 2026 so far; the target ≥ 85% is out of reach: 75 cases too many were missed",
        ),
    ],
)
def test_the_pace_says_what_the_rest_of_the_quarter_has_to_be(good, bad, met, cases, said):
    _, ahead = only({"surveys": answers(good, bad)}, "csat", period="week")
    (paced,) = ahead.paces
    assert (paced.start, paced.end, paced.n, paced.met, paced.cases) == (
        "2026-01-01",
        "2026-04-01",
        100,
        met,
        cases,
    )
    assert paced.text.replace("\xa0", " ").startswith(said)
    if paced.needed:
        whole = good + paced.needed * paced.to_come
        assert whole / (100 + paced.to_come) == pytest.approx(0.85)


def test_a_quarter_that_is_over_or_has_just_begun_has_no_pace():
    assert only({"surveys": answers(80, 20, days=89.9)}, "csat")[1] is None
    assert only({"surveys": answers(80, 20, days=10)}, "csat", period="day")[1] is None
