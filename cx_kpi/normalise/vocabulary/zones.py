"""Time zones by name, by their letters and their distance from UTC, and what abbreviations that no database knows mean."""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from zoneinfo import ZoneInfo

import polars as pl

from cx_kpi.model.errors import UsageProblem, nearest
from cx_kpi.model.values import Level
from cx_kpi.normalise.vocabulary.dictionaries import dictionary
from cx_kpi.normalise.vocabulary.rules import Rule
from cx_kpi.read.raw.source import Phrase, Remark
from cx_kpi.wording.language import mark

MEANT = {
    "MSK": "Europe/Moscow",
    "CEST": "Europe/Berlin",
    "EEST": "Europe/Kyiv",
    "WEST": "Europe/Lisbon",
    "BST": "Europe/London",
    "EDT": "America/New_York",
    "CDT": "America/Chicago",
    "CST": "America/Chicago",
    "MDT": "America/Denver",
    "PST": "America/Los_Angeles",
    "PDT": "America/Los_Angeles",
    "IST": "Asia/Kolkata",
    "JST": "Asia/Tokyo",
    "SGT": "Asia/Singapore",
    "AEST": "Australia/Sydney",
}
_SHORT = 5  # letters of an abbreviation, for which a likeness means nothing


_NAME = re.compile(r"[A-Za-z]{3,}(/[A-Za-z0-9_+-]+){0,2}")
_OFFSET = re.compile(
    r"(?:^|\b(utc|gmt|msk|мск) ?)([+-]) ?(\d{1,2})(?::?(\d{2}))?(?![\d:.-])|^(?:utc|gmt|z)$", re.IGNORECASE
)
_MINUTES = 60
_OF_MOSCOW = 3  # hours before UTC, from which Russian exports count on: МСК+2
_EAST, _WEST = 14, -12  # the hours of the farthest zones
_SAYS = re.compile(r"\b(utc|gmt)\b|[+-]\d{1,2}:\d{2}\b", re.IGNORECASE)
_LETTERS = re.compile(r"[A-Z]{2,4}T|[A-Z]{1,3}EZ|[A-Z][a-z]+/[A-Z][A-Za-z_]+")


def zone_named(words: str) -> str | None:
    """The zone that these words of a header mean, such as `UTC+3`, `МСК` or `Berlin time`, as databases call it."""
    text = re.sub("[\u2212\u2013]", "-", words.strip()).replace("±", "+")
    if is_zone(text):
        return text
    known = dictionary("dates")["header_zones"]
    met = [each for each in re.split(r"[\s,;:]+", text) if each.casefold() not in known["around"]]
    said = " ".join(met)
    if found := _OFFSET.search(text) or _OFFSET.search(said):
        return _by_offset(found)
    return said if is_zone(said) else _places().get(said.casefold()) or _by_letters(said)


def _by_offset(found: re.Match[str]) -> str | None:
    """The zone without summer time at this distance from UTC, or from Moscow."""
    base = _OF_MOSCOW if (found[1] or "").casefold() in ("msk", "мск") else 0
    apart = int(found[3] or 0) * _MINUTES + int(found[4] or 0)
    return _fixed(base * _MINUTES + (-apart if found[2] == "-" else apart))


def _by_letters(word: str) -> str | None:
    """The zone of letters as dates have them; in lower case they may be another word, such as `est`."""
    offset = _letters().get(word.casefold()) if word.isupper() else None
    return _fixed(int(f"{offset[0]}1") * (int(offset[1:3]) * _MINUTES + int(offset[3:]))) if offset else None


def _fixed(minutes: int) -> str | None:
    """The name of a zone that is always this far from UTC, if one has a name."""
    hours, rest = divmod(minutes, _MINUTES)
    if not minutes:
        return "UTC"
    if not rest and _WEST <= hours <= _EAST:
        return f"Etc/GMT{-hours:+d}"
    named: dict[str, str] = dictionary("dates")["header_zones"]["fixed"]
    return named.get(f"{minutes:+d}")


@cache
def _letters() -> dict[str, str]:
    listed: dict[str, list[str]] = dictionary("dates")["zones"]
    return {word: offset for offset, words in listed.items() for word in words}


@cache
def _places() -> dict[str, str]:
    listed: dict[str, list[str]] = dictionary("dates")["header_zones"]["places"]
    return {word: zone for zone, words in listed.items() for word in words}


def sounds_zone(words: str) -> bool:
    """Whether these words of a header look like those of a time zone, known or not."""
    text, known = words.strip(), dictionary("dates")["header_zones"]
    met = {each.casefold() for each in re.split(r"[\s,;:]+", text)}
    times = len(met) > 1 and bool(met & set(known["times"])) and not met & set(known["of_dates"])
    told = times or bool(met & set(known["sure"]))
    return told or bool(_SAYS.search(text) or _LETTERS.fullmatch(text))


def is_zone(name: str) -> bool:
    """Whether this is the name of a time zone, such as `Europe/Moscow` or `UTC`."""
    if not _NAME.fullmatch(name):
        return False
    try:
        ZoneInfo(name)
    except (OSError, ValueError, KeyError):
        return False
    return True


def check_zone(name: str) -> None:
    """Raises `UsageProblem` for a name that is no time zone."""
    try:
        ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        raise UsageProblem(f"no time zone {name!r}{_hint(name)}") from None


def _hint(name: str) -> str:
    from zoneinfo import available_timezones

    known = available_timezones()
    zones = {zone.upper(): zone for zone in known} | MEANT
    if name.upper() in zones:
        return f"; did you mean {zones[name.upper()]}?"
    close = "" if len(name) < _SHORT else nearest(name, known, most=0)
    return close or "; write for example Europe/Moscow"


_TIMED = r"\d:\d\d"
_AWAY = r"\d(?:[zZ]| ?[+-]\d\d(?::?\d\d)?)\s*$"
_HALF = mark(
    "{field}: these dates name no zone, those of {other} do: if they are of another zone, waits are hours off; "
    'say it in cxkpi.toml: column = "{example}", zone = "Europe/Moscow"'
)


def half_zoned(sample: pl.DataFrame, fields: Mapping[str, Rule]) -> Iterator[Remark]:
    """The remarks on dates of a time of day without a zone, beside others whose cells all name one."""
    kinds = {name: _zoned(sample, rule) for name, rule in fields.items() if name.endswith("_at")}
    other = next((name for name, is_zoned in kinds.items() if is_zoned), None)
    for name, is_zoned in kinds.items() if other else ():
        if is_zoned is False:
            values = {"field": name, "other": str(other), "example": fields[name].header}
            yield Remark("zone_mixed", Phrase(_HALF, values), 0, Level.WARNING)


def _zoned(sample: pl.DataFrame, rule: Rule) -> bool | None:
    """Whether all cells name their zone; None where only some do, none has a time of day, or the zone is known."""
    cells = sample[rule.header].drop_nulls() if rule.header in sample.columns else pl.Series(dtype=pl.Int8)
    if cells.dtype != pl.String or not len(cells) or rule.format or not cells.str.contains(_TIMED).all():
        return None
    away = cells.str.contains(_AWAY)
    if away.all():
        return True
    return None if away.any() or rule.zone or cells.str.contains(r"\p{L}").any() else False
