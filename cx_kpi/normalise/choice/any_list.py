"""Lists that may be of anything: an id, a state, a begin and an end, a title, a person; the file's name says what they are."""

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import cache

from cx_kpi.normalise.choice.table_marks import has_own_id, is_any_list, is_of_requests
from cx_kpi.normalise.mapping.matching import Match
from cx_kpi.normalise.preset.presets import GENERIC
from cx_kpi.normalise.vocabulary.dictionaries import (
    OPEN_WORDS,
    dictionary,
    meanings,
    name_words,
    own_words,
    plain,
    spellings,
)
from cx_kpi.normalise.vocabulary.headers import squash
from cx_kpi.normalise.vocabulary.rules import Rule
from cx_kpi.read.raw.source import TextFrame

_QUERY = re.compile(r"\bselect\b", re.IGNORECASE)
_SHORT = 2  # letters; a name of no more says nothing
_MOSTLY = 0.5  # of the different cells
_OF_PEOPLE = 2  # headers of a list of people: a ticket may have one of them


def list_of_others(frame: TextFrame, found: Match) -> str:
    """What a list rather is that nothing but such columns speaks for: by headers that tickets lack, or by its name."""
    if found.table != "tickets" or tells_tickets(frame, found):
        return ""
    words = _words(frame)
    if is_of_requests(found):
        return _of_other_requests(frame, found, words)
    if words & _support():
        return ""
    strange = _strange(words)
    return _by_headers(frame, found) or (f'"{max(strange, key=len)}"' if strange else "")


def is_bare(frame: TextFrame, found: Match) -> bool:
    """Whether rows are read as tickets by what any list may have, and no name says so, or one that says more."""
    if found.table != "tickets" or tells_tickets(frame, found):
        return False
    words = _words(frame)
    if is_of_requests(found) and not is_any_list(found):
        return False
    return not words & _support() or bool(words & _names_of_others() or _by_headers(frame, found))


def is_loose(frame: TextFrame, found: Match) -> bool:
    """Whether a sheet, list or table has a name of its own that does not speak of tickets, and neither do its columns."""
    own = replace(frame, path=f"#{frame.path.partition('#')[2]}")
    return "#" in frame.path and is_bare(own, found) and bool(_strange(_words(own)))


def _strange(words: frozenset[str]) -> list[str]:
    """Words of a name that say what the rows are."""
    return [word for word in sorted(words - _plain_names()) if len(word) > _SHORT]


def _of_other_requests(frame: TextFrame, found: Match, words: frozenset[str]) -> str:
    """What requests are for, by their other columns; where the name speaks of tickets, two things have to say it."""
    kind = _by_headers(frame, found)
    if not kind or not words & _support():
        return kind
    said = dictionary("tables")["others"][kind]
    return kind if _told_by(frame, found, said) + bool(words & set(map(plain, said["names"]))) > 1 else ""


def _words(frame: TextFrame) -> frozenset[str]:
    """The words of the name; a query names columns, not what its rows are."""
    whole, _, inner = frame.path.partition("#")
    return name_words(whole) if _QUERY.search(inner) else own_words(frame.path, frame.part)


def tells_tickets(frame: TextFrame, found: Match) -> bool:
    """Whether a column is one that few lists but of tickets have, by its header or by its cells."""
    marks = dictionary("tables")["marks"]["tickets"]
    asked = is_of_requests(found)
    if (has_own_id(found) and not asked) or found.configured or found.preset != GENERIC:
        return True
    rules = found.fields
    if rules.keys() & (set(marks["sure"]) - set(marks["shared"])):
        return True
    named = not asked and any(map(_names_tickets, rules.values()))
    return named or _is_solution(rules) or _has_words(frame, rules)


def _is_solution(rules: Mapping[str, Rule]) -> bool:
    """Whether the end is that of a problem: any list may have a completion."""
    rule = rules.get("solved_at")
    return rule is not None and squash(rule.header) not in _ends()


def _names_tickets(rule: Rule) -> bool:
    """Whether the header of a column says of what it is: `Тема обращения`."""
    words = re.findall(r"[^\W\d_]+", rule.header)
    return len(words) > 1 and bool({plain(word) for word in words} & _ticket_words())


def _has_words(frame: TextFrame, rules: Mapping[str, Rule]) -> bool:
    """Whether states or ways of contact are those of tickets."""
    states, ways = (_cells(frame, rules.get(name)) for name in ("status", "channel"))
    known_ways = meanings("channel")
    told = sum(plain(word) in known_ways for word in ways)
    return any(map(_is_of_tickets, states)) or (bool(ways) and told > _MOSTLY * len(ways))


def _is_of_tickets(word: str) -> bool:
    told = dictionary("tables")["status"]
    return any(
        meanings("status").get(each) in told["telling"] and each not in _common() for each in spellings(word)
    )


def _cells(frame: TextFrame, rule: Rule | None) -> list[str]:
    if rule is None or rule.made or rule.header not in frame.sample.columns:
        return []
    return [str(each) for each in frame.sample[rule.header].drop_nulls().unique().to_list()]


def _by_headers(frame: TextFrame, found: Match) -> str:
    """The kind of list that a header left over is of."""
    for kind, said in dictionary("tables")["others"].items():
        least = _OF_PEOPLE if kind in ("people", "companies") else 1
        if _told_by(frame, found, said) >= least:
            return str(kind)
    return ""


def _told_by(frame: TextFrame, found: Match, said: Mapping[str, list[str]]) -> int:
    """How many of the headers left over are those of such a list."""
    used = {rule.header for rule in found.fields.values()}
    free = {squash(header) for header in frame.headers if header not in used}
    return sum(squash(each) in free for each in said["headers"])


@cache
def _names_of_others() -> frozenset[str]:
    """Words of the names of other lists that no list of tickets is called by."""
    said = dictionary("tables")["others"].values()
    return frozenset(plain(word) for kind in said for word in kind["names"]) - _support() - _plain_names()


@cache
def _common() -> frozenset[str]:
    return frozenset(map(plain, dictionary("tables")["status"]["common"]))


@cache
def _ends() -> frozenset[str]:
    return frozenset(squash(word) for word in dictionary("tables")["dates"]["ends"])


@cache
def _ticket_words() -> frozenset[str]:
    return frozenset(map(plain, dictionary("tables")["plain"]["words"]))


@cache
def _support() -> frozenset[str]:
    """Words that speak of tickets in the name of a file."""
    said = dictionary("tables")
    return frozenset(map(plain, (*said["names"]["tickets"], *said["plain"]["support"])))


@cache
def _plain_names() -> frozenset[str]:
    """Words that say nothing of what a file holds: of exports, of times, of what else we read."""
    said = dictionary("tables")
    months = (word for words in dictionary("values")["months"].values() for word in words)
    tables = (word for name, words in said["names"].items() if name == "ticket_events" for word in words)
    return frozenset(map(plain, (*said["plain"]["files"], *months, *tables, *OPEN_WORDS)))
