"""Nothing unseen gets through; what can be seen stays."""

from unicodedata import category

from hypothesis import given
from hypothesis import strategies as st

from cx_kpi.render.elements.sanitise import clean, cleaned

from .company import company
from .hostile import TEXTS, filled

NONE = {plane << 16 | code for plane in range(17) for code in (0xFFFE, 0xFFFF)} | set(range(0xFDD0, 0xFDF0))
SEEN = st.characters(
    exclude_categories=("Cc", "Cf", "Cs", "Zl", "Zp"), exclude_characters=[chr(code) for code in NONE]
)


def is_harmless(text: str) -> bool:
    return all(category(char) not in {"Cc", "Cs", "Zl", "Zp"} for char in text) and all(
        category(char) != "Cf" or char in "\u200c\u200d" for char in text
    )


@given(st.text())
def test_no_unseen_character_stays(text):
    assert is_harmless(clean(text))
    assert clean(clean(text)) == clean(text)


@given(st.text(SEEN))
def test_what_is_seen_is_left_as_it_is(text):
    assert clean(text) == text


def test_what_no_document_can_hold_is_replaced():
    assert {clean(chr(code)) for code in NONE} == {"\ufffd"}


def test_sequences_go_with_their_contents():
    assert clean("\x1b]8;;http://example.org\x07link\x1b]8;;\x1b\\") == "link"
    assert clean("\x1b[31mred\x1b[0m") == "red"
    assert clean("\x9d0;title\x9cx \x9b1mbold") == "x bold"
    assert clean("one\r\ntwo\tthree") == "one  two three"


def test_a_report_is_cleaned_in_every_corner():
    report = filled(company(), "".join(TEXTS[14:18]))
    assert not is_harmless(str(report.as_dict()).encode("utf-8", "replace").decode("unicode_escape"))
    assert all(is_harmless(text) for text in texts(cleaned(report).as_dict()))


ROWS = st.lists(
    st.dictionaries(
        st.text(max_size=3),
        st.one_of(st.text(max_size=3), st.floats(), st.none(), st.lists(st.text(max_size=2), max_size=2)),
        max_size=3,
    )
)


@given(ROWS)
def test_rows_of_a_table_are_cleaned_as_one_by_one(rows):
    assert repr(cleaned(rows)) == repr([cleaned(row) for row in rows])


def texts(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield key
            yield from texts(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from texts(item)
