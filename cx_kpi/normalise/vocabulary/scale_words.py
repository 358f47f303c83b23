"""The scale of answers in a header: its ends, and which of them is the better."""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache

from cx_kpi.normalise.vocabulary.dictionaries import answers, dictionary, plain
from cx_kpi.wording.patterns import compiled_later

Scale = tuple[float, float]  # the worst and the best answer; the best may be the lower number
_RANGE = compiled_later(
    r"(?<![\d.,])([01])\s*(?:-|–|—|/|\.\.+|…|to|bis|до|a|à|até|hasta)\s*(3|4|5|6|7|10|100)(?![\d.,]*\d)"
)
_OUT_OF = compiled_later(
    r"(?:\b(?:out of|из|sur|sobre)\s*|(?<!\d)/\s*|[(\[]\s*(?:of|max\.?|maximum|макс\.?|von|de|em|van)\s*)(3|4|5|6|7|10|100)(?=\s*(?:[)\]?.:,;]|stars?\b|points?\b|$))",
    re.IGNORECASE,
)
_WORDS = r"([^\d,;/()|=:]{3,}?)"
_ENDING = r"(?=\s*(?:[\d,;/()|=:]|$))"
_BEFORE = r"(?<![\w.,-])"
_IN_BRACKETS = compiled_later(r"(\d{1,3})\s*[(\[]\s*([^()\[\]\d]+?)\s*[)\]]")
_SURE = compiled_later(
    rf"{_BEFORE}(\d{{1,3}})\s*(?:=|is\b|means\b|это\b|ist\b|es\b|est\b|é\b)\s*{_WORDS}{_ENDING}"
)
_LIKELY = compiled_later(rf"{_BEFORE}(\d{{1,3}})\s*[:–—-]?\s*{_WORDS}{_ENDING}")
_WORDS_FIRST = compiled_later(rf"{_WORDS}\s*=\s*(\d{{1,3}})(?!\d)")
_WHERE = compiled_later(r"\b(?:где|where|wobei|donde|onde|où)\s+(\d{1,3})\s*[:–—=-]?\s*(?=[^\W\d_])")
_CUT = compiled_later(
    r"[\s:,;.–—/(\[-]*(?:\b(?:scale|шкала|по шкале|from|от|von|de|from a|out of|of|из|sur|sobre)\s*)*(?<![^\W_])\d.*$"
)
_NUMBERED = compiled_later(r"^\W*(?:q|question|вопрос|frage|pregunta|pergunta)?\s*\d+\s*[.):]")
_GRADES: Scale = (6.0, 1.0)
_FIVE: Scale = (1.0, 5.0)  # where a header says no more than which end is the better


def scale_of(text: str) -> Scale | None:
    """The scale a header names, as in `NPS (0-10)` or `CSAT (1 = very satisfied, 5 = very dissatisfied)`."""
    said = _RANGE.search(text)
    span = (float(said[1]), float(said[2])) if said else _topped(text)
    plainly = text.casefold().replace("ё", "е")
    words = dictionary("scores")["ends"]
    if any(word in plainly for word in words["grades"]):
        return _GRADES
    if any(word in plainly for word in words["lower_is_better"]):
        return (span or _FIVE)[::-1]
    return _turned(span, _faced(text) or _ends(plainly)) or span


def tells_better_end(text: str) -> bool:
    """Whether a header says in words or faces which end of its scale is the better."""
    return bool(_faced(text) or _ends(text.casefold().replace("ё", "е")))


def _topped(text: str) -> Scale | None:
    """The scale of which a header tells the highest answer alone, as in `Satisfaction (out of 3)`."""
    said = _OUT_OF.search(text)
    return (1.0, float(said[1])) if said else None


def unscaled(text: str) -> str:
    """A header without its scale: `CSAT 1-5` is `CSAT`."""
    return _CUT.sub("", text) if any(map(str.isdigit, text)) and scale_of(text) else text


def _turned(span: Scale | None, ends: Mapping[float, bool]) -> Scale | None:
    """The scale by its ends; whether the higher one is the better."""
    good = [number for number, is_good in ends.items() if is_good]
    bad = [number for number, is_good in ends.items() if not is_good]
    if good and bad:
        return _between(good, bad)
    if not ends:
        return None
    low, high = span or (min(1.0, *ends), max(5.0, *ends))
    middle = (low + high) / 2
    return (high, low) if max(good, default=low) < middle < min(bad, default=high) else span


def _between(good: Sequence[float], bad: Sequence[float]) -> Scale | None:
    """The scale from the bad ends to the good ones; None where they are mixed."""
    if max(good) < min(bad):
        return max(bad), min(good)
    return (min(bad), max(good)) if min(good) > max(bad) else None


def _ends(text: str) -> dict[float, bool]:
    """The numbers a header gives words for, and whether these are good; one alone has to be certain."""
    text = _WHERE.sub(r", \1 = ", _IN_BRACKETS.sub(r"\1 – \2;", _NUMBERED.sub("", text)))
    turned = [(number, words) for words, number in _WORDS_FIRST.findall(text)]
    first = [_felt(_SURE.findall(text)), _felt(turned)]
    sure = next(
        (read for read in (first[::-1] if re.search(r"[^\W\d_]\s*=\s*\d", text) else first) if read), None
    )
    likely = _felt(_LIKELY.findall(text))
    return sure or (likely if len(set(likely.values())) > 1 else {})


def _faced(text: str) -> dict[float, bool]:
    """The numbers a header has faces beside, and whether these are good ones."""
    numbers = [*re.finditer(r"\d{1,3}", text)]
    if text.isascii() or not numbers:
        return {}
    faces = [(place, _faces()[sign]) for place, sign in enumerate(text) if sign in _faces()]
    nearest = {place: min(numbers, key=lambda found: _apart(text, found, place)) for place, _ in faces}
    return {float(nearest[place][0]): is_good for place, is_good in faces}


def _apart(text: str, found: re.Match[str], place: int) -> int:
    """How far a number is from a face: not at all behind or before a sign of equality."""
    between = text[place + 1 : found.start()] if place < found.start() else text[found.end() : place]
    return 0 if between.strip() in ("=", ":") else 1 + len(between)


@cache
def _faces() -> dict[str, bool]:
    """The signs that are answers, and whether good ones."""
    middles = {word: score - (low + high) / 2 for word, (score, low, high) in answers().items()}
    return {
        word: more > 0 for word, more in middles.items() if len(word) == 1 and not word.isalnum() and more
    }


def _felt(pairs: Iterable[tuple[str, str]]) -> dict[float, bool]:
    return {float(number): felt for number, words in pairs if (felt := _feeling(words)) is not None}


def _feeling(words: str) -> bool | None:
    """Whether the words at an end of a scale are good ones; None where they are neither."""
    known = answers().get(plain(words))
    if known and known[0] != (known[1] + known[2]) / 2:
        return known[0] > (known[1] + known[2]) / 2
    return next((felt for pattern, felt in _patterns() if pattern.search(words)), None)


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], bool], ...]:
    ends: dict[str, list[str]] = dictionary("scores")["ends"]
    return tuple((re.compile("|".join(ends[name])), name == "good") for name in ("bad", "good"))
