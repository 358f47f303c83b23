"""The questions of a wide survey, recognised by their words where the header is not exactly a known one."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from functools import cache

import polars as pl

from cx_kpi.model.options import Question
from cx_kpi.normalise.mapping.fitting import MOST
from cx_kpi.normalise.mapping.matching import Match
from cx_kpi.normalise.preset.presets import generic
from cx_kpi.normalise.values.answers import parse_answers, says_no_opinion
from cx_kpi.normalise.vocabulary.dictionaries import dictionary, plain
from cx_kpi.normalise.vocabulary.headers import squash
from cx_kpi.normalise.vocabulary.scale_words import scale_of
from cx_kpi.read.raw.source import TextFrame

_BEHIND = re.compile(r"\W*[qQвВ]?\d+[\W_]+(.+)$")
_BEFORE = re.compile(r"\W*(?:[qQ]?\d+\W+)?([^:|–—]+?)\s*(?::|\||–|—|\s-)\s+\S")


def with_questions(frame: TextFrame, found: Match) -> Match:
    """The reading with a question of each kind that one column alone asks, and whose cells are answers."""
    if found.table != "surveys" or found.coerced or {"kind", "score"} <= found.fields.keys():
        return found
    told = [*_told(frame, found)]
    times = Counter(each.kind for each in (*told, *found.questions))
    sure = tuple(each for each in told if times[each.kind] == 1)
    return replace(found, questions=(*found.questions, *sure), told=sure)


def _told(frame: TextFrame, found: Match) -> Iterator[Question]:
    """The questions that columns ask which are not read yet."""
    used = {rule.header for rule in found.fields.values()} | {each.column for each in found.questions}
    for header in frame.headers:
        if header not in used:
            yield from _asked(frame, header)


def _asked(frame: TextFrame, header: str) -> Iterator[Question]:
    """The question a column asks, if its words mean one kind."""
    text = frame.labels.get(header, header)
    kinds = _kinds(text) or _kinds(header) or _kinds_of_cells(frame.sample[header])
    if len(kinds) == 1 and _holds_answers(frame, header):
        yield Question(header, kinds[0], scale_of(text) or scale_of(header))


def _kinds_of_cells(cells: pl.Series) -> list[str]:
    """The kind of which all cells are words: groups of NPS, or answers about effort such as `Very easy`."""
    there = cells.drop_nulls()
    if there.dtype != pl.String or there.is_empty():
        return []
    near = _kinds_of_words().get(plain(there[0]), ())
    return [kind for kind in near if _are_of(there.unique(), *_words_of_kinds()[kind])]


def _are_of(words: pl.Series, own: frozenset[str], shared: frozenset[str]) -> bool:
    """Whether these are words of a kind, one of them of no other, but for those who do not know."""
    said = {plain(each) for each in words if not says_no_opinion(each)}
    return not said.isdisjoint(own) and said <= own | shared


@cache
def _kinds_of_words() -> dict[str, list[str]]:
    """The kinds that a word may be an answer of."""
    found: dict[str, list[str]] = {}
    for kind, (own, shared) in _words_of_kinds().items():
        for word in own | shared:
            found.setdefault(word, []).append(kind)
    return found


@cache
def _words_of_kinds() -> dict[str, tuple[frozenset[str], frozenset[str]]]:
    asked = dictionary("questions")
    kinds = {**asked["answered"], "nps": asked["labels"]["nps"]}
    return {
        kind: (frozenset(map(plain, words["own"])), frozenset(map(plain, words["shared"])))
        for kind, words in kinds.items()
    }


def _kinds(text: str) -> list[str]:
    """The kinds of survey that a text asks for; a second header may say no more than `Response`."""
    plain = text.casefold().replace("ё", "е")
    return _named(text) or [kind for kind, pattern in _patterns().items() if pattern.search(plain)]


def _named(text: str) -> list[str]:
    """The kind whose name stands before a question, `CES: The company made it easy …`, or behind its number, `Q3 CES`."""
    before, behind = _BEFORE.match(text), _BEHIND.match(text)
    names = {squash(found[1]) for found in (before, behind) if found}
    return [kind for kind, words in generic().kinds.items() if names & set(map(squash, words))][:1]


def _holds_answers(frame: TextFrame, header: str) -> bool:
    cells = frame.sample[header].drop_nulls()
    return len(cells) > 0 and not cells.dtype.is_nested() and _share_of_answers(cells.cast(pl.String)) >= MOST


def _share_of_answers(words: pl.Series) -> float:
    return float(parse_answers(words, {}).is_not_null().mean() or 0)  # type: ignore[arg-type]


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    kinds: dict[str, list[str]] = dictionary("questions")["kinds"]
    return {kind: re.compile("|".join(patterns)) for kind, patterns in kinds.items()}
