"""Names of columns for cuts."""

from cx_kpi.normalise.mapping.naming import as_named
from cx_kpi.normalise.vocabulary.dictionaries import plain, spellings


def test_capitals_do_not_matter_where_there_is_no_doubt():
    names = ["channel", "Team", "Brand", "BRAND"]
    assert as_named((("Channel", "TEAM"), ("brand",), ("Brand",), ("gone",)), names) == (
        ("channel", "Team"),
        ("brand",),
        ("Brand",),
        ("gone",),
    )
    assert as_named(None, names) is None


def test_a_text_too_long_for_a_word_is_compared_as_it_is():
    """Spaces without end would take the square of their number to look through."""
    text = f"Very_Easy{' ' * 1_000}(now)"
    assert plain(text) == text
    assert spellings(text) == (text, text, "very easy")
    assert plain(text[:1_000]) == "very easy"


def test_a_word_is_found_in_a_cell_however_far_it_is_from_its_ends():
    assert plain(f"{' ' * 2_000}E-mail{' ' * 2_000}") == "e mail"
    assert spellings(f"  Chat ({'x' * 2_000}) ")[-1] == "chat"
    assert spellings("2 - Chat (a) b")[1] == "chat (a) b"
