"""The questions of a wide survey file are recognised by their words, where there is no doubt."""

import pytest

from cx_kpi.model.errors import InputProblem
from cx_kpi.model.options import Config, Question, TableConfig

from .frames import tables, text_frame

BASE = {"Respondent ID": ["1", "2", "3"], "Date": ["2026-01-05", "2026-01-06", "2026-01-07"]}
NPS, CSAT = "How likely are you to recommend us to a friend?", "Overall, how satisfied are you with us?"


def kinds(columns: dict[str, list[str]], config: Config | None = None) -> dict[str, list[float]]:
    """The scores of each kind, with no notice but the one on questions recognised by their words."""
    loaded = tables(text_frame(BASE | columns), config=config or Config())["surveys"]
    rows = loaded.frame.select("kind", "score").drop_nulls().rows()
    assert {notice.code for notice in loaded.notices} <= {"told_question"}
    return {kind: [score for name, score in rows if name == kind] for kind, _ in rows}


@pytest.mark.parametrize(
    ("kind", "header"),
    [
        ("nps", NPS),
        ("nps", "<strong>Hi!</strong> Would you recommend Orvi?"),
        ("nps", "С какой вероятностью вы порекомендуете нас друзьям?"),
        ("nps", "Wie wahrscheinlich ist es, dass Sie uns empfehlen?"),
        ("csat", CSAT),
        ("csat", "Насколько вы довольны ответом?"),
        ("ces", "How easy was it to get help?"),
        ("ces", "Насколько легко было решить вопрос?"),
    ],
)
def test_a_question_says_its_kind(kind: str, header: str) -> None:
    assert kinds({header: ["5", "3", "1"]}) == {kind: [5, 3, 1]}


def test_each_kind_is_read_from_a_column_of_its_own() -> None:
    found = kinds({NPS: ["10", "9", "0"], CSAT: ["Very satisfied", "4", "1"], "Why?": ["-", "a", "b"]})
    assert found == {"nps": [10, 9, 0], "csat": [5, 4, 1]}


@pytest.mark.parametrize(
    "columns",
    [
        {CSAT: ["5", "4", "3"], "How satisfied are you with the price?": ["1", "2", "3"]},
        {"How satisfied are you, how easy was it?": ["1", "2", "3"]},
        {"How satisfied are you, and why?": ["The agent was kind", "-", "It took long"]},
        {"What could we do better?": ["1", "2", "3"]},
    ],
    ids=["two of a kind", "two kinds in one", "texts", "another question"],
)
def test_where_there_is_doubt_no_question_is_taken(columns: dict[str, list[str]]) -> None:
    with pytest.raises(InputProblem, match="no column holds a score"):
        kinds(columns)


def test_what_is_configured_is_all_that_counts() -> None:
    config = Config(surveys=TableConfig(questions=[Question(CSAT, "csat")]))
    assert kinds({NPS: ["10", "9", "0"], CSAT: ["5", "4", "1"]}, config) == {"csat": [5, 4, 1]}
