"""The questions of a wide survey, recognised by their words where the header is not exactly a known one."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from functools import cache, lru_cache

import polars as pl

from cx_kpi.model.options import Question
from cx_kpi.normalise.mapping.cells.fit_cells import numbers
from cx_kpi.normalise.mapping.cells.fitting import MOST
from cx_kpi.normalise.mapping.matching import Match
from cx_kpi.normalise.preset.presets import generic
from cx_kpi.normalise.values.answers import parse_answers, says_no_opinion
from cx_kpi.normalise.vocabulary.dictionaries import dictionary, plain, unaccented
from cx_kpi.normalise.vocabulary.headers import squash
from cx_kpi.normalise.vocabulary.scale_words import scale_of, tells_better_end
from cx_kpi.read.raw.source import TextFrame

_BEHIND = re.compile(r"\W*[qQвВ]?\d+[\W_]+(.+)$")
_BEFORE = re.compile(r"\W*(?:[qQ]?\d+\W+)?([^:|–—]+?)\s*(?::|\||–|—|\s-)\s+\S")
_OF_ANSWERS = ("response_id", "responded_at", "sent_at", "ticket_id", "customer_id", "comment")
_NAMED = 3  # columns that a notice names


def with_questions(frame: TextFrame, found: Match) -> Match:
    """The reading with a question of each kind that one column alone asks, and whose cells are answers."""
    if found.table != "surveys" or found.coerced or {"kind", "score"} <= found.fields.keys():
        return found
    told = [*_told(frame, found)]
    times = Counter(each.kind for each in (*told, *found.questions))
    sure = tuple(each for each in told if times[each.kind] == 1)
    return replace(found, questions=(*found.questions, *sure), told=sure)


def unread_questions(frame: TextFrame, found: Match) -> Iterator[tuple[str, str, str]]:
    """Why answers are not read, their kind, and their columns: another asks the same, or how hard it was."""
    if found.table == "tickets" and "satisfaction_score" not in found.fields:
        yield from _unread_beside(frame, found)
    elif found.table == "surveys" and not {"kind", "score"} <= found.fields.keys():
        yield from _unread_columns(frame, found)
    elif found.table == "surveys":
        yield from _unread_rows(frame, found)


def _unread_beside(frame: TextFrame, found: Match) -> Iterator[tuple[str, str, str]]:
    """The columns of a list of tickets that ask how satisfied the customer was."""
    if asked := [header for kind, header in asked_beside(frame, found) if kind == "csat"]:
        yield "asked_twice", "satisfaction_score", _listed(asked)


def _unread_columns(frame: TextFrame, found: Match) -> Iterator[tuple[str, str, str]]:
    """The columns of a wide survey."""
    if found.coerced:
        return
    free = [*_told(frame, found)]
    for kind in dict.fromkeys(each.kind for each in free):
        yield "asked_twice", kind, _listed(each.column for each in free if each.kind == kind)
    if hard := [*asked_how_hard(frame, found)]:
        yield "asked_how_hard", "ces", _listed(hard)
    if others := [*_unknown(frame, found, {*hard, *(each.column for each in free)})]:
        yield "untold_question", "", _listed(others)


def _unread_rows(frame: TextFrame, found: Match) -> Iterator[tuple[str, str, str]]:
    """The questions of a long survey, where they tell the kind."""
    kind, question = found.fields["kind"], found.fields.get("question")
    if question and question.header == kind.header:
        yield from _unread_texts(texts_of(frame, kind.header))


def kinds_by_text(texts: Collection[str]) -> dict[str, str]:
    """The kind of each question of a long file that alone asks for its kind, as far as its words mean one."""
    told = {text: kinds[0] for text in texts if len(kinds := _kinds(text)) == 1 and not _asks_how_hard(text)}
    times = Counter(told.values())
    return {text: kind for text, kind in told.items() if times[kind] == 1}


def _unread_texts(texts: Collection[str]) -> Iterator[tuple[str, str, str]]:
    """Why some questions of a long file are not read."""
    read = kinds_by_text(texts)
    hard = [text for text in texts if _asks_how_hard(text)]
    twice: dict[str, list[str]] = {}
    for text in texts:
        if text not in read and text not in hard and len(kinds := _kinds(text)) == 1:
            twice.setdefault(kinds[0], []).append(text)
    yield from (("asked_twice", kind, _listed(each)) for kind, each in twice.items())
    if hard:
        yield "asked_how_hard", "ces", _listed(hard)


def asked_beside(frame: TextFrame, found: Match) -> Iterator[tuple[str, str]]:
    """The kind and column of each question that headers beside other rows, such as tickets, ask in whole words."""
    for header in _free(frame, found):
        kinds = _matched("kinds", header)
        if len(kinds) == 1 and not _is_hard(frame, header) and _holds_answers(frame, header):
            yield kinds[0], header


def _told(frame: TextFrame, found: Match) -> Iterator[Question]:
    """The questions that columns ask which are not read yet."""
    for header in _free(frame, found):
        yield from _asked(frame, header, found)


def asked_how_hard(frame: TextFrame, found: Match) -> Iterator[str]:
    """The columns not read yet that ask how hard something was, and on which scale they do not tell."""
    return (each for each in _free(frame, found) if _is_hard(frame, each) and _holds_answers(frame, each))


def _unknown(frame: TextFrame, found: Match, known: Collection[str]) -> Iterator[str]:
    """The other columns not read yet whose headers name a scale of answers."""
    for header in _free(frame, found):
        if header not in known and scale_of(_text(frame, header)) and _holds_answers(frame, header):
            yield header


def _listed(headers: Iterable[str]) -> str:
    """Some headers in quotes, and a sign for the others."""
    said = [f'"{each}"' for each in headers]
    return ", ".join([*said[:_NAMED], *(["…"] if len(said) > _NAMED else [])])


def _free(frame: TextFrame, found: Match) -> list[str]:
    used = {rule.header for rule in found.fields.values()} | {each.column for each in found.questions}
    return [header for header in frame.headers if header not in used]


def _text(frame: TextFrame, header: str) -> str:
    return frame.labels.get(header, header)


def _asked(frame: TextFrame, header: str, found: Match) -> Iterator[Question]:
    """The question a column asks, if its words mean one kind; bare ones do beside what only answers have."""
    text = _text(frame, header)
    bare = [] if found.fields.keys().isdisjoint(_OF_ANSWERS) else _matched("bare", text)
    kinds = _kinds(text) or _kinds(header) or bare or _kinds_of_cells(frame.sample[header])
    if len(kinds) == 1 and not _is_hard(frame, header) and _holds_answers(frame, header):
        yield Question(header, kinds[0], scale_of(text) or scale_of(header))


def _is_hard(frame: TextFrame, header: str) -> bool:
    """Whether a column asks how hard something was, in numbers without a scale that tells the better end."""
    texts = (_text(frame, header), header)
    is_asked = any(_matched("hard", each) for each in texts) and not tells_better_end(texts[0])
    return is_asked and (numbers(frame.sample[header]) or 0) > 0


def _asks_how_hard(text: str) -> bool:
    """Whether a question of a long file asks how hard something was."""
    return bool(_matched("hard", text)) and not tells_better_end(text)


def texts_of(frame: TextFrame, header: str) -> list[str]:
    """The different texts of a column."""
    cells = frame.sample[header]
    return cells.drop_nulls().unique(maintain_order=True).to_list() if cells.dtype == pl.String else []


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
    return _named(text) or _matched("kinds", text) or _matched("hard", text)


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


@lru_cache(maxsize=4_000)  # files of one kind have the same headers
def _matched(name: str, text: str) -> list[str]:
    """The kinds of which a pattern of this list is found in a text."""
    words = unaccented(text.casefold()).replace("ё", "е").strip("¿ ")
    met = [kind for kind, pattern in _patterns(name).items() if pattern.search(words)]
    return [kind for kind in met if name != "kinds" or kind not in _matched("elsewhere", text)]


@cache
def _patterns(name: str) -> dict[str, re.Pattern[str]]:
    kinds: dict[str, list[str]] = dictionary("questions")[name]
    return {kind: re.compile(unaccented("|".join(patterns))) for kind, patterns in kinds.items()}
