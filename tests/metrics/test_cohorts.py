"""The cohort of a metric is a choice: other rows, another formula, and a reading that names it."""

import pytest
from canonical import report

from cx_kpi.metrics.cohorts import CHOICES, by_cohort, check, cohorts
from cx_kpi.metrics.registry import PUBLIC, metric
from cx_kpi.model.errors import UsageProblem
from cx_kpi.model.options import Config

TICKETS = """
ticket_id | created_at       | first_response_at | first_solved_at  | solved_at        | reopen_count | escalation_level | is_complaint
1         | 2026-01-20 00:00 | 2026-02-02 00:00  | 2026-01-21 00:00 | 2026-02-09 00:00 | 1            | 1                | yes
2         | 2026-02-03 00:00 | 2026-02-03 01:00  | 2026-02-04 00:00 | 2026-02-04 00:00 | 0            | 0                | yes
3         | 2026-02-05 00:00 | 2026-02-05 03:00  | 2026-02-07 00:00 | 2026-03-07 00:00 | 2            |                  | no
4         | 2026-02-06 00:00 |                   |                  |                  |              | 2                | yes
"""
DAY = 86_400.0


def read(name, cohort=None):
    """The reading over February."""
    chosen = {"cohorts": {name: cohort}} if cohort else {}
    return report(
        {"tickets": TICKETS}, metrics=[name], since="2026-02-01", until="2026-03-01", config=chosen
    ).metrics[name]


@pytest.mark.parametrize(
    ("name", "cohort", "value", "n", "clock"),
    [
        ("resolution_time", "solved", 10.5 * DAY, 2, "solved"),
        ("resolution_time", "created", 15.5 * DAY, 2, "created"),
        ("resolution_time", "first_solve", 1.5 * DAY, 2, "first solved"),
        ("first_response_time", "created", 7_200.0, 2, "created"),
        ("first_response_time", "answered", (13 * DAY + 4 * 3_600) / 3, 3, "answered"),
        ("reopen_rate", "created", 0.5, 2, "created"),
        ("reopen_rate", "solved", 0.5, 2, "solved"),
        ("escalation_rate", "created", 0.5, 2, "created"),
        ("escalation_rate", "solved", 0.5, 2, "solved"),
        ("complaint_processing_time", "solved", 10.5 * DAY, 2, "solved"),
        ("complaint_processing_time", "created", DAY, 1, "created"),
    ],
)
def test_a_cohort_counts_other_rows(name, cohort, value, n, clock):
    found = read(name, cohort)
    assert (found.value, found.n, found.clock) == (pytest.approx(value), n, clock)
    assert (read(name) == found) == (cohort == cohorts(metric(name, Config()))[0])


def test_a_formula_of_its_own():
    for name, choices in CHOICES.items():
        told = [by_cohort(metric(name, Config()), {name: cohort}).formula for cohort in ("", *choices)]
        assert len(set(told)) == len(told)


def test_first_resolution_stands_beside_the_full_one():
    assert read("resolution_time").details["first_solve"] == 10.0 * DAY / 10  # 1 day of the two solved


def test_every_metric_may_be_asked_for_its_usual_cohort():
    for name, each in PUBLIC.items():
        check(Config(cohorts={name: cohorts(each)[0]}))
        assert by_cohort(each, {name: cohorts(each)[0]}) is each


@pytest.mark.parametrize(
    ("chosen", "said"),
    [
        ({"resolution_time": "opened"}, "choose solved or created or first_solve"),
        (
            {"csat": "created"},
            "csat: it has event alone; a cohort can be chosen for first_response_time, res",
        ),
        ({"resolution_tim": "created"}, "did you mean resolution_time"),
    ],
)
def test_a_wrong_choice_is_answered_with_the_right_ones(chosen, said):
    with pytest.raises(UsageProblem, match=said):
        check(Config(cohorts=chosen))
