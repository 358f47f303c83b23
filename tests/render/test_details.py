"""The details of a reading: which are shown, and which would only repeat another."""

from dataclasses import replace

import pytest

from cx_kpi.model.values import Unit
from cx_kpi.render.elements.details import facts, tables
from cx_kpi.wording.language import Language
from cx_kpi.wording.units import Words

from .company import LATER, company

WORDS = Words(Language("en"))


@pytest.mark.parametrize(("pending", "shown"), [(0, False), (1, True)])
def test_the_median_with_pending_stands_where_there_are_any(pending: int, shown: bool) -> None:
    reading = replace(company().metrics["first_response_time"], details={**LATER, "pending": pending})
    assert ("median with pending" in {fact.label for fact in facts(reading, WORDS)}) is shown


@pytest.mark.parametrize(("rows", "shown"), [(80, 80), (81, 81), (5_000, 81)])
def test_a_long_table_shows_both_of_its_ends(rows: int, shown: int) -> None:
    """A fair table of 5,000 agents made a page of 3.5 MB."""
    reading = next(iter(company().metrics.values()))
    table = [{"name": f"agent {number}", "n": number} for number in range(rows)]
    (made,) = tables(replace(reading, details={"fair_agent": table}), WORDS)
    names = [row[0].text for row in made.rows]
    assert len(names) == shown
    assert (names[0], names[-1]) == ("agent 0", f"agent {rows - 1}")
    assert ("and 4,920 more" in names) == (rows == 5_000)


def test_a_negation_is_two_words_also_in_a_table() -> None:
    reading = next(iter(company().metrics.values()))
    words = replace(reading, unit=Unit.LIST, details={"table": [{"name": "not_working", "n": 7}]})
    assert tables(words, WORDS)[0].rows[0][0].text == "not working"
    named = replace(reading, details={"table": [{"name": "team_a", "n": 7}]})
    assert tables(named, WORDS)[0].rows[0][0].text == "team_a"


def test_differences_that_are_more_than_chance_say_how_large_they_are() -> None:
    reading = next(iter(company().metrics.values()))
    table = [{"name": "Setup", "gap": 0.625}, {"name": "Use", "gap": -0.3}, {"name": "Help", "gap": 0.1}]
    said = facts(replace(reading, details={"table": table, "certain": ["Setup", "Use"]}), WORDS)
    assert [fact.text for fact in said] == ["Setup +0.62, Use −0.30"]
