"""Patterns that are compiled when they are first asked."""

import re

import pytest

from cx_kpi.wording.patterns import compiled_later


def test_a_pattern_is_that_of_re() -> None:
    found, known = compiled_later(r"(\d+) ?K", re.IGNORECASE), re.compile(r"(\d+) ?K", re.IGNORECASE)
    assert (found.pattern, found.flags, found.groups) == (known.pattern, known.flags, known.groups)
    for text in ("12 k", "12", ""):
        one, other = found.fullmatch(text), known.fullmatch(text)
        assert (one and one[1]) == (other and other[1])
    assert found.sub("-", "1K 2k") == "- -"


def test_it_is_compiled_when_it_is_first_asked() -> None:
    wrong = compiled_later("(")
    with pytest.raises(re.error):
        wrong.match("")
