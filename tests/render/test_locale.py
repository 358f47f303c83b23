"""The catalogues hold every message, whole, and nothing else."""

import re
from functools import cache

import pytest
from babel.messages.catalog import Catalog
from locale_tool import LANGUAGES, compiled, extracted, incomplete, translated

NAME = re.compile(r"\{(\w+)\}")
EXTRACTED = cache(extracted)


def ids(catalog):
    return {
        message.id if isinstance(message.id, str) else tuple(message.id) for message in catalog if message.id
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_message_is_translated_and_none_is_stale(language):
    catalog = translated(language)
    assert ids(catalog) - ids(EXTRACTED()) == set(), "stale: run tests/locale_tool.py"
    assert ids(EXTRACTED()) - ids(catalog) == set(), "new: run tests/locale_tool.py and translate"
    assert [message.id for message in incomplete(catalog)] == []
    assert not catalog.obsolete


def said(catalog: Catalog) -> dict[tuple[str, ...] | str, tuple[str, ...] | str]:
    """The translation of each message, whichever Babel wrote the header of the catalogue."""

    def key(text):
        return tuple(text) if isinstance(text, list | tuple) else text

    return {key(message.id): key(message.string) for message in catalog if message.id}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_compiled_catalogue_is_the_written_one(language):
    ours, theirs = compiled(language), translated(language)
    assert said(ours) == said(theirs), "run: python tests/locale_tool.py"
    assert (ours.charset, ours.plural_expr) == (theirs.charset, theirs.plural_expr)


@pytest.mark.parametrize("language", LANGUAGES)
def test_translations_name_the_same_values(language):
    for message in translated(language):
        one = message.id if isinstance(message.id, str) else message.id[-1]
        forms = [message.string] if isinstance(message.string, str) else message.string
        if message.id and all(forms):
            assert all(set(NAME.findall(form)) == set(NAME.findall(one)) for form in forms), message.id


def test_the_tool_finds_messages_of_code_and_of_templates():
    places = {path.split("/")[0] for message in EXTRACTED() for path, _ in message.locations}
    assert places == {"cx_kpi", "templates"}
    assert ("{n} row", "{n} rows") in ids(EXTRACTED())
