"""Which table a file is: every reading of it is weighed, and the best and the next best are kept with the evidence."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import polars as pl

from cx_kpi.model.documents.quality import TableChoice
from cx_kpi.model.frozen import dataclass
from cx_kpi.model.options import Options, Question
from cx_kpi.model.report import Notice
from cx_kpi.model.schema import TABLES
from cx_kpi.normalise.choice.any_list import is_bare, list_of_others
from cx_kpi.normalise.choice.evidence import MESSAGES, Evidence, Reading, others, weigh
from cx_kpi.normalise.choice.flag_columns import without_flags
from cx_kpi.normalise.choice.numbering import NUMBERED, numberable
from cx_kpi.normalise.choice.scores_chosen import rated, scored
from cx_kpi.normalise.choice.siblings import coerced
from cx_kpi.normalise.choice.table_marks import has_own_id, is_any_list
from cx_kpi.normalise.mapping.business_columns import business_alone
from cx_kpi.normalise.mapping.cells.fit_cells import numbers
from cx_kpi.normalise.mapping.guessing import guessed, is_bare_date, roughly_named
from cx_kpi.normalise.mapping.matching import Match, match
from cx_kpi.normalise.mapping.questions import asked_beside, unread_questions, with_questions
from cx_kpi.normalise.mapping.same_name import repeats, takes_several
from cx_kpi.normalise.preset.presets import GENERIC, Preset, generic, product
from cx_kpi.normalise.vocabulary.dictionaries import dictionary
from cx_kpi.normalise.vocabulary.headers import headers_of
from cx_kpi.normalise.vocabulary.notices import notice
from cx_kpi.normalise.vocabulary.rules import Rule
from cx_kpi.read.raw.source import TextFrame
from cx_kpi.wording.language import Language

BESIDE = {"nps", "ces"}  # kinds whose answers are read from files of surveys alone
_MOSTLY = 0.5  # of the filled cells
_ROW_IDS = {"response_id", "ticket_id"}
_OF_ANSWERS = ("response_id", "comment", "kind", "question", "sent_at")


@dataclass(frozen=True, slots=True)
class Choice:
    """The best reading of a file and the next best; `other` is the kind of foreign list that it rather is."""

    best: Reading
    next: Reading | None = None
    other: str = ""
    is_said: bool = False  # the user or a preset says which table it is
    is_bare: bool = False  # nothing that only tickets have speaks for them

    @property
    def fits(self) -> bool:
        """Whether the file is a table of ours."""
        return self.best.found.fits and (self.is_said or (self.best.is_ours and not self.other))

    @property
    def lacks_kind(self) -> bool:
        """Whether these are answers to a survey of unknown kind."""
        return _lacks_kind(self.best.found)

    @property
    def is_close(self) -> bool:
        """Whether the next best reading could be meant as well."""
        return not self.is_said and self.next is not None and self.next.is_close_to(self.best)

    @property
    def may_be_any_list(self) -> bool:
        """Whether neither the columns nor the name say what the rows are."""
        named = any(each.code == "name" for each in self.best.evidence)
        return not self.is_said and (self.is_bare or (not named and is_any_list(self.best.found)))

    def told(self, language: Language) -> tuple[TableChoice, TableChoice | None]:
        """The best and the next best in words."""
        return _told(self.best, language), _told(self.next, language) if self.next else None


def choose(frame: TextFrame, options: Options, table: str | None) -> Choice:
    """The best reading of a file; where none fits, the nearest. `table`: what the user set."""
    preset = product(headers_of(frame.headers), options.config.presets)
    tables = [table] if table else [*TABLES]
    if preset and preset.table in tables:
        tables.remove(preset.table)
        best = _of_product(frame, preset, options)
        return Choice(best, _best_of(_readings(frame, tables, options)), is_said=True)
    readings = _readings(frame, tables, options)
    best = _best(frame, readings) or _guessed_best(frame, readings, bool(table)) or max(readings, key=_rank)
    rest = [each for each in readings if each.found.table != best.found.table]
    full = _full(frame, best)
    other = "" if table else _other(frame, full)
    return Choice(full, _best_of(rest), other, is_said=bool(table), is_bare=is_bare(frame, full.found))


def _full(frame: TextFrame, best: Reading) -> Reading:
    """The reading with the columns whose headers are nearly known, and marks beside tickets."""
    found = best.found
    if not found.fits:
        return best
    return weigh(frame, rated(frame, found if found.guessed else guessed(frame, found)))


def _of_product(frame: TextFrame, preset: Preset, options: Options) -> Reading:
    """The reading by the preset of the product that the file is an export of."""
    config = options.config.table(preset.table)
    found = with_questions(frame, match(headers_of(frame.headers), preset.table, config, preset))
    return weigh(frame, coerced(frame, found, config) if not found.refused else found)


def _readings(frame: TextFrame, tables: Sequence[str], options: Options) -> list[Reading]:
    """The file read as each of these tables."""
    return [_reading(frame, each, options) for each in tables]


def said_of_reading(
    frame: TextFrame, choice: Choice, fields: Mapping[str, Rule], language: Language
) -> Iterator[Notice]:
    """The notices about how a file is read."""
    found = choice.best.found
    yield from _said_of_columns(frame, found, fields, language)
    numbers_said = [*_said_of_numbers(found, fields, language)]
    yield from numbers_said
    if choice.is_close and choice.next:
        other = choice.next.found.table.replace("_", "-")  # as the option is written
        yield notice("close_reading", language, table=found.table, example=other)
    if not numbers_said and choice.may_be_any_list:
        yield notice("any_list", language, table=found.table)
    if frame.sample.is_empty() and not frame.apart:
        yield notice("no_rows", language)


def _said_of_numbers(found: Match, fields: Mapping[str, Rule], language: Language) -> Iterator[Notice]:
    """That rows have no ids: tickets under the numbers of their rows, and answers one by one."""
    if any(rule.made for rule in fields.values()):
        yield notice("numbered", language)
    elif found.table == "surveys" and found.preset == GENERIC and _ROW_IDS.isdisjoint(fields):
        yield notice("numbered_answers", language, field=next(iter({"customer_id"} & fields.keys()), None))


def _said_of_columns(
    frame: TextFrame, found: Match, fields: Mapping[str, Rule], language: Language
) -> Iterator[Notice]:
    """The notices about single columns."""
    rough = [("guessed_column", name, fields[name].header) for name in roughly_named(found) if name in fields]
    asked = [("told_question", each.kind, _question(frame, each)) for each in found.told]
    asked += unread_questions(frame, found)
    strange = [("no_states", "status", header) for header in found.strange]
    twins = [
        ("twin_columns", name, rule.header) for name, rule in fields.items() if _has_twin(frame, name, rule)
    ]
    beside = [("answers_beside", kind, header) for kind, header in _answers_beside(frame, found)]
    lone = [("lone_customer", "customer_id", header) for header in found.lone]
    bare = [("bare_mark", "satisfaction_score", header) for header in _bare_marks(frame, found)]
    business = [("business_alone", name, header) for name, header in business_alone(frame, found)]
    for code, name, example in (*rough, *asked, *strange, *twins, *beside, *bare, *lone, *business):
        yield notice(code, language, table=found.table, field=name, example=example)


def _answers_beside(frame: TextFrame, found: Match) -> list[tuple[str, str]]:
    """Answers to other surveys than CSAT that a list of tickets holds: their kind and their column."""
    words = generic().kinds if found.table == "tickets" else {}
    kinds = BESIDE & words.keys()
    named = {(kind, header) for kind in kinds for header in _numbers_beside(frame, found, words[kind])}
    return sorted(named | {each for each in asked_beside(frame, found) if each[0] in kinds})


def _bare_marks(frame: TextFrame, found: Match) -> Iterator[str]:
    """A column of a list of tickets that holds numbers and is called a mark of anything."""
    if found.table == "tickets" and "satisfaction_score" not in found.fields:
        yield from _numbers_beside(frame, found, dictionary("questions")["marks"])


def _numbers_beside(frame: TextFrame, found: Match, words: Sequence[str]) -> Iterator[str]:
    """A column called by one of these words that no field is read from, and that holds numbers."""
    used = {rule.header for rule in found.fields.values()}
    header = headers_of(frame.headers).find(words)
    if header and header.text not in used and (numbers(frame.sample[header.text]) or 0) > _MOSTLY:
        yield header.text


def _reading(frame: TextFrame, table: str, options: Options) -> Reading:
    config = options.config.table(table)
    found = coerced(
        frame, without_flags(frame, match(headers_of(frame.headers), table, config, None)), config
    )
    if found.missing and _is_marked(found):
        found = guessed(frame, found)
    if numberable(frame, table, found.fields):
        found = replace(found, fields={**found.fields, "ticket_id": Rule(NUMBERED, made=True)})
    return weigh(frame, with_questions(frame, scored(frame, found, config)))


def _is_marked(found: Match) -> bool:
    """Whether a column that only such a table has is there, so that what is missing is worth a guess."""
    marks = dictionary("tables")["marks"].get(found.table)
    return marks is not None and not found.fields.keys().isdisjoint(marks["sure"])


def _best(frame: TextFrame, readings: list[Reading]) -> Reading | None:
    """The reading with the most points of those that may be it."""
    ours = [each for each in readings if each.is_ours or _lacks_kind(each.found)]
    best = max(ours, key=lambda each: each.score, default=None)
    return (_unfinished(frame, best, readings) or best) if best else None


def _unfinished(frame: TextFrame, best: Reading, readings: Sequence[Reading]) -> Reading | None:
    """The reading as tickets that lack a column of an exact name, where more says that than the rating beside them."""
    if best.found.table not in ("surveys", "customers", "calls"):
        return None
    if best.found.table == "surveys" and not best.found.fields.keys().isdisjoint(_OF_ANSWERS):
        return None
    tickets = next((each for each in readings if each.found.table == "tickets"), best)
    if not tickets.found.missing or _explains(best, tickets):
        return None
    whole = weigh(frame, guessed(frame, tickets.found))
    if whole.is_ours and whole.used > best.used and whole.score > best.score:
        return whole
    likely = whole if whole.is_ours else tickets
    return likely if likely.telling > best.telling else None


def _explains(best: Reading, other: Reading) -> bool:
    """Whether a reading that lacks nothing takes up each column that the other does; customers have a status, too."""
    used = {each.column for each in best.found.questions}
    used |= {rule.header for rule in best.found.fields.values()}
    theirs = {name: rule.header for name, rule in other.found.fields.items()}
    if best.found.table == "customers":
        theirs.pop("status", None)
    return best.found.fits and best.found.table != "calls" and used.issuperset(theirs.values())


def _best_of(readings: list[Reading]) -> Reading | None:
    best = max(readings, key=lambda each: (each.is_ours, each.score), default=None)
    return best if best and best.score > 0 else None


def _guessed_best(frame: TextFrame, readings: list[Reading], is_said: bool) -> Reading | None:
    """The best reading with columns whose headers are nearly known; one required column alone is too little."""
    several = [each for each in readings if is_said or len(TABLES[each.found.table].required) > 1]
    tries = [weigh(frame, guessed(frame, each.found)) for each in several]
    return next((each for each in sorted(tries, key=_rank, reverse=True) if each.is_ours), None)


def _rank(reading: Reading) -> tuple[bool, bool, int, float]:
    """How near a table is: what it lacks counts only where it has more than a bare date."""
    found = reading.found
    required = [name for name in TABLES[found.table].required if name in found.fields]
    dated = sum(is_bare_date(found.fields[name].header) for name in required)
    missing = len(found.missing) + dated
    has_some = missing < len(TABLES[found.table].required)
    return found.fits, has_some, -missing if has_some else 0, reading.score


def _lacks_kind(found: Match) -> bool:
    return found.table == "surveys" and found.missing == ["kind"] and found.size > 1


def _other(frame: TextFrame, best: Reading) -> str:
    """The kind of another list that more speaks for, where the id may be that of any list."""
    found = best.found
    if best.is_part:
        return "details of tickets"
    if found.table not in dictionary("tables")["marks"] or found.preset != GENERIC:
        return ""
    kind, points = others(frame, found)
    is_other = points > (0 if found.strange else best.telling) and not has_own_id(found)
    if is_other or found.missing:
        return kind if is_other else ""
    return list_of_others(frame, found)


def _has_twin(frame: TextFrame, name: str, rule: Rule) -> bool:
    """Whether another column of the same name has other contents."""
    if rule.made or takes_several(name):
        return False
    cells = frame.sample[rule.header].cast(pl.String, strict=False)
    others = (
        frame.sample[each].cast(pl.String, strict=False) for each in repeats(frame.headers, rule.header)[1:]
    )
    return any(bool((cells.ne_missing(each) & each.is_not_null()).any()) for each in others)


def _question(frame: TextFrame, asked: Question) -> str:
    """The column of a question, and its text where that is in a row of its own."""
    label = frame.labels.get(asked.column)
    return f"{asked.column}: {label}" if label else asked.column


def _told(reading: Reading, language: Language) -> TableChoice:
    found = reading.found
    return TableChoice(
        found.table,
        round(reading.score, 1),
        [_said(each, language) for each in reading.evidence],
    )


def _said(evidence: Evidence, language: Language) -> str:
    return language(MESSAGES[evidence.code], what=evidence.what, share=evidence.share)
