"""The columns that files lack for a metric, in words: alternatives with "or", each as what a user can map."""

from collections.abc import Iterable

from cx_kpi.wording.language import Language, mark

EITHER = {  # what the files may hold in place of a column that is worked out from it
    "first_response_seconds": ("first_response_at", "first_response_seconds"),
    "solved_at": ("solved_at", "resolution_seconds"),
    "resolution_seconds": ("solved_at", "resolution_seconds"),
    "wait_seconds": ("answered_at", "wait_seconds"),
    "is_solved": ("status", "solved_at"),
}
OR = mark("{names} or {last}")
AND = mark("{names} and {last}")


def unavailable_columns(needs: Iterable[str], language: Language) -> str:
    """`no columns is_complaint; solved_at or resolution_seconds`."""
    number, names = _named(needs, language)
    return language.plural("no column {names}", "no columns {names}", number, names=names)


def columns_to_add(needs: Iterable[str], language: Language) -> str:
    """`the column is_complaint`."""
    number, names = _named(needs, language)
    return language.plural("the column {names}", "the columns {names}", number, names=names)


def _named(needs: Iterable[str], language: Language) -> tuple[int, str]:
    """How many columns there have to be, and their names."""
    options = list(dict.fromkeys(_options(need, language) for need in needs))
    groups = [_joined(each, OR, language) for each in options]
    return len(groups), ("; " if any(len(each) > 1 for each in options) else ", ").join(groups)


def _options(need: str, language: Language) -> tuple[str, ...]:
    """`a or b and c` as its alternatives."""
    found = (_option(each, language) for each in need.split(" or "))
    return tuple(dict.fromkeys(name for each in found for name in each))


def _option(text: str, language: Language) -> tuple[str, ...]:
    names = text.split(" and ")
    return (_joined(names, AND, language),) if len(names) > 1 else _either(text)


def _either(name: str) -> tuple[str, ...]:
    table, dot, field = name.rpartition(".")
    return tuple(f"{table}{dot}{each}" for each in EITHER.get(field, (field,)))


def _joined(names: Iterable[str], how: str, language: Language) -> str:
    *others, last = names
    return language(how, names=", ".join(others), last=last) if others else last
