"""`cxkpi.toml` with the mapping found, to be edited: what was found is set, what may be set is a comment."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field
from itertools import chain
from textwrap import wrap
from typing import Any

from cx_kpi.model.frozen import dataclass
from cx_kpi.model.options import Column, Question
from cx_kpi.model.schema import TABLES
from cx_kpi.normalise.config import toml
from cx_kpi.normalise.config.config_found import QUESTIONS, Found
from cx_kpi.normalise.config.unknown_words import Unknown
from cx_kpi.normalise.mapping.cells.fit_cells import cuts_by
from cx_kpi.normalise.tables.combine import Tally
from cx_kpi.normalise.vocabulary.rules import Mapped
from cx_kpi.wording.language import Language, mark
from cx_kpi.wording.numerals import numerals

HEAD = (
    mark("How cxkpi reads these files. Every key is optional; an unknown key is an error."),
    mark("Lines that begin with # only suggest; take the # away to make them hold."),
)
WIDTH = 98  # of a comment that lists names
CUTS = mark("can be cut by, with --by: {names}")
LEFT = mark("read so without this line")
READ_AS = mark("read so ({points} points) for: {why}")
NEXT_BEST = mark("next best: {table} ({points} points): {why}")
Words = Mapping[tuple[str, str], Sequence[Unknown]]
Decided = Mapping[tuple[str, str, str], Any]  # table, field, word: what it means


@dataclass(frozen=True, slots=True)
class Draft:
    """What is known when the file is written; `decided` are the user's answers."""

    tallies: Sequence[Tally]
    found: Found
    unknown: Words
    complaints: Mapping[str, Sequence[str]]  # words for complaints by field
    language: Language
    settings: Mapping[str, Any]  # keys that hold: time zones, the order of day and month
    decided: Decided = field(default_factory=dict)


def written(draft: Draft, more: Sequence[str] = ()) -> str:
    """The file's text; `more` are lines of later stages."""
    language = draft.language
    lines = [f"# {language(line)}" for line in HEAD]
    lines += ["", *_settings(draft)]
    for table in dict.fromkeys(each.plan.mapped.table for each in draft.tallies):
        lines += ["", *_table(draft, table)]
    lines += ["", *_complaints(draft), *more]
    return "\n".join(lines) + "\n"


def _settings(draft: Draft) -> Iterator[str]:
    suggestions = {
        "language": ("en", mark("of the report: en or ru")),
        "timezone": ("Europe/Moscow", mark("of the report: where days and months begin; UTC by default")),
        "source_timezone": ("Europe/Moscow", mark("of dates in the files that name none")),
        "period": ("month", mark("day, week, month, quarter or year")),
        "dayfirst": (True, mark("whether 03/04/2026 is the third of April")),
    }
    for name, (value, why) in suggestions.items():
        line = toml.pair(name, draft.settings.get(name, value))
        yield f"{'' if name in draft.settings else '# '}{line}  # {draft.language(why)}"


def _table(draft: Draft, table: str) -> Iterator[str]:
    language, tallies = draft.language, [each for each in draft.tallies if each.plan.mapped.table == table]
    for each in tallies:
        yield from _source(each.plan.mapped, language)
    yield f"[{table}.columns]"
    yield from _columns(draft, table)
    lacking = [name for name in TABLES[table].fields if (table, name) not in draft.found.columns]
    if lacking:
        yield from _comment(language("not found: {names}", names=", ".join(lacking)))
    yield from _left_over(tallies, language)
    yield from _values(draft, table)
    if table == "surveys":
        yield from _questions(draft)


def _left_over(tallies: Sequence[Tally], language: Language) -> Iterator[str]:
    """The columns that are no field: those to cut by, and those that are not used."""
    cuts = dict.fromkeys(chain.from_iterable(_unused(each, cuts=True) for each in tallies))
    unused = dict.fromkeys(chain.from_iterable(_unused(each, cuts=False) for each in tallies))
    if cuts:
        yield from _comment(language(CUTS, names=", ".join(map(toml.text, cuts))))
    if unused.keys() - cuts.keys():
        names = ", ".join(toml.text(each) for each in unused if each not in cuts)
        yield from _comment(language("not used: {names}", names=names))


def _source(mapped: Mapped, language: Language) -> Iterator[str]:
    """Which file is read as which table, and why."""
    yield f"# {toml.text(mapped.source.path)}: {mapped.table}, {mapped.preset}"
    yield from _choice(mapped, language)


def _choice(mapped: Mapped, language: Language) -> Iterator[str]:
    """Why the file is this table, and which would be next best."""
    for choice, said in ((mapped.reading, READ_AS), (mapped.next_best, NEXT_BEST)):
        if choice:
            points = numerals(language.code).decimal(choice.points)
            yield from _comment(
                language(said, table=choice.table, points=points, why="; ".join(choice.evidence))
            )


def _comment(text: str) -> list[str]:
    lines = wrap(text, WIDTH, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False)
    return [f"# {line}" for line in lines]


def _columns(draft: Draft, table: str) -> Iterator[str]:
    for place, column in draft.found.columns.items():
        if place[0] != table:
            continue
        line = toml.pair(place[1], _said(column))
        left = place in draft.found.left
        yield f"# {line}  # {draft.language(LEFT)}" if left else line


def _said(column: Column) -> Any:
    """The header alone where that is all."""
    more = {"unit": column.unit, "format": column.format, "zone": column.zone, "present": column.present}
    said = {name: value for name, value in more.items() if value}
    return {"column": column.column, **said} if said else column.column


def _unused(tally: Tally, *, cuts: bool) -> list[str]:
    mapped = tally.plan.mapped
    used = {*(rule.header for rule in mapped.fields.values()), *(each.column for each in mapped.questions)}
    left = (header for header in mapped.source.headers if header not in used)
    return [header for header in left if cuts_by(mapped.source.sample[header]) is cuts]


def _decided(draft: Draft, place: tuple[str, str]) -> dict[str, str]:
    """What was decided of the words of a field."""
    return {word: value for (*where, word), value in draft.decided.items() if (*where,) == place}


def _values(draft: Draft, table: str) -> Iterator[str]:
    """The words of each field: those in use, and suggestions for unknown ones."""
    fields = dict.fromkeys(name for of, name in (*draft.found.values, *draft.unknown) if of == table)
    for name in fields:
        place = (table, name)
        known = {} if place in draft.found.left else dict(draft.found.values.get(place, {}))
        decided = _decided(draft, place)
        unknown = [each for each in draft.unknown.get(place, ()) if each.word not in decided]
        said = known | decided
        yield ""
        yield f"{'' if said else '# '}[{table}.values.{name}]"
        yield from (toml.pair(word, value) for word, value in said.items())
        yield from (_suggestion(each, draft.language) for each in unknown)


def _suggestion(unknown: Unknown, language: Language) -> str:
    line = toml.pair(unknown.word, "…" if unknown.nearest is None else unknown.nearest)
    rows = language.plural("{n} row", "{n} rows", unknown.rows)
    choice = language("one of {names}", names=", ".join(unknown.known)) if unknown.known else ""
    return f"# {line}  # {'; '.join(filter(None, (rows, choice)))}"


def _questions(draft: Draft) -> Iterator[str]:
    mark_ = "# " if ("surveys", QUESTIONS) in draft.found.left else ""
    for each in draft.found.questions:
        yield ""
        yield f"{mark_}[[surveys.questions]]"
        yield from (f"{mark_}{line}" for line in _question(each))


def _question(question: Question) -> Iterator[str]:
    for name in ("column", "kind", "scale", "journey_stage", "question"):
        value = getattr(question, name)
        if value is not None:
            yield toml.pair(name, value)


def _complaints(draft: Draft) -> Iterator[str]:
    """Which tickets are complaints, by the words found where there are any."""
    if not any(each.plan.mapped.table == "tickets" for each in draft.tallies):
        return
    if ("tickets", "is_complaint") in draft.found.columns:
        return
    why = draft.language("which tickets are complaints: those with any of these words")
    yield f"# [complaints]  # {why}"
    for name, words in (draft.complaints or {"category": ["complaint"]}).items():
        yield f"# {toml.pair(name, words)}"
    yield ""
