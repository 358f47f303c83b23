"""Names of thousands of characters: short for people, whole for tools."""

import pytest
from canonical import report

from cx_kpi.render.formats import render
from cx_kpi.wording.units import LONGEST_NAME, LONGEST_TEXT, short

LONG = {"web": "w" * 5_000, "app": "ж" * 5_000}


@pytest.fixture(scope="module")
def made():
    rows = [
        {
            "ticket_id": number,
            "created_at": f"2026-0{1 + number % 3}-{1 + number % 28:02d}T10:00",
            "product": LONG["web" if number % 2 else "app"],
            "type": "complaint" if number % 3 else "question",
        }
        for number in range(300)
    ]
    return report({"tickets": rows}, by=[["product"]])


@pytest.mark.parametrize("name", ["table", "md", "html", "slack", "telegram"])
def test_people_read_their_beginning_and_end(made, name):
    text = render(made, name)
    assert not any(letter * (LONGEST_TEXT + 1) in text for letter in "wж")
    assert text.count("w" * (LONGEST_NAME + 1)) <= 3  # as a value, which may be a sentence


def test_tools_get_all_of_them(made):
    assert LONG["web"].encode() in render(made, "json")
    assert LONG["web"] in render(made, "csv")


def test_two_names_that_differ_at_the_end_stay_two():
    one, other = (short("the same beginning " * 50 + end) for end in ("north", "south"))
    assert one != other
    assert {len(one), len(other)} == {LONGEST_NAME}
    assert short("E-mail") == "E-mail"
