"""What shows that the rows of a file are tickets, customers or calls: the id's own name, or columns that only those have."""

import re
from functools import cache

from cx_kpi.normalise.choice.numbering import NUMBERED
from cx_kpi.normalise.mapping.guessing import is_bare_date
from cx_kpi.normalise.mapping.matching import Match
from cx_kpi.normalise.preset.presets import GENERIC, generic
from cx_kpi.normalise.vocabulary.dictionaries import dictionary, plain
from cx_kpi.normalise.vocabulary.headers import squash
from cx_kpi.normalise.vocabulary.rules import Rule

OWN_ID = {"tickets": "ticket_id", "customers": "customer_id", "calls": "call_id"}
_SEVERAL = 2  # columns that prove little each: no more of them prove nothing


def says_what(found: Match, states: float | None, *, named: bool) -> bool:
    """Whether the header of the id does, where it is the only one, or columns that only such a table has.

    `states`: the points of the words of the status; None where any list may have all of them.
    """
    marks = dictionary("tables")["marks"].get(found.table)
    if marks is None or found.configured or found.preset != GENERIC:
        return True
    return (named and has_own_id(found)) or _is_marked(found, marks, states)


def _is_marked(found: Match, marks: dict[str, list[str]], states: float | None) -> bool:
    """Whether one column is a sure mark, or several of the lesser are there."""
    sure, lesser = (
        (found.fields.keys() & set(marks[name])) - set(found.guessed) for name in ("sure", "lesser")
    )
    shared = sure & set(marks["shared"])
    common = {name for name in shared if _is_common(found.fields[name], name, states)}
    if _is_any_moment(found):
        common = shared
    if sure - common:
        return True
    if found.table != "tickets" and common:
        return len(lesser | common) > _SEVERAL
    rule = found.fields.get(OWN_ID[found.table])
    return len(lesser) > 1 and rule is not None and rule.header != NUMBERED and not found.strange


def _is_any_moment(found: Match) -> bool:
    """Whether nothing but their ends tells calls from the lines of any log."""
    begun = found.fields.get("queued_at")
    return (
        found.table == "calls" and begun is not None and not has_own_id(found) and is_bare_date(begun.header)
    )


def _is_common(rule: Rule, name: str, states: float | None) -> bool:
    """Whether any list may have such a column: a status, a type, an end of what has other states than tickets."""
    if name == "status":
        return not states and not rule.values
    if name in ("solved_at", "closed_at"):
        return states == 0 or squash(rule.header) in _ends()
    return tables_of(rule.header) > 1


@cache
def _ends() -> frozenset[str]:
    return frozenset(squash(word) for word in dictionary("tables")["dates"]["ends"])


def is_any_list(found: Match) -> bool:
    """Whether any list may have all that is known of it: a bare id, a status, dates, a name, who it is of."""
    marks = dictionary("tables")["marks"].get(found.table, {})
    own = has_own_id(found) and not is_of_requests(found)
    if "anybody" not in marks or own or found.configured or found.preset != GENERIC:
        return False
    titled = "subject" in found.fields and squash(found.fields["subject"].header) not in _titles()
    of_all = {*marks["shared"], *marks["anybody"]}
    return not titled and not (found.fields.keys() & {*marks["sure"], *marks["lesser"]}) - of_all


@cache
def _titles() -> frozenset[str]:
    return frozenset(map(squash, dictionary("tables")["marks"]["tickets"]["titles"]))


def has_own_id(found: Match) -> bool:
    """Whether the header of the id names what it is the id of."""
    rule = found.fields.get(OWN_ID.get(found.table, ""))
    return rule is not None and not rule.made and squash(rule.header) not in _any_ids()


def is_of_requests(found: Match) -> bool:
    """Whether the id is that of requests and no more is said: they may be for leave, a purchase or a room."""
    rule = found.fields.get("ticket_id")
    words = re.findall(r"[A-Z]?[^\W\d_A-Z]+|[A-Z]+", rule.header) if rule and not rule.made else []
    plain_words = {plain(word) for word in words}
    extra = plain_words - _asked("requests")
    return len(extra) < len(plain_words) and extra <= _asked("words") | _asked("beside")


@cache
def _asked(name: str) -> frozenset[str]:
    return frozenset(map(plain, dictionary("tables")["ids"][name]))


@cache
def _any_ids() -> frozenset[str]:
    return frozenset(squash(word) for word in dictionary("tables")["ids"]["any"])


@cache
def _known() -> dict[str, int]:
    """How many tables know a header."""
    counts: dict[str, int] = {}
    kinds = {squash(word) for words in generic().kinds.values() for word in words}
    for name, fields in generic().tables.items():
        keys = {squash(word) for words in fields.values() for word in words}
        for key in keys | (kinds if name == "surveys" else set()):
            counts[key] = counts.get(key, 0) + 1
    return counts


def tables_of(header: str) -> int:
    """How many tables know a header; 1 where none does."""
    return _known().get(squash(header), 1)
