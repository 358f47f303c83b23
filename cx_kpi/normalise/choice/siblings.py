"""A column whose cells cannot be read gives way to another of the same meaning whose cells can."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache

import polars as pl

from cx_kpi.model.options import Column, TableConfig
from cx_kpi.model.schema import TABLES, Kind
from cx_kpi.normalise.choice.whole_moments import holds_clock
from cx_kpi.normalise.mapping.cells.fit_cells import answers, numbers, readable
from cx_kpi.normalise.mapping.matching import Match, rule_of
from cx_kpi.normalise.preset.presets import GENERIC, generic
from cx_kpi.normalise.values.readers.read_words import flags
from cx_kpi.normalise.vocabulary.dictionaries import dictionary, meanings, plain, said, shared_letters
from cx_kpi.normalise.vocabulary.headers import Header, Headers, headers_of, read_header, squash
from cx_kpi.normalise.vocabulary.rules import Rule
from cx_kpi.read.raw.source import TextFrame

_NEARLY = 80  # likeness of 100 from which two headers mean the same
_FEW = 20  # words of a column
_MOSTLY = 0.5  # the part of the filled cells that can be read
_ENOUGH, _NEARLY_ALL = 4, 0.8  # answers, and the part of them that one customer hardly gives
_WEIGHED = (Kind.TIME, Kind.SECONDS)
_RATINGS = {("tickets", "satisfaction_score"), ("surveys", "score")}
_WORDED = {("tickets", "status"), ("ticket_events", "status"), ("calls", "disposition")}


def coerced(frame: TextFrame, found: Match, config: TableConfig) -> Match:
    """The reading with the columns that can be read; configured columns stay."""
    headers = headers_of(frame.headers)
    kinds = TABLES[found.table].fields
    fields = dict(found.fields)
    for name, rule in found.fields.items():
        if name not in config.columns and not rule.made and not rule.present:
            fields |= _better(frame, headers, found.table, name, kinds[name], rule)
    unknown = _without_states(frame, found, fields, config)
    _drop_names(frame, found, fields, config)
    _drop_notes(frame, found, fields, config)
    if found.table == "calls":
        _begin_waits(frame, fields)
    if found.table == "tickets":
        fields |= _flagged(frame, fields)
        fields |= _helped(headers, fields)
    lone = _without_lone(frame, found, fields, config)
    return replace(found, fields=fields, strange=unknown, lone=lone)


def _better(
    frame: TextFrame, headers: Headers, table: str, name: str, kind: Kind, rule: Rule
) -> Mapping[str, Rule]:
    """The first column of the same meaning that can be read, where this one cannot."""
    if kind not in _WEIGHED and (table, name) not in _RATINGS | _WORDED:
        return {}
    if _holds(frame, table, name, kind, rule.header):
        return {}
    is_clock = kind is Kind.TIME and holds_clock(frame.sample[rule.header])
    for header in _alternatives(headers, table, name, kind):
        if is_clock and squash(header.text) in _bare_dates():
            continue  # the day of that time
        if header.text != rule.header and _holds(frame, table, name, kind, header.text):
            return {name: rule_of(table, name, Column(header.text), header, {name: rule.values})}
    return {}


def _begin_waits(frame: TextFrame, fields: dict[str, Rule]) -> None:
    """Take a wait that holds dates for the moment it began."""
    rule = fields.get("wait_seconds")
    if rule and "queued_at" not in fields and _holds(frame, "calls", "queued_at", Kind.TIME, rule.header):
        fields["queued_at"] = replace(fields.pop("wait_seconds"), unit=None)


@cache
def _bare_dates() -> frozenset[str]:
    return frozenset(map(squash, dictionary("tables")["dates"]["any"]))


def _alternatives(headers: Headers, table: str, name: str, kind: Kind) -> Iterator[Header]:
    """Every header that means the field, the most exact word first; then those that do with what is in their brackets."""
    words = generic().tables[table].get(name, ())
    for word in words:
        if header := headers.find([word], timed=kind is Kind.SECONDS):
            yield header
    known = set(map(squash, words))
    yield from (each for each in map(read_header, headers.texts) if not known.isdisjoint(each.keys))


def _holds(frame: TextFrame, table: str, name: str, kind: Kind, header: str) -> bool:
    """Whether most filled cells can be read; of ratings, whether they are numbers."""
    cells = frame.sample[header]
    share = numbers(cells) if (table, name) in _RATINGS else readable(cells, kind, name)
    return share is not None and share > _MOSTLY


def _without_states(
    frame: TextFrame, found: Match, fields: dict[str, Rule], config: TableConfig
) -> tuple[str, ...]:
    """Take the status away whose words are no states at all; the fields it was taken from."""
    taken = []
    for table, name in _WORDED:
        rule = fields.get(name) if table == found.table and found.preset == GENERIC else None
        if rule and name not in config.columns and not config.values.get(name) and not rule.values:
            share = readable(frame.sample[rule.header], Kind.CATEGORY, name)
            apart = not _category(headers_of(frame.headers), rule.header)
            if share == 0 and apart and not _sounds_like(frame.sample[rule.header], name):
                del fields[name]
                taken.append(rule.header)
    return tuple(taken)


def _drop_names(frame: TextFrame, found: Match, fields: dict[str, Rule], config: TableConfig) -> None:
    """Take the kind of author away where the column has names or ids of people."""
    rule = fields.get("author_kind") if found.table == "ticket_events" and found.preset == GENERIC else None
    if rule is None or rule.values or "author_kind" in config.columns:
        return
    if readable(frame.sample[rule.header], Kind.CATEGORY, "author_kind") == 0:
        del fields["author_kind"]


def _drop_notes(frame: TextFrame, found: Match, fields: dict[str, Rule], config: TableConfig) -> None:
    """Take the rating away where a column called `Note` has texts and no marks."""
    rule = fields.get("satisfaction_score") if found.table == "tickets" and found.preset == GENERIC else None
    if rule is None or rule.values or "satisfaction_score" in config.columns:
        return
    is_bare = squash(rule.header) in map(squash, dictionary("questions")["scores"])
    if is_bare and answers(frame.sample[rule.header]) == 0:
        del fields["satisfaction_score"]


def _without_lone(
    frame: TextFrame, found: Match, fields: dict[str, Rule], config: TableConfig
) -> tuple[str, ...]:
    """Take the customer away where nearly all answers are of one: it would be who asked, and one answer would count."""
    rule = fields.get("customer_id")
    if found.table != "surveys" or found.preset != GENERIC or rule is None or "customer_id" in config.columns:
        return ()
    cells = frame.sample[rule.header].drop_nulls()
    if len(cells) < _ENOUGH or cells.value_counts()["count"].max() <= _NEARLY_ALL * len(cells):  # type: ignore[operator]
        return ()
    del fields["customer_id"]
    return (rule.header,)


def _sounds_like(cells: pl.Series, field: str) -> bool:
    """Whether any word is nearly one that is known, so that the column may well be what it is called."""
    words, known = [*map(plain, said(cells.drop_nulls().cast(pl.String).unique()))], list(meanings(field))
    if len(words) <= _FEW and not any(_may_be_near(word, each) for word in words for each in known):
        return False
    from rapidfuzz import fuzz, process

    return any(process.extractOne(word, known, scorer=fuzz.ratio, score_cutoff=_NEARLY) for word in words)


def _may_be_near(one: str, other: str) -> bool:
    return 200 * shared_letters(one, other) >= _NEARLY * (len(one) + len(other))


def _flagged(frame: TextFrame, fields: Mapping[str, Rule]) -> dict[str, Rule]:
    """A column with yes or no for solved, where no other column has the status."""
    if "status" in fields:
        return {}
    solved = dictionary("tables")["solved"]
    known = {squash(word) for word in solved["flags"]}
    used = {rule.header for name, rule in fields.items() if name not in ("solved_at", "closed_at")}
    for header in frame.headers:
        if squash(header) in known and header not in used and _is_flag(frame.sample[header]):
            return {"status": Rule(header, values=_meaning(solved))}
    return {}


def _is_flag(cells: pl.Series) -> bool:
    if cells.dtype == pl.Boolean:
        return True
    if cells.dtype != pl.String:
        return False
    filled = said(cells.drop_nulls(), dates=False)
    return len(filled) > 0 and bool(flags(filled, Rule("")).is_not_null().all())


def _meaning(solved: Mapping[str, str]) -> dict[str, str]:
    known = {word: value for word, value in meanings("flag").items() if word}
    return {word: solved["yes" if value == "true" else "no"] for word, value in known.items()}


def _helped(headers: Headers, fields: Mapping[str, Rule]) -> dict[str, Rule]:
    """The status with the column that holds the kind of status."""
    rule = fields.get("status")
    beside = _category(headers, rule.header) if rule else None
    return {"status": replace(rule, beside=beside)} if rule and beside else {}


def _category(headers: Headers, status: str) -> str | None:
    found = headers.find(dictionary("tables")["category"]["headers"])
    return found.text if found and found.text != status else None
