"""Cells in messages: their shape, so that no message shows a name, and the format of a date."""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from cx_kpi.normalise.values.date_words import cleaned, names_no_day
from cx_kpi.wording.patterns import compiled_later

CELLS = frozenset(
    {"unreadable", "unknown_word", "mostly_unread", "rounded_id", "unit_unknown", "clock_unknown", "untimed"}
)  # codes
_RUN, _MOST = 3, 40  # letters in a row, and signs in all, that a shape shows
_ID = compiled_later(r"([^\W\d_]*[-_#. ]*)\d{1,9}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_ADDRESS = compiled_later(r"[^\s@<>()\[\],;:\"'|]+@[^\s@<>()\[\],;:\"'|]+")
_PHONE = compiled_later(
    r"(?<![\w.,:+-])(?!\d{4}-\d\d)(?:\+(?:[ ()/-]{0,2}\d){7,15}|\(?\d(?:[ ()/-]{0,2}\d){9,14})(?![\w:]|[.,]\d)"
)
_TOKEN = compiled_later(r"\d{1,2}:\d{2}(?::\d{2})?|[+-]\d{2}:?\d{2}$|\d+|[^\W\d_]+|.")
_YEARS = range(1900, 2101)
_MONTHS = 12


def shape_of(cell: str) -> str:
    """What a cell looks like: letters as a, at most three in a row, digits as 0: `aaa@aaa.aaa`."""
    plain = re.sub(r"\d", "0", re.sub(r"[^\W\d_]", "a", " ".join(cell.split())))
    short = re.sub(r"a{3,}", "a" * _RUN, plain)
    return short if len(short) <= _MOST else short[: _MOST - 1] + "…"


def masked(text: str) -> str:
    """The text with its e-mail addresses and phone numbers as their shapes."""
    return _PHONE.sub(lambda found: shape_of(found[0]), _ADDRESS.sub(lambda found: shape_of(found[0]), text))


def says_who(ids: Sequence[str]) -> bool:
    """Whether ids may name people: not numbers behind the same letters, such as C-17 and C-4, and not UUIDs."""
    found = [_ID.fullmatch(each) for each in ids]
    before = {match[1] for match in found if match}
    return None in found or len(before) > 1 or (len(ids) == 1 and len(before.pop() or "") > _RUN)


def format_hint(cell: str) -> str | None:
    """The strptime format that a cell no usual format fits may have; None where it holds no whole date."""
    text = cleaned(cell)
    tokens = _TOKEN.findall(text)
    numbers = [*filter(str.isdigit, tokens)]
    parts = iter(_parts(numbers, named=any(map(_is_month_name, tokens))))
    directives = "".join(
        _directive(token, parts, twelve="AM" in tokens or "PM" in tokens) for token in tokens
    )
    whole = all(any(part in directives for part in ways) for ways in (("%Y", "%y"), ("%m", "%B"), ("%d",)))
    return directives if whole and _reads(text, directives) else None


def line_for_dates(field: str, header: str, cells: Iterable[str]) -> str:
    """The line of a configuration with the format of these cells, or with another column for the dates."""
    cells = [*cells]
    found = next(filter(None, map(format_hint, cells)), None)
    column, written = (text.replace("\\", "\\\\").replace('"', '\\"') for text in (header, found or ""))
    if found is None:
        without = ", which names no day" if any(map(names_no_day, cells)) else ""
        return f' {field} = "…", the column that holds dates, not "{column}"{without}'
    return f' {field} = {{ column = "{column}", format = "{written}" }}'


def _parts(numbers: list[str], *, named: bool) -> list[str]:
    """What the bare numbers of a date are, in their order."""
    places = [place for place, number in enumerate(numbers[:3]) if len(number) == 4 and int(number) in _YEARS]
    if named:
        return ["%Y", "%d"] if places[:1] == [0] else ["%d", "%Y" if places else "%y"]
    if places[:1] == [0]:
        return ["%Y", "%m", "%d"]
    month_first = len(numbers) > 1 and int(numbers[1]) > _MONTHS
    return [*(("%m", "%d") if month_first else ("%d", "%m")), "%Y" if places else "%y"]


def _directive(token: str, parts: Iterator[str], *, twelve: bool) -> str:
    """The strptime directive of one token."""
    if ":" in token and token[0].isdigit():
        clock = "%I:%M" if twelve else "%H:%M"
        return clock + (":%S" if token.count(":") > 1 else "")
    if token[0] in "+-" and len(token) > 1:
        return "%z"
    if token.isdigit():
        return next(parts, token)
    if token in ("AM", "PM"):
        return "%p"
    return "%B" if _is_month_name(token) else token.replace("%", "%%")


def _is_month_name(token: str) -> bool:
    return token.isalpha() and _is_month(token)


def _is_month(word: str) -> bool:
    try:
        return bool(datetime.strptime(word, "%B"))  # noqa: DTZ007  (a name alone)
    except ValueError:
        return False


def _reads(text: str, directives: str) -> bool:
    try:
        return bool(datetime.strptime(text, directives))  # noqa: DTZ007  (whether it can be read at all)
    except ValueError:
        return False
