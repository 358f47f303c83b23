"""Which parts of the guide say most about some words: by their rarity, and by where they stand (BM25 with fields)."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from math import log

from cx_kpi.model.frozen import dataclass

PARTS, OF_A_PAGE = 5, 2  # that are told, and of these of one page
MOST = 2_000  # characters of a part
_IN_TITLE, _IN_HEADING = 8, 4  # a word there counts as so many in the text
_FULL, _LENGTH = (
    1.2,
    0.75,
)  # the usual constants: when more of a word says no more, and how much a long part has to pay
_WORD = re.compile(r"[^\W_]{2,}")
_ENDING = re.compile(r"(?<=[a-z]{3})(?:ies|es|s|y|e)$")


@dataclass(frozen=True, slots=True)
class _Part:
    page: str
    text: str
    words: Counter[str]
    length: int


def found(pages: Mapping[str, str], words: str) -> list[dict[str, str]]:
    """The parts of the guide that say most about these words, the best first: page and text."""
    parts = [part for page, text in pages.items() for part in _parts(page, text)]
    asked, mean = set(_words(words)), sum(part.length for part in parts) / len(parts)
    within = {word: sum(word in part.words for part in parts) for word in asked}
    rare = {word: log(1 + (len(parts) - n + 0.5) / (n + 0.5)) for word, n in within.items()}

    def score(part: _Part) -> float:
        most = _FULL * (1 - _LENGTH + _LENGTH * part.length / mean)
        return sum(rare[each] * part.words[each] / (part.words[each] + most) for each in asked)

    ranked = sorted(parts, key=lambda part: (-score(part), part.page))
    return [{"page": part.page, "text": part.text[:MOST]} for part in _few(ranked) if score(part)]


def _parts(page: str, text: str) -> Iterator[_Part]:
    """The parts of a page by its headings, each with the words of the page's title."""
    title = [*_words(page), *_words(text.partition("\n")[0])] * _IN_TITLE
    for each in re.split(r"(?m)^(?=## )", text):
        own, heading = _words(each), _words(each.partition("\n")[0]) * _IN_HEADING
        yield _Part(page, each, Counter([*own, *heading, *title]), len(own))


def _few(ranked: list[_Part]) -> list[_Part]:
    """The first parts, a few of each page."""
    told: Counter[str] = Counter()
    few = []
    for part in ranked:
        told[part.page] += 1
        if told[part.page] <= OF_A_PAGE:
            few.append(part)
    return few[:PARTS]


def _words(text: str) -> list[str]:
    """Small letters without endings, so that metric finds metrics."""
    return [_ENDING.sub("", word) for word in _WORD.findall(text.lower())]
