"""The dictionaries of `presets/words`: what words in exports mean, null words, units of time, answers."""

import re
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache, reduce
from itertools import product
from pathlib import Path, PurePath
from typing import Any
from unicodedata import normalize

import polars as pl

from cx_kpi.model.assets import toml

PRESETS = Path(__file__).parents[2] / "presets"  # the folder
_ACCENTS = re.compile(r"(?<=[A-Za-z])[\u0300-\u036f]+")
_ACCENTED = re.compile(r"[\u00c0-\u024f\u0300-\u036f\u1e00-\u1eff]")
_SPACES = re.compile(r"[\s_\-–—/]+")
_NUMBER = re.compile(r"^\s*\d+\s*[-.:]\s+")
_LONGEST = 1_000  # characters of what may be a word
OPEN_WORDS = ("channel", "priority", "direction")  # an unlisted word stays as it is


@cache
def dictionary(name: str) -> dict[str, Any]:
    """One TOML file of `presets/words`."""
    return toml(PRESETS / "words" / f"{name}.toml")


@cache
def rules_elsewhere() -> dict[str, list[dict[str, Any]]]:
    """By metric, the rules by which products count it: the keys of a metric of one's own without its id."""
    said = dictionary("rules")
    return {metric: [rule for each in rules for rule in _ways(each)] for metric, rules in said.items()}


def _ways(said: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """One rule for each choice of one part from each list of its `ways`."""
    whole = {name: each for name, each in said.items() if name != "ways"}
    for parts in product(*said.get("ways", ())):
        yield reduce(_with, parts, whole)


def _with(rule: dict[str, Any], part: Mapping[str, Any]) -> dict[str, Any]:
    """A rule and a part of it: its title goes on."""
    before = rule.get("title", {})
    title = {language: before.get(language, "") + text for language, text in part["title"].items()}
    return {**rule, **part, "title": title}


def unaccented(text: str) -> str:
    """The text without the accents of Latin letters, which capitals and names of columns often lack."""
    if text.isascii():
        return text
    return normalize("NFC", _ACCENTS.sub("", normalize("NFD", text)) if _ACCENTED.search(text) else text)


def plain(word: str) -> str:
    """The word as dictionaries are searched: lower case, no accents, single spaces for spaces, `_`, `-`, `/`, plain е.

    A text that is too long for a word stays as it is.
    """
    word = word.strip()
    if len(word) > _LONGEST:
        return word
    return _SPACES.sub(" ", unaccented(word.casefold()).replace("ё", "е")).strip(" .'\"")


@lru_cache(maxsize=512)  # each table and preset asks for them
def name_words(path: str, part: str = "") -> frozenset[str]:
    """The words of the name of a file and of its sheet, list or table, each in plain letters."""
    whole, _, inner = path.partition("#")
    stem = re.sub(r"(\.\w{1,7})+$", "", PurePath(whole).name)
    words = re.findall(r"[^\W\d_]+", f"{stem} {inner} {part}".replace("_", " "))
    apart = [each for word in words for each in (word, *re.findall(r"[A-ZА-Я][a-zа-яё]+", word))]
    return frozenset(map(plain, apart))


def own_words(path: str, part: str = "") -> frozenset[str]:
    """The same, but those of the sheet, list or table alone where they name a table: the file's name is that of all its parts."""
    inner = name_words(f"#{path.partition('#')[2]}", part)
    return inner if inner & _tables_named() else name_words(path, part)


@cache
def _tables_named() -> frozenset[str]:
    """The words that name a table of ours or another list."""
    said = dictionary("tables")
    others = (kind["names"] for kind in said["others"].values())
    return frozenset(plain(word) for words in (*said["names"].values(), *others) for word in words)


def shared_letters(one: str, other: str) -> int:
    """The most letters that may stay when a word is changed into another.

    It tells most words apart, for which rapidfuzz need not be loaded: that takes longer than to read a short list.
    """
    return min(sum([each in other for each in one]), sum([each in one for each in other]))


def spellings(word: str) -> tuple[str, ...]:
    """The word itself, without a leading `4 - `, and without a trailing `(…)`."""
    word = word.strip()
    return tuple(map(plain, (word, _NUMBER.sub("", word), without_aside(word))))


def without_aside(text: str) -> str:
    """The text without a trailing `(…)`; in one step, however long it is."""
    return text.partition("(")[0] if text.endswith(")") else text


@cache
def meanings(field: str) -> dict[str, str]:
    """Word to canonical word of a closed vocabulary, such as `status`; empty where there is none."""
    listed: dict[str, list[str]] = dictionary("values").get(field, {})
    return {plain(word): canonical for canonical, words in listed.items() for word in (*words, canonical)}


@cache
def null_words(*, dates: bool = False) -> frozenset[str]:
    """Cells that mean nothing, in lower case; in dates also a plain "no"."""
    values = dictionary("values")
    return frozenset(values["nulls"]) | (frozenset(values["date_nulls"]) if dates else frozenset())


@cache
def no_ids() -> frozenset[str]:
    """Ids that are those of nobody, in lower case."""
    return null_words() | frozenset(dictionary("values")["nobody"])


def is_null(word: str, *, dates: bool = False) -> bool:
    """Whether the cell means nothing."""
    return word.strip().casefold() in null_words(dates=dates)


def filled(cells: pl.Series) -> pl.Series:
    """The cells that are not null, at no cost where all are."""
    return cells.drop_nulls() if cells.null_count() else cells


def said(cells: pl.Series, *, dates: bool = True) -> pl.Series:
    """The filled cells of text that are no null words."""
    nulls = null_words(dates=dates)
    return cells.filter(pl.Series([cell.strip().casefold() not in nulls for cell in cells], dtype=pl.Boolean))


@cache
def units() -> dict[str, float]:
    """Word for a unit of time to its length in seconds."""
    return {word: float(unit["seconds"]) for unit in dictionary("units").values() for word in unit["words"]}


@cache
def clock_words() -> dict[str, float]:
    """Word of a pattern of times, such as `mm:ss`, to the seconds of its unit."""
    said = dictionary("units").values()
    return units() | {word: float(unit["seconds"]) for unit in said for word in unit.get("clock", ())}


@cache
def months() -> dict[str, str]:
    """Name of a month, in several languages and cases, to its English name."""
    listed: dict[str, list[str]] = dictionary("values")["months"]
    return {word: english for english, words in listed.items() for word in words}


@cache
def answers() -> dict[str, tuple[float, float, float]]:
    """An answer in words to (score, lowest, highest)."""
    scores = dictionary("scores")
    five = {
        plain(word): (float(score), 1.0, 5.0) for score, words in scores["five"].items() for word in words
    }
    return five | {plain(word): (score, low, high) for word, (score, low, high) in scores["words"].items()}
