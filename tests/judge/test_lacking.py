"""What files lack, in words."""

from collections import Counter

import pytest

from cx_kpi.api import make_report
from cx_kpi.judge.sentences.lacking import columns_to_add, unavailable_columns
from cx_kpi.model.options import Look, Options
from cx_kpi.render.terminal.terminal_report import render as terminal
from cx_kpi.render.view.present import view
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


def test_what_to_bring_is_named_by_how_many_metrics_it_adds(tmp_path):
    path = tmp_path / "tickets.csv"
    path.write_text("id,created_at,status\n" + "".join(f"{n},2026-01-{n:02},open\n" for n in range(1, 29)))
    found = make_report(Options((str(path),)))
    by = Counter(left.bring for left in found.left_out if left.bring)
    first, *_ = view(found).bring.split(", ")
    assert f"Most would come with a file of surveys ({by['a file of surveys']})" in first
    assert by["the column channel"] >= 1
    assert view(found).bring.startswith(
        f"{len({each.metric for each in found.left_out} - found.metrics.keys())} metrics."
    )
    few = terminal(found).split("Left out")[1].split("Notices")[0]
    assert len(few.splitlines()) < 6
    assert "why of each" in few
    every = terminal(found, look=Look(full=True)).split("Left out")[1]
    assert all(left.title in " ".join(every.split()) for left in found.left_out)


def test_columns_to_add_are_named_as_such():
    assert columns_to_add(["is_solved"], Language("en")) == "the column status or solved_at"
    assert columns_to_add(["channel", "customer_id"], Language("ru")) == "столбцы channel, customer_id"
