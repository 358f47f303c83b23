"""A date in any language and order in a plain form that formats are read from, month and zone in English."""

import re
import unicodedata
from collections.abc import Iterable
from functools import cache

from cx_kpi.normalise.vocabulary.dictionaries import dictionary, months
from cx_kpi.wording.patterns import compiled_later

_PLAIN = compiled_later(
    r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}(?:[ T]\d{1,2}:\d{2}[:\d]*)?"
    r"|\d{1,2} [A-Z][a-z]{2,8} \d{4}(?: \d{1,2}:\d{2}(?::\d{2})?)?"
)
_WORD = compiled_later(
    r"(?<![^\W\d_])(?:[aApP]\. ?[mM]\.?|[^\W\d_]+(?:'[^\W\d_]+)?(?:\.(?!\d))?)(?![^\W\d_])"
)
_BRACKET = compiled_later(r" ?\(([^()]*)\) ?")
_CLOCK = compiled_later(r"(?<![\d:])(\d{1,2})(:\d{2}(?::\d{2}(?:\.\d+)?)?) ?(AM|PM)\b")
_FROM_UTC = compiled_later(
    r"(?<=[\dM]) ?(?:(?:GMT|UTC) ?([+-])(\d{1,2})(?::?(\d{2}))?|(?<=:\d\d) ([+-])(\d))$"
)
_YEAR = r"(?:19|20)\d\d"
_DAYLESS = compiled_later(
    rf"{_YEAR}(?:[-/. ](?:0?[1-9]|1[0-2]))?|(?:0?[1-9]|1[0-2])[-/. ]{_YEAR}|{_YEAR}[- ]?(?:W\d\d?|Q[1-4])|(?:W\d\d?|Q[1-4])[-/ ]?{_YEAR}",
    re.IGNORECASE,
)
_OF_MONTH = compiled_later(rf"([^\W\d_]+)\.?[-/ ]?(?:{_YEAR})?")
_NOON = 12
_TIME = r"\d{1,2}:\d{2}(?::\d{2})?(?: ?[AP]M)?"

Rules = tuple[tuple[str, str], ...]
_EAST: Rules = (  # signs for year, month, day, hour, minute and second are behind their numbers
    (r"(\d{4}) ?[年년] ?(\d{1,2}) ?[月월] ?(\d{1,2}) ?[日号號일]?", r"\1-\2-\3 "),
    (r"(\d{1,2}) ?[時时點点시] ?(\d{1,2}) ?[分분] ?(\d{1,2}) ?[秒초]", r"\1:\2:\3"),
    (r"(\d{1,2}) ?[時时點点시] ?(\d{1,2}) ?[分분]?", r"\1:\2"),
    (r"(\d{1,2}) ?[時时點点시](?!\w)", r"\1:00"),
    (r"([^\x00-\x7f]+)(?=\d{1,2}:)", r" \1 "),
)
_BEFORE: Rules = (  # what has to be read before small words are gone
    (r"^/Date\((\d+)(?:[+-]\d{4})?\)/$", r"\1"),
    (r"(?<=[Z\d])\[[\w/+-]+\]$", ""),  # the zone's name after its offset
    (r"(?<!\d)(\d{1,2}) ?[hHчu] ?(\d{2})(?: ?(?:min|мин|m|м)\.?)? ?(\d{2}) ?[sс]\.?(?!\w)", r"\1:\2:\3"),
    (r"(?<!\d)(\d{1,2}) ?[hHчu] ?(\d{2})(?: ?(?:min|мин|m|м)\.?)?(?!\w)", r"\1:\2"),
    (r"(?<!\d)(\d{1,2})\.(\d{2}) (?=Uhr)", r"\1:\2 "),
    (r"(?<![-/:.\d])(\d{1,2}) ?(?:Uhr|h)$", r"\1:00"),
    (r"(?<=\d)(?:st|nd|rd|th|er|[ºªo°]|-?го|-?е)(?=[ ,])", ""),
    (r"-feira\b", ""),
)
_AFTER: Rules = (
    (r" +", " "),
    (r" ,|,+", ","),
    (r"^[, ]+|[, ]+$", ""),
    (r"^(\d{1,2})\. ?(?=[^\W\d_]+ )", r"\1 "),  # 5. Januar 2026
    (r"^(\d{4})\. ?(\d{1,2})\. ?(\d{1,2})\.?(?= |$)", r"\1-\2-\3"),  # 2026. 1. 5.
    (r"^(\d{1,2})\. (\d{1,2})\. (\d{4})", r"\1.\2.\3"),
    (r"^(\d{4}):(\d{2}):(\d{2})(?= )", r"\1-\2-\3"),
    (r"^(\d{4})[-/., ]+([^\W\d_]{3,})[-/. ](\d{1,2})(?!\d)", r"\3 \2 \1"),
    (
        r"^([^\W\d_]{3,}) (\d{1,2}) (\d{1,2}:\d{2}:\d{2})((?: ?[+-]\d{4}| UTC| GMT)?) (\d{4})$",
        r"\2 \1 \5 \3\4",
    ),  # as C and Java write it
    (rf"^({_TIME}),?(?: -)? ((?:\d|[^\W\d_]{{3,}} \d).*)$", r"\2 \1"),  # the time first
    (r"(?<=[^\W\d_]),? (?=\d{4}(?:\D|$))", " "),
    (r"(?<=\d),(?=\d{1,2}:)", " "),
    (r"(?<=\d) [-–|/] (?=\d{1,2}:)", " "),
    (r"^(\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4})[-_](?=\d{2}:)", r"\1 "),
    (r"(?<=\d{4}):(?=\d{2}:)", " "),  # as web servers write it
    (r"(?<=\d)([ T])(\d{1,2})\.(\d{2})\.(\d{2})(?=\.\d|\D*$| [+-])", r"\1\2:\3:\4"),
    (r"(?:(?<=[-/.]\d{4} )|(?<=[-/.]\d{2} ))(\d{1,2})\.(\d{2})(?=\D*$)", r"\1:\2"),
    (r"(?<=\d)[ T_](\d{2})-(\d{2})-(\d{2})$", r" \1:\2:\3"),
    (r"^(\d{8})[T ]?(\d{2})(\d{2})(\d{2})(?=\D|$)", r"\1 \2:\3:\4"),
    (r"^(\d{8})[T ](\d{2})(\d{2})(?=\D|$)", r"\1 \2:\3"),
    (r"(?<=\d) ?Z$", "Z"),
    (r"\b(AM|PM) ?(\d{1,2}(?::\d{2}){1,2})", r"\2 \1"),
    (r"([+-]\d{2}:?\d{2}) [+-]\d{4}$", r"\1"),  # the zone's letters after its offset
)


def cleaned(cell: str) -> str:
    """The cell in a plain order, without blanks, guard apostrophe, day of the week and small words."""
    text = " ".join(cell.strip().strip("'").split())
    if text.isascii() and _PLAIN.fullmatch(text):
        return text
    if not text.isascii():
        text = " ".join(_ruled(unicodedata.normalize("NFKC", text).replace("−", "-"), _EAST).split())
    text = _BRACKET.sub(_unbracketed, _ruled(text, _BEFORE))
    text = _CLOCK.sub(_on_twelve, _ruled(_worded(text), _AFTER))
    return _FROM_UTC.sub(_offset, text)


def _ruled(text: str, rules: Rules) -> str:
    for pattern, plain in _compiled(rules):
        text = pattern.sub(plain, text)
    return text


@cache
def _compiled(rules: Rules) -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(pattern), plain) for pattern, plain in rules)


def _unbracketed(found: re.Match[str]) -> str:
    """A zone in brackets is kept; words in brackets are dropped."""
    inside = found[1].strip()
    said = inside.casefold() in _zones() or bool(re.search(r"\d|GMT|UTC", inside))
    return f" {inside} " if said else " "


def _worded(text: str) -> str:
    """The text with months in English, zones as offsets, and without words that mean nothing."""
    met = [each for each in _WORD.finditer(text) if _key(each[0]) in months()]
    is_day = len(met) > 1 and _key(met[0][0]) in _named("weekdays")  # as in `mar 4 mars`
    return _WORD.sub(lambda each: _meant(each, met[0].start() if is_day else -1), text).strip()


def _meant(found: re.Match[str], day: int) -> str:
    """The meaning of one word; at the place `day` the name of a month means a day of the week."""
    key, behind = _key(found[0]), found.string[: found.start()].rstrip(" ")
    if key in _halves() and (behind[-1:].isdigit() or found[0].isupper() or not found[0].isascii()):
        return _halves()[key]
    if key in months() and found.start() != day:
        return months()[key]
    if key in _zones():
        return _zones()[key]
    return "" if key in _named("weekdays") or key in _named("fillers") else found[0]


def _key(word: str) -> str:
    return word.casefold().replace(".", "").replace(" ", "")


def _on_twelve(found: re.Match[str]) -> str:
    """Hours of a clock of twelve; `00:15 AM` and `13:05 PM` are met, too."""
    hour, rest, half = int(found[1]), found[2], found[3]
    if hour > _NOON:
        return f"{hour}{rest}"
    gap = " " if found[0][-3] == " " else ""
    return f"{found[1] if hour else _NOON}{rest}{gap}{half}"


def _offset(found: re.Match[str]) -> str:
    """An offset in four digits: `GMT+3` is ` +0300`."""
    sign, hours, minutes = found[1] or found[4], found[2] or found[5], found[3]
    return f" {sign}{int(hours):02}{minutes or '00'}"


@cache
def _named(name: str) -> frozenset[str]:
    return frozenset(map(_key, dictionary("dates")[name]))


@cache
def _halves() -> dict[str, str]:
    listed: dict[str, list[str]] = dictionary("dates")["halves"]
    return {_key(word): half for half, words in listed.items() for word in words}


@cache
def _zones() -> dict[str, str]:
    listed: dict[str, list[str]] = dictionary("dates")["zones"]
    return {word: offset for offset, words in listed.items() for word in words}


def names_no_day(cell: str) -> bool:
    """Whether a cell names a year, a quarter, a month or a week, and no day of it."""
    text = cleaned(cell)
    month = _OF_MONTH.fullmatch(text)
    return bool(_DAYLESS.fullmatch(text)) or (month is not None and month[1] in months().values())


def doubtful_zone(cells: Iterable[str]) -> str | None:
    """The first letters of a zone that mean another one elsewhere, with what they are read as: `CST = UTC-0600`."""
    text = "\n".join(cells)
    if not any(map(str.isalpha, set(text))):
        return None
    letters = frozenset(dictionary("dates")["elsewhere"]["letters"])
    words = (each[0] for each in _WORD.finditer(text))
    found = next((_key(word) for word in words if _key(word) in letters), None)
    return f"{found.upper()} = UTC{_zones()[found]}" if found else None
