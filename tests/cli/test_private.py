"""Who a customer is stands in no report, in no format, unless values are asked for."""

import json
import re
from pathlib import Path

import pytest

from cx_kpi.model.errors import Exit
from cx_kpi.normalise.values.cell_shapes import says_who
from cx_kpi.render import formats

from .conftest import Cxkpi, tickets

FIRST = ("mary", "jane", "ann", "bert", "carl", "dora", "emil", "fred", "gina", "hal", "ida", "joe")
TEXT = [name for name, each in formats.FORMATS.items() if not each.binary and name != "eml"]
PEOPLE = {
    "addresses": [f"mary.poppins{n}@secretmail.example" for n in range(12)],
    "phones": [f"+49 170 55501{n:02}" for n in range(12)],
    "bare phones": [f"491705550{n:03}" for n in range(12)],
    "names": [f"{name.title()} Poppins" for name in FIRST],
    "logins": [f"{name}85" for name in FIRST],
    "mixed": [f"C-{n}" for n in range(11)] + ["Mary Poppins"],
}


def exported(ids: list[str]) -> None:
    """An export whose customers have these ids, the last of them the busiest."""
    head, *lines = tickets().splitlines()
    named = [ids[-1] if place % 2 else ids[place // 2 % len(ids)] for place, _ in enumerate(lines)]
    rows = [f"{head},customer_id", *(f"{line},{each}" for line, each in zip(lines, named, strict=True))]
    Path("tickets.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")


@pytest.mark.parametrize("kind", PEOPLE)
def test_no_format_tells_who_a_customer_is(kind: str, cxkpi: Cxkpi) -> None:
    exported(PEOPLE[kind])
    for name in TEXT if kind == "addresses" else ("json", "html"):
        ran = cxkpi("report", "tickets.csv", "-f", name)
        assert ran.code == Exit.DONE, ran.err
        assert not [each for each in PEOPLE[kind] if len(each) > 4 and each in ran.out], name
    table = json.loads(cxkpi("report", "tickets.csv", "-f", "json").out)["metrics"]["customer_concentration"]
    rows = table["details"]["table"]
    assert [row["name"] for row in rows] == [f"customer {place}" for place in range(1, 11)]
    assert rows[0]["n"] == max(row["n"] for row in rows)
    told = cxkpi("explain", "customer_concentration", "tickets.csv", "-f", "json").out
    assert not [each for each in PEOPLE[kind] if len(each) > 4 and each in told]


def test_the_files_that_are_no_text_do_not_either(cxkpi: Cxkpi) -> None:
    import zipfile
    from email import message_from_bytes
    from email.policy import default

    exported(PEOPLE["addresses"])
    assert cxkpi("report", "tickets.csv", "-o", "r.xlsx", "-o", "r.eml").code == Exit.DONE
    with zipfile.ZipFile("r.xlsx") as book:
        sheets = b" ".join(book.read(name) for name in book.namelist())
    mail = message_from_bytes(Path("r.eml").read_bytes(), policy=default)
    parts = b" ".join(part.get_payload(decode=True) or b"" for part in mail.walk())  # type: ignore[operator]
    assert b"xl/worksheets" in sheets
    assert b"customer 1" in parts
    assert b"poppins" not in sheets + parts


def test_they_are_told_in_the_language_of_the_report_and_where_asked_for(cxkpi: Cxkpi) -> None:
    exported(PEOPLE["addresses"])
    asked = ("report", "tickets.csv", "--metrics", "customer_concentration", "-f", "md")
    assert "клиент 1 " in cxkpi(*asked, "--lang", "ru").out
    shown = cxkpi(*asked[:-1], "json", "--show-values").out
    assert "mary.poppins11@secretmail.example" in shown
    assert "customer 1" not in shown


@pytest.mark.parametrize("ids", [[f"C-{n}" for n in range(12)], [f"{n}" for n in range(100, 112)]])
def test_mere_numbers_stay_for_whoever_looks_them_up(ids: list[str], cxkpi: Cxkpi) -> None:
    exported(ids)
    assert re.search(rf"\b{ids[-1]}\b", cxkpi("report", "tickets.csv", "-f", "md").out)


@pytest.mark.parametrize(
    ("ids", "who"),
    [
        ([], False),
        (["C-1", "C-12"], False),
        (["client17", "client4"], False),
        (["client17"], True),
        (["C17"], False),
        (["0b6d1f2e-9f11-4e4e-8a55-1d2f3a4b5c6d", "1b6d1f2e-9f11-4e4e-8a55-1d2f3a4b5c6d"], False),
        (["0b6d1f2e-9f11-4e4e-8a55-1d2f3a4b5c6d", "C-1"], True),
        (["ann85", "bob7"], True),
        (["Анна"], True),
        (["491705550123"], True),
    ],
)
def test_ids_that_may_name_people(ids: list[str], who: bool) -> None:
    assert says_who(ids) is who
