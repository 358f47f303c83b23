"""The scale in a header: its ends, and which of them is the better."""

import polars as pl
import pytest

from cx_kpi.normalise.values.answer_scales import turned_by_labels
from cx_kpi.normalise.values.answers import parse_answers
from cx_kpi.normalise.vocabulary.scale_words import scale_of


@pytest.mark.parametrize(
    ("header", "scale"),
    [
        ("NPS (0-10)", (0, 10)),
        ("CSAT 1–5", (1, 5)),
        ("CSAT (1 = very happy, 5 = very unhappy)", (5, 1)),
        ("Quality (5 = excellent, 1 = poor)", (1, 5)),
        ("best = 1, worst = 5", (5, 1)),
        ("Satisfaction: 1 (best) – 5 (worst)", (5, 1)),
        ("Rate 1-10 (10: poor, 1: excellent)", (10, 1)),
        ("Оценка от 1 до 5, где 1 – лучшая", (5, 1)),
        ("Zufriedenheit (1 = sehr zufrieden, 5 = sehr unzufrieden)", (5, 1)),
        ("Schulnote", (6, 1)),
        ("Satisfacción (1 = muy satisfecho, 5 = muy insatisfecho)", (5, 1)),
        ("Satisfação (1 - muito satisfeito; 5 - muito insatisfeito)", (5, 1)),
        ("Satisfaction (1 : très satisfait / 5 : très insatisfait)", (5, 1)),
        ("Effort (1 = very easy, 7 = very difficult)", (7, 1)),
        ("2. How satisfied are you, from -3 to 3?", None),
        ("Q1: How satisfied are you", None),
        ("Question 1 (Satisfaction)", None),
        ("CSAT", None),
    ],
)
def test_a_header_says_the_worst_answer_and_the_best(header: str, scale: tuple[float, float] | None) -> None:
    assert scale_of(header) == scale


@pytest.mark.parametrize(
    ("cells", "scores"),
    [
        (["★★★☆☆", "⭐⭐", "5 stars", "3 из 5", "2 sur 5", "4/5"], [3, 2, 5, 3, 2, 4]),
        (["4 stars out of 5", "2 звезды из 5", "3 Sterne von 5", "4,5 étoiles sur 5"], [4, 2, 3, 4.5]),
        (["Good", "Bad"], [1, 0]),
        (["Excellent", "Good", "Poor"], [5, 4, 2]),
        (["Excellent", "Very good", "Good", "Fair", "Poor"], [5, 4, 3, 2, 1]),
        (["Sehr gut", "gut", "mangelhaft"], [6, 5, 2]),
        (["Very satisfied (1)", "Neutral (3)", "Very dissatisfied (5)"], [5, 3, 1]),
        (["5 - Very satisfied", "1 - Very dissatisfied"], [5, 1]),
        (["Strongly agree", "Somewhat disagree"], [7, 3]),
        (["😀 Very satisfied!", "недовольна", "plutôt insatisfait", "pésimo", "ruim"], [5, 2, 2, 1, 2]),
        (["Tyytyväinen", "A★"], [None, None]),
    ],
)
def test_answers_mean_what_their_company_says(cells: list[str], scores: list[float | None]) -> None:
    assert parse_answers(pl.Series(cells), {}).struct.field("score").to_list() == scores


def test_bare_numbers_are_turned_round_where_the_scale_is() -> None:
    assert parse_answers(pl.Series(["1", "5", "2"]), {}, (5.0, 1.0)).struct.field("score").to_list() == [
        5,
        1,
        4,
    ]


@pytest.mark.parametrize(
    ("pairs", "scale"),
    [
        ([(1, 5), (5, 1)], (5, 1)),
        ([(1, 5), (6, 1)], (7, 1)),
        ([(0, 5), (9, 1)], (10, 0)),
        ([(1, 5), (12, 1)], (100, 1)),
        ([(1, 1), (5, 5)], None),
        ([(1, 5), (1, 1)], None),
    ],
)
def test_better_labels_beside_lower_numbers_turn_a_scale_round(pairs, scale):
    assert turned_by_labels(pairs) == scale
