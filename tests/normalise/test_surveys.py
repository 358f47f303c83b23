"""Surveys: long files, wide ones, and the ratings of ticket exports."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cx_kpi.model.options import Config, Question, TableConfig
from cx_kpi.normalise.values.answers import parse_answer, says_no_opinion

from .frames import codes, tables, text_frame


def surveys(columns: dict[str, list[Any]], config: TableConfig | None = None) -> Any:
    return tables(text_frame(columns), config=Config(surveys=config or TableConfig()))["surveys"]


@pytest.mark.parametrize(
    ("cell", "answer"),
    [
        ("4", (4, None, None)), ("4.5", (4.5, None, None)), ("4/5", (4, None, 5)), ("9 из 10", (9, None, 10)),
        ("5 - Very satisfied", (5, None, None)), ("★★★★☆", (4, 1, 5)), ("★★☆", (2, 1, 5)), ("★★★★★★☆☆☆☆", (6, 1, 10)), ("Good", (1, 0, 1)), ("bad", (0, 0, 1)),
        ("Отлично", (5, 1, 5)), ("😀", (5, 1, 5)), ("Offered", (None, None, None)),
    ],
)  # fmt: skip
def test_answers_in_numbers_words_and_faces(cell: str, answer: tuple[float, ...]) -> None:
    assert parse_answer(cell, {}) == answer


@pytest.mark.parametrize("nothing", ["n/A", "nULL", "NoNe", "#N/a", "not Specified", "нЕ указано", "N/A"])
def test_words_for_nothing_are_no_comment_however_they_are_written(nothing: str) -> None:
    comments = ["Quick and kind", nothing, f"{nothing} is what they told me, and nothing else"]
    loaded = surveys({"response_id": list("abc"), "CSAT": [5, 4, 2], "Comment": comments})
    assert loaded.frame["comment"].to_list() == [comments[0], None, comments[2]]


@pytest.mark.parametrize("cell", ["Not offered", "maybe", "", "2026-01-01"])
def test_anything_else_is_no_answer(cell: str) -> None:
    assert parse_answer(cell, {}) is None


@pytest.mark.parametrize(
    "cell",
    [
        "Don't know", "I don’t know (DK)", "99 - Not sure", "Prefer not to say", "Затрудняюсь ответить.", "6 – Не знаю", "Воздержусь", "Weiß nicht / keine Angabe", "k. A.", "Ohne Meinung",
        "NS/NC", "No sabe / no contesta", "Sin opinión", "Não sei", "Sem opinião", "Sans opinion", "Ne se prononce pas",
    ],
)  # fmt: skip
def test_who_does_not_know_gives_no_score(cell: str) -> None:
    loaded = surveys(
        {
            "response_id": list("abcde"),
            "CSAT": ["Satisfied", "Dissatisfied", "Very satisfied", "satisfied", cell],
        }
    )
    assert loaded.frame["score"].to_list() == [4, 2, 5, 4]
    assert codes(loaded) == {("no_opinion", "CSAT"): 1, ("excluded", "unscored"): 1}


@pytest.mark.parametrize("cell", ["Neutral", "4 - no problem", "Нейтрально", "weder noch", "No", "Mixed"])
def test_the_middle_of_a_scale_is_an_opinion(cell: str) -> None:
    assert not says_no_opinion(cell)


def test_yes_and_no_are_answers_beside_those_who_do_not_know() -> None:
    loaded = surveys({"response_id": list("abcd"), "CSAT": ["Yes", "No", "Yes", "Not sure"]})
    assert loaded.frame["score"].to_list() == [1, 0, 1]


def test_kinds_are_read_in_words() -> None:
    loaded = surveys(
        {"kind": ["NPS", "Customer Satisfaction", "Отзыв", "what"], "score": ["9", "4", "5", "1"]}
    )
    assert loaded.frame["kind"].to_list() == ["nps", "csat", "review"]
    assert codes(loaded) == {
        ("numbered_answers", None): None,
        ("unknown_word", "kind"): 1,
        ("excluded", "kindless"): 1,
    }


@pytest.mark.parametrize(
    ("header", "kind"),
    [("NPS", "nps"), ("CSAT score", "csat"), ("CES", "ces"), ("Star Rating", "review"), ("Оценка", "csat")],
)
def test_a_score_column_may_name_its_kind(header: str, kind: str) -> None:
    loaded = surveys({"response_id": ["1"], header: ["5"]})
    assert loaded.frame.select("kind", "score").rows() == [(kind, 5.0)]


def test_unanswered_surveys_stay_where_they_were_sent() -> None:
    loaded = surveys(
        {"kind": ["csat"] * 3, "score": ["5", None, None], "sent_at": ["2026-01-01", "2026-01-01", None]}
    )
    assert loaded.frame["score"].to_list() == [5, None]
    assert loaded.frame["responded_at"].null_count() == 1
    assert codes(loaded) == {("numbered_answers", None): None, ("excluded", "unscored"): 1}


WIDE = TableConfig(
    questions=[
        Question("q1", "nps", (0, 10)),
        Question("q2", "sps", (1, 5), journey_stage="Setup"),
        Question("q3", "sps", (1, 5), journey_stage="Delivery", question="On time?"),
    ]
)


def test_a_wide_file_gives_a_row_for_each_answer() -> None:
    loaded = surveys(
        {
            "response_id": ["a", "b", "c"],
            "q1": ["9", "NA", None],
            "q2": ["4", "5", None],
            "q3": [None, "1", "-"],
        },
        WIDE,
    )
    rows = loaded.frame.select("kind", "journey_stage", "question", "score", "scale_max").rows()
    assert rows == [
        ("nps", None, None, 9, 10), ("sps", "Setup", None, 4, 5), ("sps", "Setup", None, 5, 5),
        ("sps", "Delivery", "On time?", 1, 5),
    ]  # fmt: skip
    (source,) = loaded.sources
    assert (source.rows, source.used, source.set_aside) == (3, 2, 1)
    assert codes(loaded) == {("excluded", "unscored"): 1}


@given(st.lists(st.tuples(*[st.sampled_from(["1", "5", None, "?"])] * 3), min_size=1, max_size=12))
def test_wide_and_long_files_say_the_same(rows: list[tuple[str | None, ...]]) -> None:
    cells = {f"q{k + 1}": list(column) for k, column in enumerate(zip(*rows, strict=True))}
    wide = surveys(cells, WIDE)
    asked = [("nps", None), ("sps", "Setup"), ("sps", "Delivery")]
    long = [(kind, stage, row[k]) for k, (kind, stage) in enumerate(asked) for row in rows]
    kinds, stages, scores = (list(column) for column in zip(*long, strict=True))
    said = surveys({"kind": kinds, "journey_stage": stages, "score": scores})
    names = ["kind", "journey_stage", "score"]
    assert wide.frame.select(names).rows() == said.frame.select(names).rows()
    (source,) = wide.sources
    assert source.rows == source.used + source.set_aside == len(rows)


def test_odd_cells_of_a_question_are_told_by_its_header() -> None:
    loaded = surveys({"q1": ["9", "what"]}, TableConfig(questions=[Question("q1", "nps")]))
    assert ("unknown_word", "q1") in codes(loaded)


def test_configured_answers_come_first() -> None:
    loaded = surveys(
        {"kind": ["csat"] * 2, "score": ["Meh", "Good"]}, TableConfig(values={"score": {"meh": 2, "good": 4}})
    )
    assert loaded.frame["score"].to_list() == [2, 4]


TICKETS = {
    "Id": ["1", "2", "3", "4"], "Created at": ["2026-01-01"] * 4, "Via": ["Mail"] * 4, "Requester": ["x"] * 4,
    "Solved at": ["2026-01-02", "2026-01-03", None, "2026-01-05"], "Satisfaction Score": ["Good", "Offered", "Bad", "Not Offered"],
}  # fmt: skip


def test_ratings_of_tickets_are_answers() -> None:
    loaded = tables(text_frame(TICKETS))["surveys"]
    names = ["kind", "score", "scale_min", "scale_max"]
    assert loaded.frame.select(names).rows() == [
        ("csat", 1, 0, 1),
        ("csat", None, None, None),
        ("csat", 0, 0, 1),
    ]
    assert [at.day if at else None for at in loaded.frame["responded_at"]] == [2, None, 1]
    assert [at.day for at in loaded.frame["sent_at"]] == [2, 3, 1]
    assert codes(loaded) == {("ticket_ratings", None): 3}
    assert loaded.sources == []


def test_numbers_beside_offered_are_stars() -> None:
    loaded = tables(text_frame({**TICKETS, "Satisfaction Score": ["5", "Offered", "1", None]}))["surveys"]
    assert loaded.frame.select("score", "scale_min", "scale_max").rows() == [
        (5, 1, 5),
        (None, None, None),
        (1, 1, 5),
    ]


def test_a_survey_about_the_ticket_beats_its_rating() -> None:
    asked = text_frame({"kind": ["csat", "nps"], "score": ["3", "9"], "ticket_id": ["1", "3"]}, "surveys.csv")
    loaded = tables(text_frame(TICKETS), asked)["surveys"]
    assert loaded.frame.select("kind", "score").rows() == [
        ("csat", 3),
        ("nps", 9),
        ("csat", None),
        ("csat", 0),
    ]


def test_ratings_of_tickets_that_do_not_count_do_not_count() -> None:
    loaded = tables(text_frame({**TICKETS, "Status": ["deleted", "open", "open", "open"]}))["surveys"]
    assert loaded.frame["score"].to_list() == [None, 0]


def test_the_same_response_counts_once() -> None:
    loaded = surveys(
        {"response_id": ["a", "a", None, None], "kind": ["csat"] * 4, "score": ["3", "4", "5", "5"]}
    )
    assert loaded.frame["score"].to_list() == [4, 5, 5]


@pytest.mark.parametrize(
    ("header", "scale"),
    [
        ("NPS (0-10)", (0, 10)),
        ("How likely are you to recommend us (0 to 10)?", (0, 10)),
        ("CSAT [1–5]", (1, 5)),
        ("Оценка NPS (от 0 до 10)", (0, 10)),
        ("NPS", (None, None)),
        ("NPS 2026-10", (None, None)),
    ],
)
def test_a_header_may_name_its_scale(header: str, scale: tuple[float | None, ...]) -> None:
    loaded = surveys({header: ["1", "5"]}, TableConfig(questions=[Question(header, "nps")]))
    assert set(zip(loaded.frame["scale_min"], loaded.frame["scale_max"], strict=True)) == {scale}


def test_a_scale_said_of_a_kind_is_its_scale_where_no_column_tells_another() -> None:
    columns = {"kind": ["nps", "csat", "nps"], "score": ["3", "3", "4"], "scale_max": ["", "", "5"]}
    loaded = surveys(columns, TableConfig(scales={"nps": (0, 10)}))
    assert loaded.frame["scale_max"].to_list() == [10, None, 5]
    assert loaded.frame["scale_min"].to_list() == [0, None, 0]
