"""The encoding of a file, by its first bytes and a fixed rule."""

import codecs
import re
from itertools import pairwise
from typing import Final

LABELS: Final = {
    "utf-8": "UTF-8",
    "utf-16-le": "UTF-16 LE",
    "utf-16-be": "UTF-16 BE",
    "utf-32-le": "UTF-32 LE",
    "utf-32-be": "UTF-32 BE",
    "cp1251": "Windows-1251",
    "cp1252": "Windows-1252",
    "koi8-r": "KOI8-R",
    "cp866": "CP866",
    "iso8859-5": "ISO-8859-5",
}
_MARKS: Final = (  # the longer mark first: UTF-32 LE begins like UTF-16 LE
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_WIDE: Final = (  # where ASCII characters leave zero bytes, by position modulo 4
    ("utf-32-le", (False, True, True, True)),
    ("utf-32-be", (True, True, True, False)),
    ("utf-16-le", (False, True, False, True)),
    ("utf-16-be", (True, False, True, False)),
)
_CYRILLIC: Final = ("cp1251", "koi8-r", "cp866", "iso8859-5")
_COMMON: Final = "оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъё"  # Russian letters, the most frequent first
_WEIGHT: Final = {letter: 16 - rank for rank, letter in enumerate(_COMMON)}
_PAIRS: Final = (
    "ст но то на ен ов ни ра во ко ро ос ал по ре пр го ли ер ат ет ка не ла ть та ло от ан ор ол за до те ел "
    "ны ие ам ва да ри ит де ес ти ог ом ве вы ис об ль ми чи ся тк ый ий"
)
_MULTIBYTE: Final = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_HIGH: Final = re.compile(rb"[\x80-\xff]+")


def detect(head: bytes) -> tuple[str, int]:
    """The codec's name and the length of the byte order mark; `head` may end inside a character."""
    for mark, codec in _MARKS:
        if head.startswith(mark):
            return codec, len(mark)
    return _wide(head) or (eight_bit(head) if not _is_utf8(head) else "utf-8"), 0


def _is_utf8(head: bytes) -> bool:
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return False
    return True


def _wide(head: bytes) -> str | None:
    """UTF-16 and UTF-32 without a mark: zero bytes keep to their positions."""
    if b"\0" not in head:
        return None
    zeros = [head[place::4].count(0) / max(1, len(head[place::4])) for place in range(4)]
    for codec, expected in _WIDE:
        if all((zero > 0.1) if full else (zero < 0.05) for zero, full in zip(zeros, expected, strict=True)):
            return codec
    return None


def eight_bit(head: bytes) -> str:
    """UTF-8 with a few bad bytes, or the code page the bytes above 127 read best in."""
    high = sum(map(len, _HIGH.findall(head)))
    if 2 * sum(map(len, _MULTIBYTE.findall(head))) > high:
        return "utf-8"
    words = sum(len(run) for run in _HIGH.findall(head) if len(run) > 2)
    if 2 * words < high and not _has_russian_word(head):  # single accented letters among ASCII ones
        return "cp1252"
    return max(_CYRILLIC, key=lambda codec: _russian(head, codec))


def _has_russian_word(head: bytes) -> bool:
    """Whether four or more bytes above 127 in a row read as a word in some code page; no text in Latin letters has such."""
    long = {run for run in _HIGH.findall(head) if len(run) > 3 and len(set(run)) > 2}
    return any(_word(run.decode(codec, "replace")) > 0 for run in long for codec in _CYRILLIC)


def _russian(head: bytes, codec: str) -> int:
    """How much like Russian the bytes read in this code page."""
    return sum(_word(run.decode(codec, "replace")) for run in _HIGH.findall(head))


def _word(word: str) -> int:
    """Frequent letters and pairs speak for a word; symbols, and capitals inside it, against."""
    lower = word.lower()
    letters = sum(_WEIGHT.get(letter, -20) for letter in lower)
    pairs = sum(15 for pair in pairwise(lower) if "".join(pair) in _PAIRS)
    natural = word.islower() or word.isupper() or word.istitle()
    return letters + pairs - (0 if natural else 20 * len(word))
