"""What files lack, in words."""

import pytest

from cx_kpi.judge.sentences.lacking import unavailable_columns
from cx_kpi.wording.language import Language


@pytest.mark.parametrize(
    ("needs", "english", "russian"),
    [
        (["channel"], "no column channel", "нет столбца channel"),
        (["channel", "customer_id"], "no columns channel, customer_id", "нет столбцов channel, customer_id"),
        (["is_solved"], "no column status or solved_at", "нет столбца status или solved_at"),
        (
            ["solved_at", "resolution_seconds"],
            "no column solved_at or resolution_seconds",
            "нет столбца solved_at или resolution_seconds",
        ),
        (
            ["is_complaint", "category or product or parent_ticket_id"],
            "no columns is_complaint; category, product or parent_ticket_id",
            "нет столбцов is_complaint; category, product или parent_ticket_id",
        ),
        (
            ["cost or costs.hourly_rate and handle_seconds"],
            "no column cost or costs.hourly_rate and handle_seconds",
            "нет столбца cost или costs.hourly_rate и handle_seconds",
        ),
        (
            ["tickets.is_solved"],
            "no column tickets.status or tickets.solved_at",
            "нет столбца tickets.status или tickets.solved_at",
        ),
    ],
)
def test_alternatives_are_told_as_such_in_either_language(
    needs: list[str], english: str, russian: str
) -> None:
    assert unavailable_columns(needs, Language("en")) == english
    assert unavailable_columns(needs, Language("ru")) == russian
