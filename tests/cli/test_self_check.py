"""The self-check: a questionnaire in every form, whose answers are a survey."""

import csv
import io
import re
import sys
from base64 import b64encode
from hashlib import sha256
from html import unescape
from pathlib import Path

import pytest

from cx_kpi.model.errors import Exit
from cx_kpi.normalise.config.read_questionnaire import OURS, questionnaire
from cx_kpi.render.documents.questionnaire import Form
from cx_kpi.render.xlsx.questionnaire_sheet import as_workbook

from .conftest import Cxkpi

MINE = """
any = ["All is well."]
[[stage]]
name = { en = "Delivery", ru = "Доставка" }
statements = [{ en = "On time.", ru = "Вовремя." }, "=1+1"]
[[stage]]
name = "<b>Return</b>"
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A working folder with a questionnaire of one's own."""
    monkeypatch.chdir(tmp_path)
    Path("my.toml").write_text(MINE, encoding="utf-8")


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


@pytest.mark.parametrize(("lang", "stage"), [("en", "Choosing"), ("ru", "Выбор")])
def test_the_questionnaire_is_a_survey_to_fill_in(lang: str, stage: str, cxkpi: Cxkpi) -> None:
    ran = cxkpi("self-check", "--lang", lang, "--date", "2026-03-15")
    asked = rows(ran.out)
    assert (ran.code, ran.err, asked[0]["journey_stage"]) == (Exit.DONE, "", stage)
    assert {(row["kind"], row["score"], row["responded_at"], row["scale_max"]) for row in asked} == {
        ("self", "", "2026-03-15", "5")
    }
    assert len(asked) == len(questionnaire(None, lang)) > 12  # type: ignore[arg-type]


def test_every_statement_of_ours_is_in_both_languages() -> None:
    english, russian = (questionnaire(None, lang) for lang in ("en", "ru"))  # type: ignore[arg-type]
    assert len(english) == len(russian)
    for one, other in zip(english, russian, strict=True):
        assert not re.search("[а-я]", f"{one.stage}{one.text}")
        assert re.search("[а-я]", other.stage)
        assert re.search("[а-я]", other.text)
    assert OURS.is_file()


def test_stages_and_statements_can_be_ones_own(cxkpi: Cxkpi) -> None:
    asked = rows(cxkpi("self-check", "--stages", "my.toml", "--lang", "ru").out)
    assert [(row["journey_stage"], row["question"]) for row in asked] == [
        ("Доставка", "Вовремя."),
        ("Доставка", "'=1+1"),
        ("<b>Return</b>", "All is well."),
    ]


def test_the_form_is_one_page_that_sends_nothing(cxkpi: Cxkpi) -> None:
    ran = cxkpi("self-check", "--stages", "my.toml", "-o", "form.html", "--lang", "en")
    page = Path("form.html").read_text(encoding="utf-8")
    assert (ran.code, page.count("<fieldset"), page.count('type="radio"')) == (Exit.DONE, 3, 15)
    assert "<b>Return" not in page
    (allowed,) = re.findall('Content-Security-Policy" content="([^"]+)"', page)
    (script,) = re.findall("<script>(.*?)</script>", page, re.DOTALL)
    digest = b64encode(sha256(script.encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in unescape(allowed)
    assert "form-action 'none'" in unescape(allowed)
    assert not re.findall(r"https?://|//cdn", page)
    assert 'data-columns="kind,journey_stage,question,score,responded_at,scale_min,scale_max,comment"' in page


CUSTOMERS = "kind,journey_stage,score,responded_at\n" + "".join(
    f"sps,{stage},{score},2026-03-{day:02} 10:00\n"
    for stage, score in (("Delivery", 2), ("<b>Return</b>", 5))
    for day in range(1, 21)
)


def gaps(cxkpi: Cxkpi, *files: str) -> str:
    Path("customers.csv").write_text(CUSTOMERS, encoding="utf-8")
    ran = cxkpi("report", "customers.csv", *files, "--metrics", "self_gap", "-f", "csv", "--lang", "en")
    assert ran.code == Exit.DONE
    return ran.out


def test_answers_in_the_terminal_are_set_against_the_customers(
    cxkpi: Cxkpi, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("5\nmany\n4\n-\n"))
    ran = cxkpi(
        "self-check", "--stages", "my.toml", "--ask", "--date", "2026-03-15", "-o", "own.csv", "--lang", "en"
    )
    assert (ran.code, ran.out) == (Exit.DONE, "")
    own = rows(Path("own.csv").read_text(encoding="utf-8"))
    assert [(row["question"], row["score"]) for row in own] == [("On time.", "5"), ("'=1+1", "4")]
    found = {row["measure"]: row for row in rows(gaps(cxkpi, "own.csv")) if row["section"] == "details"}
    assert (found["gap"]["by"], found["gap"]["value"]) == ("name=Delivery", "2.5")
    assert found["n_self"]["value"] == "2"


@pytest.mark.parametrize("lang", ["en", "ru"])
def test_answers_of_today_count_beside_an_export_that_ended_long_ago(
    lang: str, cxkpi: Cxkpi, monkeypatch: pytest.MonkeyPatch
) -> None:
    varied = CUSTOMERS.replace("Delivery,2,2026-03-0", "Delivery,1,2026-03-0")
    Path("customers.csv").write_text(varied, encoding="utf-8")
    monkeypatch.setattr(sys, "stdin", io.StringIO("5\n4\n5\n5\n"))
    ran = cxkpi("self-check", "customers.csv", "--ask", "-o", "own.csv", "--lang", lang)
    assert ran.code == Exit.DONE
    assert {row["responded_at"] for row in rows(Path("own.csv").read_text(encoding="utf-8"))} == {
        "2026-03-20"
    }
    shown = cxkpi("report", "customers.csv", "own.csv", "--metrics", "self_gap", "--lang", lang).out
    gap = "+3,45" if lang == "ru" else "+3.45"
    assert f"Delivery {gap}" in shown.replace("\n", " ")
    assert "Return" not in shown  # that gap may be chance


def test_a_filled_workbook_is_a_survey(cxkpi: Cxkpi) -> None:
    assert cxkpi("self-check", "--stages", "my.toml", "-o", "own.xlsx").code == Exit.DONE
    said = [(each.stage, each.text) for each in questionnaire("my.toml", "en")]
    Path("own.xlsx").write_bytes(as_workbook(Form(said, "2026-03-15", "en", [5, 5, 5])))
    found = [row for row in rows(gaps(cxkpi, "own.xlsx")) if row["measure"] == "gap"]
    assert [row["value"] for row in found] == ["3.0", "0.0"]  # the widest first


def test_the_stages_are_those_customers_were_asked_about(cxkpi: Cxkpi) -> None:
    Path("customers.csv").write_text(CUSTOMERS, encoding="utf-8")
    asked = rows(cxkpi("self-check", "customers.csv", "--lang", "en").out)
    stages = list(dict.fromkeys(row["journey_stage"] for row in asked))
    assert stages == ["<b>Return</b>", "Delivery"]
    assert asked[-1]["question"].startswith("Customers hear of a delay")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--ask", "-o", "f.html"), "answers are written as CSV"),
        (("-o", "f.pdf"), "f.pdf"),
        (("--stages", "no.toml"), "no.toml"),
        (("--stages", "bad.toml"), "bad.toml"),
        (("--stages", "empty.toml"), "empty.toml"),
        (("--date", "tomorrow"), "is no date"),
    ],
)
def test_what_cannot_be_asked_is_said_in_a_line(arguments: tuple[str, ...], said: str, cxkpi: Cxkpi) -> None:
    Path("bad.toml").write_text("[[stage]]\nnom = 'x'\n", encoding="utf-8")
    Path("empty.toml").write_text("[[stage]]\nname = 'x'\n", encoding="utf-8")
    ran = cxkpi("self-check", *arguments)
    assert (ran.code, ran.out) == (Exit.USAGE, "")
    assert said in ran.err
    assert ran.err.count("\n") == 1
