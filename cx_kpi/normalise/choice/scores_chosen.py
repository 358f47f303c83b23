"""Which column of a survey holds the score, and what shows its kind: a column, a label, a header, a name."""

from collections.abc import Collection, Iterator
from dataclasses import replace

import polars as pl

from cx_kpi.model.options import Column, Question, TableConfig
from cx_kpi.model.schema import Kind
from cx_kpi.normalise.mapping.cells.fit_cells import answers, numbers, readable
from cx_kpi.normalise.mapping.cells.fitting import MOST
from cx_kpi.normalise.mapping.matching import Match, questions, rule_of
from cx_kpi.normalise.mapping.questions import asked_beside, kinds_by_text, texts_of
from cx_kpi.normalise.preset.presets import generic
from cx_kpi.normalise.values.quantities import parse_numbers
from cx_kpi.normalise.vocabulary.dictionaries import (
    dictionary,
    meanings,
    name_words,
    plain,
    without_aside,
)
from cx_kpi.normalise.vocabulary.headers import Header, headers_of, squash
from cx_kpi.normalise.vocabulary.rules import Rule
from cx_kpi.normalise.vocabulary.scale_words import scale_of
from cx_kpi.read.raw.source import TextFrame

_MOSTLY = 0.5
_MOST_STARS = 10
_ANSWERED = ("response_id", "comment")
_NAMED_KINDS = ("csat", "nps", "ces")


def scored(frame: TextFrame, found: Match, config: TableConfig) -> Match:
    """The reading with the best columns for score and kind; what is configured or preset stays."""
    if found.table != "surveys" or found.coerced or found.refused:
        return found
    found = _with_kind(frame, _with_bare_score(frame, found), config)
    found = replace(found, questions=tuple(_numbered(frame, each) for each in found.questions))
    if "kind" not in found.fields and not found.questions:
        found = _of_known_kind(frame, found)
    found = replace(found, questions=_as_labelled(frame, found.questions))
    return replace(found, questions=tuple(_of_reviews(frame, found, each) for each in found.questions))


def rated(frame: TextFrame, found: Match) -> Match:
    """The reading of tickets with the answers to the one question about satisfaction, or with stars or notes."""
    if found.table != "tickets" or "satisfaction_score" in found.fields:
        return found
    asked = [header for kind, header in asked_beside(frame, found) if kind == "csat"]
    header = headers_of(frame.headers).find(asked) if len(asked) == 1 else _starred(frame, found)
    if header is None:
        return found
    rule = rule_of("tickets", "satisfaction_score", Column(header.text), header, {})
    fields, told = {**found.fields, "satisfaction_score": rule}, (*found.guessed, "satisfaction_score")
    return replace(found, fields=fields, guessed=told)


def _starred(frame: TextFrame, found: Match) -> Header | None:
    """A column called stars or note that holds marks: of other rows than tickets it may be anything."""
    header = headers_of(frame.headers).find(dictionary("questions")["stars"])
    used = {rule.header for rule in found.fields.values()}
    is_free = header is not None and header.text not in used and _are_marks(frame.sample[header.text])
    return header if is_free else None


def _are_marks(cells: pl.Series) -> bool:
    """Whether these are numbers up to ten, or stars, and hardly a text among them."""
    given = cells.drop_nulls().cast(pl.String)
    read = parse_numbers(given.str.replace_all("[★☆⭐]", "1"))
    most = parse_numbers(given).max()
    plain = read.count() >= MOST * len(read)
    return plain and (answers(cells) or 0) >= MOST and not _is_over(most)


def _is_over(most: object) -> bool:
    return isinstance(most, float) and most > _MOST_STARS


def _with_bare_score(frame: TextFrame, found: Match) -> Match:
    """A column of numbers whose header is that of any mark is the score of what are answers otherwise, or by their groups."""
    if found.questions or "score" in found.fields:
        return found
    header = headers_of(frame.headers).find(dictionary("questions")["scores"])
    if header is None or (numbers(frame.sample[header.text]) or 0) <= _MOSTLY:
        return found
    if found.fields.keys().isdisjoint(_ANSWERED) and not _labelled(frame, header.text):
        return found
    rule = rule_of("surveys", "score", Column(header.text), header, {})
    return replace(found, fields={**found.fields, "score": rule})


def _kinds_by_cells(frame: TextFrame, found: Match) -> Match:
    """The reading with a column that holds nothing but kinds, whatever it is called; it may be that of the questions."""
    used = {rule.header for name, rule in found.fields.items() if name != "question"}
    for header in frame.headers:
        if header not in used and _are_kinds(_texts(frame, header)):
            return replace(found, fields={**found.fields, "kind": Rule(header)})
    return _kinds_by_questions(frame, found)


def _kinds_by_questions(frame: TextFrame, found: Match) -> Match:
    """The reading of a long file whose column of questions tells the kind of each answer."""
    rule, scores = found.fields.get("question"), {each.column for each in found.questions}
    asked = kinds_by_text(texts_of(frame, rule.header)) if rule else {}
    is_meant = {each.kind for each in found.questions} <= set(asked.values())
    if rule is None or not asked or not is_meant or ("score" not in found.fields and len(scores) != 1):
        return found
    told = tuple(Question(text, kind) for text, kind in asked.items())
    return replace(found, fields={**found.fields, "kind": Rule(rule.header, values=asked)}, told=told)


def _are_kinds(texts: Collection[str]) -> bool:
    """Whether all are kinds of surveys, and one of them a kind that has a name."""
    known = meanings("kind")
    return all(plain(each) in known for each in texts) and any(
        known[plain(each)] in _NAMED_KINDS for each in texts
    )


def _texts(frame: TextFrame, header: str) -> set[str]:
    cells = frame.sample[header].drop_nulls()
    return set(cells.to_list()) if cells.dtype == pl.String else set()


def _with_kind(frame: TextFrame, found: Match, config: TableConfig) -> Match:
    """A column with the kind of each answer goes before the words of a header; one without kinds is not used."""
    found = found if "kind" in found.fields else _kinds_by_cells(frame, found)
    rule = found.fields.get("kind")
    if rule is None or "kind" in config.columns:
        return found
    known = readable(frame.sample[rule.header], Kind.CATEGORY, "kind")
    if known is not None and known <= _MOSTLY and not rule.values:
        return _without_kind(frame, found)
    if "score" in found.fields:
        return replace(found, questions=())
    scores = {each.column for each in found.questions}
    if len(scores) != 1:
        return found
    header = headers_of(frame.headers).find(scores)
    if header is None:
        return found
    rule = rule_of("surveys", "score", Column(header.text), header, {})
    return replace(found, fields={**found.fields, "score": rule}, questions=())


def _without_kind(frame: TextFrame, found: Match) -> Match:
    """The reading without a column of kinds that holds none, where the kind is known otherwise."""
    fields = {name: each for name, each in found.fields.items() if name != "kind"}
    asked = found.questions or questions(headers_of(frame.headers), (), fields)
    bare = replace(found, fields=fields, questions=asked)
    other = bare if asked else _of_known_kind(frame, bare)
    return other if other.questions else found


def _numbered(frame: TextFrame, asked: Question) -> Question:
    """The question by the column of its numbers, where the one called so holds labels of them."""
    if (numbers(frame.sample[asked.column]) or 0) > _MOSTLY:
        return asked
    for header in _scores(frame, asked.kind):
        if header != asked.column and (numbers(frame.sample[header]) or 0) > _MOSTLY:
            return replace(asked, column=header, scale=asked.scale or scale_of(header))
    return asked


def _scores(frame: TextFrame, kind: str) -> Iterator[str]:
    """The columns that may hold the numbers: those of this kind, then those of any score."""
    headers, words = headers_of(frame.headers), generic()
    bare = dictionary("questions")["scores"]
    for word in (*words.kinds.get(kind, ()), *words.tables["surveys"]["score"], *bare):
        if header := headers.find([word]):
            yield header.text


def _of_known_kind(frame: TextFrame, found: Match) -> Match:
    """A bare score, where the labels next to it or the name of the file show its kind."""
    if "score" not in found.fields:
        return found
    column = found.fields["score"].header
    kind = _labelled(frame, column) or _kind_named(frame) or _kind_of_reviews(frame, found, column)
    if kind is None or (answers(frame.sample[column]) or 0) <= _MOSTLY:
        return found
    asked = Question(column, kind, scale_of(column))
    fields = {name: rule for name, rule in found.fields.items() if name != "score"}
    return replace(found, fields=fields, questions=(asked,), told=(asked,))


def _as_labelled(frame: TextFrame, asked: tuple[Question, ...]) -> tuple[Question, ...]:
    """The questions, where the group of each answer beside a bare mark shows its kind; no column is of two kinds."""
    bare = [each for each in asked if each.kind in ("csat", "review") and _is_bare(each.column)]
    kind = _labelled(frame, bare[0].column) if len(bare) == 1 else None
    if kind is None:
        return asked
    others = tuple(each for each in asked if each not in bare)
    rivals = [each.column for each in others if each.kind == kind]
    if rivals:
        return others if bare[0].column in rivals else asked
    return (*others, replace(bare[0], kind=kind))


def _labelled(frame: TextFrame, score: str) -> str | None:
    """The kind whose groups a column next to the score holds."""
    others = [header for header in frame.headers if header != score]
    for kind, words in dictionary("questions")["labels"].items():
        if any(_are_groups(frame, header, words) for header in others):
            return str(kind)
    return None


def _are_groups(frame: TextFrame, header: str, words: dict[str, list[str]]) -> bool:
    """Whether all cells are words of the groups, one of them a word of no other column, or the header says so."""
    said = {plain(without_aside(each)) for each in _texts(frame, header)}
    own = {plain(word) for word in words["own"]}
    if said & own and said <= own | {plain(word) for word in words["shared"]}:
        return True
    named = squash(header) in {squash(word) for word in words["headers"]}
    return named and bool(said) and (numbers(frame.sample[header]) or 0) <= _MOSTLY


def _kind_named(frame: TextFrame) -> str | None:
    """The kind in the name of the file or sheet, if there is one."""
    kinds = {
        meanings("kind")[word] for word in name_words(frame.path, frame.part) if word in meanings("kind")
    }
    return kinds.pop() if len(kinds) == 1 else None


def _of_reviews(frame: TextFrame, found: Match, asked: Question) -> Question:
    """A bare rating of a file of reviews is a review; in a file whose name says CSAT it is that."""
    if asked.kind == "review" and _is_bare(asked.column) and _kind_named(frame) == "csat":
        return replace(asked, kind="csat")
    is_review = asked.kind == "csat" and _kind_of_reviews(frame, found, asked.column)
    return replace(asked, kind="review") if is_review else asked


def _is_bare(column: str) -> bool:
    """Whether the header is that of any rating."""
    return squash(column) in {squash(word) for word in dictionary("questions")["reviews"]["ratings"]}


def _kind_of_reviews(frame: TextFrame, found: Match, column: str) -> str | None:
    """The kind of a bare rating in a file of reviews, which have ids or texts called so."""
    reviews = dictionary("questions")["reviews"]
    if not _is_bare(column) or "ticket_id" in found.fields:
        return None
    marks = {squash(word) for word in reviews["headers"]}
    named = name_words(frame.path, frame.part) & {plain(word) for word in reviews["names"]}
    return "review" if named or any(squash(header) in marks for header in frame.headers) else None
