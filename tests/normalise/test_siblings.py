"""Words that are nearly known: their column may well be what it is called."""

import polars as pl
import pytest

from cx_kpi.normalise.choice.siblings import _FEW, _may_be_near, _sounds_like
from cx_kpi.normalise.vocabulary.dictionaries import meanings

NEAR = [
    ("status", "solvd", "solved"),
    ("status", "Pendimg", "pending"),
    ("status", "решенп", "решено"),
    ("status", "gechlossen", "geschlossen"),
    ("disposition", "answerd", "answered"),
    ("disposition", "Abandonned", "abandoned"),
    ("disposition", "пропущем", "пропущен"),
]
UNLIKE = [("status", "invoice"), ("status", "Berlin"), ("status", "4711"), ("disposition", "Berlin")]


@pytest.mark.parametrize(("field", "said", "known"), NEAR)
def test_a_word_with_one_letter_wrong_is_near(field: str, said: str, known: str) -> None:
    words = meanings(field)
    assert known in words
    assert said.casefold() not in words
    assert _may_be_near(said.casefold(), known)
    assert _sounds_like(pl.Series(["invoice", None, said]), field)


@pytest.mark.parametrize(("field", "said"), UNLIKE)
@pytest.mark.parametrize("more", [0, _FEW])
def test_a_word_that_is_unlike_all_is_not_near(field: str, said: str, more: int) -> None:
    """However many words there are: of few, letters tell it without rapidfuzz."""
    cells = pl.Series([said, *(f"{said} {number}" for number in range(more))])
    assert not _sounds_like(cells, field)


@pytest.mark.parametrize(("one", "other"), [("4711", "solved"), ("invoice", "answered"), ("so", "solved")])
def test_words_with_too_few_letters_in_common_cannot_be_near(one: str, other: str) -> None:
    assert not _may_be_near(one, other)
    assert not _may_be_near(other, one)
