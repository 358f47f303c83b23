"""The table a file is read as is shown with the evidence; rows set aside in bulk are reported first."""

import json
import re
from collections.abc import Iterator
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import openpyxl
import pytest

from tests.cli.conftest import Cxkpi

RATED = """Ticket,Opened,Status,Solved at,Rating,Region
1,2026-03-01 10:00,Closed,2026-03-01 12:00,5,North
2,2026-03-02 10:00,Closed,2026-03-02 12:00,,South
3,2026-03-03 10:00,Open,,,North
4,2026-03-04 10:00,Open,,,South
"""
FAULTY = "ticket_id,created_at,status\n" + "".join(
    f"{number},{'soon' if number < 4 else '2026-03-02 09:00'},open\n" for number in range(1, 11)
)


@pytest.fixture
def rated() -> str:
    Path("rated.csv").write_text(RATED, encoding="utf-8")
    return "rated.csv"


def test_a_check_tells_the_choice_and_the_next_best(cxkpi: Cxkpi, rated: str) -> None:
    (file,) = json.loads(cxkpi("check", rated, "-f", "json").out)["files"]
    best, other = file["reading"], file["next_best"]
    assert (best["table"], other["table"]) == ("tickets", "surveys")
    assert best["points"] > 2 * other["points"]
    assert any("Status" in each for each in best["evidence"])


@pytest.mark.parametrize("shape", ["table", "md", "html"])
def test_every_form_of_a_check_says_it(cxkpi: Cxkpi, rated: str, shape: str) -> None:
    out = " ".join(cxkpi("check", rated, "-f", shape).out.split())
    assert "Read as tickets (" in out
    assert "Next best: " in out
    assert "Can be cut by, with --by: Region" in out
    assert (
        "Region" not in out.partition("Not used, but can be by a metric of your own:")[2].partition("\n\n")[0]
    )


def test_a_configuration_holds_the_choice_as_a_comment(cxkpi: Cxkpi, rated: str) -> None:
    lines = cxkpi("init", rated, "-o", "-").out.splitlines()
    assert any(line.startswith("# read so (") for line in lines)
    assert any(line.startswith("# next best: surveys") for line in lines)


@pytest.mark.parametrize("shape", ["table", "md", "slack", "telegram", "html", "csv", "xlsx", "eml"])
def test_what_is_set_aside_in_bulk_is_said_first(cxkpi: Cxkpi, shape: str) -> None:
    Path("faulty.csv").write_text(FAULTY, encoding="utf-8")
    ran = cxkpi(
        "report", "faulty.csv", "-o", f"report.{shape}" if shape != "table" else "report.txt", "-f", shape
    )
    assert ran.code == 0, ran.err
    first = next(_texts(shape))
    assert "Set aside: 3 of the 10 rows of faulty.csv (30%)" in " ".join(first.split())


def _texts(shape: str) -> Iterator[str]:
    """What a report says, piece by piece."""
    file = Path(f"report.{shape}" if shape != "table" else "report.txt")
    match shape:
        case "xlsx":
            cells = openpyxl.load_workbook(file).worksheets[0].iter_rows(values_only=True)
            yield from (str(cell) for row in cells for cell in row if cell)
        case "html":
            body = file.read_text("utf-8").partition("<body>")[2]
            yield from (text for text in re.split(r"<[^>]+>", body) if text.strip())
        case "csv":
            yield file.read_text("utf-8").splitlines()[1]
        case "eml":
            mail = message_from_bytes(file.read_bytes(), policy=default)
            yield mail.get_body(("plain",)).get_content()
        case _:
            yield "\n".join(file.read_text("utf-8").splitlines()[:2])


def test_a_sound_file_has_no_such_line(cxkpi: Cxkpi) -> None:
    assert json.loads(cxkpi("report", "tickets.csv", "-f", "json").out)["alarm"] is None


def test_close_readings_are_said_with_how_to_decide(cxkpi: Cxkpi) -> None:
    Path("both.csv").write_text(
        "id,customer id,created at,churned,priority,plan\n"
        "1,C1,2026-01-01 09:00,no,high,A\n"
        "2,C2,2026-01-02 09:00,yes,low,B\n",
        encoding="utf-8",
    )
    report = json.loads(cxkpi("report", "both.csv", "-f", "json").out)
    (told,) = [each for each in report["notices"] if each["code"] == "close_reading"]
    assert "say so with --" in told["message"]


@pytest.mark.parametrize("form", ["json", "csv"])
def test_a_name_that_no_column_has_is_refused_in_a_list_and_in_a_raw_table(form: str, cxkpi: Cxkpi) -> None:
    objects = [{"id": i, "created_at": "2026-03-01 09:00", "a" * 600: {"b" * 600: 1}} for i in range(3)]
    path = Path(f"tickets.{form}")
    if form == "json":
        path.write_text(json.dumps(objects), encoding="utf-8")
    else:
        cells = ('"' + json.dumps(each).replace('"', '""') + '"' for each in objects)
        rows = (f"{n},{cell},2026-03-01" for n, cell in enumerate(cells))
        path.write_text(
            "\n".join(("_airbyte_raw_id,_airbyte_data,_airbyte_emitted_at", *rows)), encoding="utf-8"
        )
    done = cxkpi("report", str(path))
    assert done.code == 3
    assert "a name of over 1,000 characters; not a table" in done.err
