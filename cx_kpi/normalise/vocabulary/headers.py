"""Headers: compared without case, spaces and brackets, with the unit or time zone they carry read off."""

import re
from collections.abc import Iterable
from dataclasses import field
from functools import cache, lru_cache
from itertools import chain

from cx_kpi.model.frozen import dataclass
from cx_kpi.normalise.vocabulary.dictionaries import clock_words, dictionary, unaccented, units
from cx_kpi.normalise.vocabulary.scale_words import unscaled
from cx_kpi.normalise.vocabulary.zones import zone_named

_SIGNS = re.compile(r"[^\w#№]|_")
_BRACKET = re.compile(r"\s*[(\[]([^()\[\]]*)[)\]][\s?.:!*]*$")
_PATTERN = re.compile(r"[\s,_]+([^\W\d_]+:[^\W\d_]+)$")  # of times, behind a header
_PARTS = 60  # of each part of a clock in the one before it
_SHORT = 3  # letters of a word that begins others
_COMPOUND = 4  # letters of a unit that may end another word
_EXPLAINED = re.compile(r"\d\s*\(")  # an end of a scale in words, with the other end to come
_ZONE_BEHIND = re.compile(
    r"[\s,;_–—-]+((?:UTC|GMT)(?: ?[+−-]\d{1,2}(?::?\d{2})?)?|[+−-]\d{2}:\d{2})\s*$", re.IGNORECASE
)  # as in `created_at_utc`
_TOTAL = re.compile(
    r"(avg|average|mean|med|median|sum|total|no\.? of|number of|count of|p\d\d|offered|средн\w*|медиана|всего|кол-во|"
    r"количество|число|доля|процент|nombre d|nbre?|anzahl|anteil|durchschnitt\w*|mittelwert|summe|cantidad|quantidade|"
    r"qtde?|promedio|moyenne|taux|porcentaje|porcentagem|percentual|percentage|percent|pourcentage)\b|(tickets|conversations|calls|responses|answers|ratings|обращений|заявок|тикетов|звонков|"
    r"ответов|оценок|réponses|respuestas|respostas|antworten|bewertungen|anrufe|llamadas|appels|chamadas|chamados|"
    r"anfragen|solicitudes|demandes)( \w+)?$|.*%\W*$",
    re.IGNORECASE,
)
_TIMES_TO = {
    "to": "time until",
    "until": "time until",
    "till": "time until",
    "до": "время до",
    "на": "время на",
    "bis": "zeit bis",
    "hasta": "tiempo hasta",
    "para": "tempo até",
    "até": "tempo até",
    "avant": "temps avant",
    "tot": "tijd tot",
}
_UNIT_FIRST = re.compile(
    rf"(?:(?:#|no\.?|number|nb|anzahl|количество|кол-во|número|nombre)\s*(?:of|der|de|d')?\s*)?"
    rf"([^\W\d_]{{3,}})[\s_]+({'|'.join(_TIMES_TO)})[\s_]+([^\W\d]\w*(?:[\s_]+\w+){{0,3}})\s*$",
    re.IGNORECASE,
)
_WORD = re.compile(r"[A-ZА-ЯЁ]?[a-zа-яё]+|[A-ZА-ЯЁ]+(?![a-zа-яё])|\d+|\w+")


@lru_cache(maxsize=20_000)  # each file is held against the same words of every preset
def squash(text: str) -> str:
    """Letters without accents, digits, `#` and `№` alone, in lower case."""
    low = text.casefold()
    bare = (low if low.isascii() else unaccented(low).replace("ё", "е")).replace(" ", "")
    return bare if bare.isalnum() else _SIGNS.sub("", bare)


@lru_cache(maxsize=20_000)
def snake(text: str) -> str:
    """The header as a name to type: `Agency Name` is `agency_name`, `customerID` is `customer_id`."""
    return "_".join(word.casefold() for part in re.split(r"[\W_]+", text) for word in _WORD.findall(part))


@dataclass(frozen=True, slots=True)
class Header:
    """A header as written, the keys it answers to (most exact first), and the unit or zone it names."""

    text: str
    keys: tuple[str, ...]
    timed: str  # the key without the words of the unit
    unit: float | None = None  # seconds
    zone: str | None = None
    aside: str = ""  # what the brackets at its end hold, or the zone without them
    is_plain: bool = True  # nothing in brackets but a unit, a zone, a scale or words that add nothing


@lru_cache(maxsize=4_000)  # files of one kind have the same headers
def read_header(text: str) -> Header:
    """The parts of a header: field, unit, zone and scale."""
    return _counted_in(text) or _parted(text)


def _counted_in(text: str) -> Header | None:
    """A header that begins with its unit: `Days to resolve` is a time to resolve in days."""
    found = _UNIT_FIRST.match(text)
    unit = units().get(found[1].casefold()) if found else None
    if not found or unit is None:
        return None
    whole = squash(f"{_TIMES_TO[found[2].casefold()]} {found[3]}")
    return Header(text, (squash(text), whole), whole, unit)


def _parted(text: str) -> Header:
    """The same of a header that begins with its words."""
    found = _aside(text)
    inside = found[1].strip() if found else ""
    if counts_business_hours(inside) or (found and _is_other(text[: found.start()], inside)):
        return Header(text, (squash(text),), squash(text))
    stem = _stem(text, found)
    pattern = _PATTERN.search(stem)
    if pattern and (unit := clock_unit(pattern[1])):
        bare = squash(stem[: pattern.start()])
        return Header(text, (squash(text), bare), bare, unit)
    words = snake(stem).split("_")
    unit = _unit_of(inside)
    if unit is None:
        words, unit = _without_unit(words)
    keys = tuple(dict.fromkeys((squash(text), squash(stem))))
    zone = zone_named(inside)
    plain = zone is not None or _adds_nothing(inside)
    return Header(text, keys, squash("".join(words)), unit, zone, inside, plain)


def _without_unit(words: list[str]) -> tuple[list[str], float | None]:
    """The words of a header without the unit that they end with, and that unit."""
    words = _without_all_hours(words)
    unit = units().get(words[-1]) if len(words) > 1 else None
    if unit is None:
        return words, None
    return words[: -2 if words[-2] in dictionary("guessing")["before_units"] else -1], unit


def _without_all_hours(words: list[str]) -> list[str]:
    """The words without one at their end that says that all hours count."""
    is_said = len(words) > 1 and words[-1] in dictionary("guessing")["all_hours"]
    return words[:-1] if is_said else words


def _aside(text: str) -> re.Match[str] | None:
    """What the brackets at the end hold, or a zone there without them."""
    return _BRACKET.search(text) or _ZONE_BEHIND.search(text)


def _unit_of(words: str) -> float | None:
    """The unit of time that the words in a bracket end with, or that of a pattern such as `mm:ss`."""
    return clock_unit(words) if ":" in words else units().get(_without_all_hours(snake(words).split("_"))[-1])


def unit_of_work(text: str) -> float | None:
    """The unit of a header that speaks of hours of work: minutes in `Time in minutes within business hours`."""
    for word in snake(text).split("_") if counts_business_hours(text) else ():
        for name, unit in units().items():
            if word == name or (len(name) >= _COMPOUND and word.endswith(name)):  # as in `Arbeitsstunden`
                return unit
    return None


def clock_unit(pattern: str) -> float | None:
    """The seconds in the first part of a pattern of two, `mm:ss` or `hh:mm`; None of anything else."""
    lengths = [clock_words().get(each.strip()) for each in pattern.casefold().split(":")]
    match lengths:
        case [float(first), float(second)] if first == _PARTS * second:
            return first
        case _:
            return None


def _stem(text: str, bracket: re.Match[str] | None) -> str:
    """The header without what its bracket holds, or without its scale."""
    stem = text[: bracket.start()] if bracket else ""
    return unscaled(text) if not bracket or _EXPLAINED.search(stem) else stem


def counts_business_hours(words: str) -> bool:
    """Whether these words name hours of work, which are no unit but another length of time."""
    plainly = words.casefold()
    return any(word in plainly for word in dictionary("guessing")["business_hours"])


def _is_other(stem: str, inside: str) -> bool:
    """Whether the words in a bracket make another header of it: planned, of another thing, not by the customer."""
    said, words = snake(unaccented(inside)).split("_"), dictionary("guessing")["brackets"]
    around = snake(unaccented(stem)).split("_")
    if _begin(said, words["without"]):
        return False
    if _begin(around, words["ratings"]):
        return _begin(said, [*words["others"], *words["raters"]])
    return not {*around} & {*dictionary("guessing")["beings"]} and _begin(said, words["others"])


def _adds_nothing(inside: str) -> bool:
    """Whether a bracket holds a scale, or only units, parts of dates and words that mean nothing in a header."""
    words = {*snake(unaccented(inside)).split("_")} - {""}
    return any(map(str.isdecimal, inside)) or words <= _fillers()


@cache
def _fillers() -> frozenset[str]:
    guessing = dictionary("guessing")
    every = [
        *chain.from_iterable(guessing["fillers"].values()),
        *guessing["all_hours"],
        *guessing["before_units"],
    ]
    return frozenset({*map(unaccented, every), *units(), *clock_words()})


def _begin(said: Iterable[str], words: Iterable[str]) -> bool:
    """Whether one of these words begins with a known one; with one of few letters, whether it is that."""
    return any(
        word == each or (len(each) > _SHORT and word.startswith(each)) for word in said for each in words
    )


def sounds_total(text: str) -> bool:
    """Whether a header names a total, a share or an average of several rows."""
    return bool(_TOTAL.match(text.strip()))


@dataclass(frozen=True)
class Headers:
    """The headers of one file, to be found by any of their keys; the first of equal headers counts."""

    texts: tuple[str, ...]
    _exact: dict[str, Header] = field(default_factory=dict)
    _loose: dict[str, Header] = field(default_factory=dict)  # by what is in front of brackets that say more
    _timed: dict[str, Header] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Index the headers: whole texts first, then stems, then without units."""
        read = [read_header(text) for text in self.texts]
        for header in read:
            self._exact.setdefault(header.keys[0], header)
        for header in read:
            stems = self._exact if header.is_plain else self._loose
            stems.setdefault(header.keys[-1], header)
            if header.unit is not None:
                timed = self._timed if header.is_plain else self._loose
                timed.setdefault(header.timed, header)

    def find(self, names: Iterable[str], *, timed: bool = False) -> Header | None:
        """The header of the first name that is there; `timed` also finds it with a unit at its end.

        One whose brackets say more than that comes last.
        """
        keys = [*map(squash, names)]
        for key in keys:
            header = self._exact.get(key) or (self._timed.get(key) if timed else None)
            if header:
                return header
        return next((self._loose[key] for key in keys if key in self._loose), None) if self._loose else None

    def measured(self, names: Iterable[str]) -> Header | None:
        """The header of the first name that is there with a unit of time: `First reply (min)`."""
        found = (self.find([name], timed=True) for name in names)
        return next((header for header in found if header and header.unit), None)

    def has(self, name: str) -> bool:
        """Whether one is there."""
        key = squash(name)
        return key in self._exact or key in self._loose

    def has_all(self, names: Iterable[str]) -> bool:
        """Whether each of these is there."""
        return all(map(self.has, names))


@lru_cache(maxsize=64)
def headers_of(texts: tuple[str, ...]) -> Headers:
    """The headers of a file, indexed once however often it is asked about."""
    return Headers(texts)
