"""Notices in the order to read them; the same notice about several columns becomes one."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TypeVar

from cx_kpi.model.documents.quality import Problem
from cx_kpi.model.report import Notice
from cx_kpi.model.values import Level
from cx_kpi.wording.numerals import Numerals

ASKED = {"not_compared", "no_pauses", "not_asked", "asked_of_tickets"}  # what an option could not do
MOST_ALIKE = 50  # notices of one kind that are shown
OF_CELLS = {
    "sentinel_date",
    "unreadable",
    "far_date",
    "lone_date",
    "unknown_word",
    "mostly_unread",
    "negative_duration",
    "not_finite",
    "rounded_id",
    "off_scale",
}


def in_order(notices: Iterable[Notice]) -> list[Notice]:
    """Warnings first; among them what was asked for in vain, then rows that figures lack, then single cells."""
    return sorted(
        notices, key=lambda each: (each.level is Level.INFO, each.code not in ASKED, _of_cells(each))
    )


Told = TypeVar("Told", Notice, Problem)


def few(told: Sequence[Told]) -> list[Told]:
    """The first of each code: no page gets longer with every file or word that is odd in the same way."""
    met: Counter[str] = Counter()
    found = []
    for each in told:
        met[each.code] += 1
        if met[each.code] <= MOST_ALIKE:
            found.append(each)
    return found


def _of_cells(told: Notice) -> bool:
    return told.code in OF_CELLS


def merged(notices: Iterable[Notice], numerals: Numerals) -> list[Notice]:
    """One notice for several columns of a table with the same message, its rows added up."""
    kinds: dict[tuple[str | None, ...], list[Notice]] = {}
    for place, each in enumerate(notices):
        alike = (each.code, each.table, each.path) if _rest(each) else (str(place),)
        kinds.setdefault(alike, []).append(each)
    return [_joined(each, numerals) for each in kinds.values()]


def _rest(told: Notice) -> str:
    """The message after the name of a column; nothing where it does not start with one, or names it again."""
    start = f"{told.field}: "
    rest = told.message.removeprefix(start)
    return rest if told.field and rest != told.message and told.field not in rest else ""


def _joined(alike: Sequence[Notice], numerals: Numerals) -> Notice:
    first = alike[0]
    if len(alike) == 1:
        return first
    fields = ", ".join(dict.fromkeys(each.field for each in alike if each.field))
    rows = sum(each.rows or 0 for each in alike)
    rest = _counted(_rest(first), first.example, numerals.decimal(first.rows or 0), numerals.decimal(rows))
    return replace(first, message=f"{fields}: {rest}", field=fields, rows=rows or None)


def _counted(text: str, example: str | None, ours: str, all_: str) -> str:
    """The text with the number of all rows in place of ours; the example is left as it is."""
    parts = text.split(example) if example else [text]
    number = re.compile(rf"(?<!\d){re.escape(ours)}(?!\d)")
    return (example or "").join(number.sub(all_, part) for part in parts)
