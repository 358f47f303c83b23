"""Fields whose header is nearly, but not exactly, one of the known words: taken only where there is no doubt.

rapidfuzz proposes by likeness. A proposal acts when the words that differ mean nothing (`presets/words/guessing.toml`),
typing errors aside, when the cells fit the field, and when it is the only one for its field and for its header.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache, lru_cache

from cx_kpi.model.frozen import dataclass
from cx_kpi.model.schema import TABLES, Kind
from cx_kpi.normalise.mapping.cells.fitting import fits, is_bare
from cx_kpi.normalise.mapping.matching import LENGTHS, SCORES, TWINS, Match
from cx_kpi.normalise.preset.presets import GENERIC, generic
from cx_kpi.normalise.vocabulary.dictionaries import dictionary, shared_letters, unaccented, units
from cx_kpi.normalise.vocabulary.headers import Header, read_header, snake, sounds_total, squash
from cx_kpi.normalise.vocabulary.rules import Rule
from cx_kpi.normalise.vocabulary.scale_words import scale_of
from cx_kpi.read.raw.source import TextFrame

CLOSE = 80  # likeness of 100 that a header needs to be looked at
_LEAD = 5  # by which the best proposal for a header has to beat the next
_LONG, _LONGER = 5, 9  # letters from which a word may have one and two typing errors
_NESTED = re.compile(r"\w+(\.\w+)+")
_BEGUN = (
    "created_at",
)  # may be told by another column than a bare `Date`, which is often that of the report
_MEASURED = (Kind.TIME, Kind.SECONDS, Kind.COUNT, Kind.FLAG)
_MOST_HEADERS = 400  # a table of more columns is not guessed at


@dataclass(frozen=True, slots=True)
class Guess:
    """A header that may hold a field; how alike they are, of 100."""

    field: str
    header: Header
    score: float


def guessed(frame: TextFrame, found: Match) -> Match:
    """The reading with the fields that could be guessed without doubt from the columns it leaves over."""
    sure = _without_doubt(_dated(frame, list(guesses(frame, found))))
    if not sure:
        return found
    kinds = TABLES[found.table].fields
    rules = {each.field: _rule(each, kinds[each.field]) for each in sure}
    return replace(found, fields={**found.fields, **rules}, guessed=tuple(sorted(rules)))


def roughly_named(found: Match) -> Iterator[str]:
    """The fields that were guessed, and the times and ratings whose header says more of them in brackets."""
    kinds = TABLES[found.table].fields
    for name, rule in found.fields.items():
        weighs = kinds[name] in (Kind.TIME, Kind.SECONDS) or name in SCORES
        told = found.configured or found.preset != GENERIC or read_header(rule.header).is_plain
        if name in found.guessed or (weighs and not told):
            yield name


def _rule(guess: Guess, kind: Kind) -> Rule:
    unit = guess.header.unit if kind is Kind.SECONDS else None
    scale = scale_of(guess.header.text) if guess.field in SCORES else None
    return Rule(guess.header.text, unit, zone=guess.header.zone, scale=scale)


def guesses(frame: TextFrame, found: Match) -> Iterator[Guess]:
    """Every field not read yet with every header left over that means the same and whose cells fit."""
    fields, headers = _open_fields(found), _free_headers(frame, found)
    if not fields or not headers or len(headers) > _MOST_HEADERS:
        return
    kinds = TABLES[found.table].fields
    for header in headers:
        for field in fields:
            if kinds[field] is Kind.KEY and sounds_total(header.text):
                continue
            if kinds[field] is Kind.CATEGORY and header.text in found.strange:
                continue
            score = likeness(header, found.table, field, kinds[field])
            if score and (held := _held(frame, header, field, kinds)):
                yield Guess(held, header, score)


def _held(frame: TextFrame, header: Header, field: str, kinds: Mapping[str, Kind]) -> str:
    """The field that fits the cells: of a length of time that holds dates, the date it ends."""
    cells, stamp = frame.sample[header.text], LENGTHS.get(field)
    if fits(cells, field, kinds[field], header):
        return field
    return stamp if stamp and not header.unit and fits(cells, stamp, kinds[stamp], header) else ""


def _open_fields(found: Match) -> list[str]:
    """The fields no column is read as; of a wait, neither the date nor the length where the other is known."""
    twins = {**TWINS, **{length: stamp for stamp, length in TWINS.items()}}
    closed = {*found.fields, *(twins[name] for name in found.fields if name in twins)}
    closed |= set(dictionary("guessing")["never"]["fields"]) | ({"customer_id"} if found.lone else set())
    closed -= {name for name in _BEGUN if name in found.fields and is_bare_date(found.fields[name].header)}
    return [name for name in generic().tables[found.table] if name not in closed]


def _free_headers(frame: TextFrame, found: Match) -> list[Header]:
    used = {rule.header for rule in found.fields.values()} | {each.column for each in found.questions}
    free = [read_header(text) for text in frame.headers if text not in used]
    return [header for header in free if not _vetoes() & set(_words(header.text))]


@lru_cache(maxsize=20_000)  # the table of a file is looked for with the same headers again and again
def likeness(header: Header, table: str, field: str, kind: Kind) -> float:
    """How alike the header and the best word of the field are; 0 where they differ in what matters."""
    whole = _stem(header)
    return max(_nearness(_words(text), table, field, kind) for text in (whole, _last_part(whole, kind)))


def _last_part(text: str, kind: Kind) -> str:
    """Of the nested name of a time or a number (`times.solved_at`) the last one, unless it lies in a person."""
    around, _, last = text.rpartition(".")
    if kind not in _MEASURED or not _NESTED.fullmatch(text) or _beings() & set(_words(around)):
        return text
    return last


def _nearness(said: Sequence[str], table: str, field: str, kind: Kind) -> float:
    """How alike these words and the best of the field are; 0 where they differ in what matters."""
    core = _core(said, field, kind)
    near = _essences(table, field, kind).get(len(core), ())
    meant = [words for words, essence in near if all(map(_alike, core, essence))]
    if not meant:
        return 0.0
    from rapidfuzz import fuzz, process

    best = process.extractOne(" ".join(said), meant, scorer=fuzz.token_set_ratio, score_cutoff=CLOSE)
    return best[1] if best else 0.0


@cache
def _essences(table: str, field: str, kind: Kind) -> dict[int, list[tuple[str, tuple[str, ...]]]]:
    """The known words of a field, and what is left of them without fillers, by the number of words left."""
    found: dict[int, list[tuple[str, tuple[str, ...]]]] = {}
    for words in map(_words, generic().tables[table][field]):
        core = _core(words, field, kind)
        found.setdefault(len(core), []).append((" ".join(words), core))
    return found


def _stem(header: Header) -> str:
    """The header without its unit or time zone, in brackets or behind a comma."""
    if not (header.unit or header.zone):
        return header.text
    bare = re.sub(r"[(\[][^()\[\]]*[)\]]\s*$", "", header.text)
    before, comma, unit = bare.rpartition(",")
    return before if comma and squash(unit) in units() else bare


def _core(words: Sequence[str], field: str, kind: Kind) -> tuple[str, ...]:
    """The words that matter for this field, in order; all of them where none does."""
    left = tuple(sorted({word for word in words if word not in _fillers(field, kind)}))
    return left or tuple(sorted(words))


def _alike(left: str, right: str) -> bool:
    """The same word, a typing error aside."""
    if left == right:
        return True
    if left[0] != right[0] or min(len(left), len(right)) < _LONG:
        return False
    allowed = 2 if min(len(left), len(right)) >= _LONGER else 1
    if shared_letters(left, right) < max(len(left), len(right)) - allowed:
        return False
    from rapidfuzz.distance import OSA

    return OSA.distance(left, right) <= allowed


def _dated(frame: TextFrame, found: Sequence[Guess]) -> list[Guess]:
    """The proposals without bare numbers for a field that written dates stand for too."""
    bare = {each: is_bare(frame.sample[each.header.text]) for each in found}
    written = {each.field for each in found if not bare[each]}
    return [each for each in found if not bare[each] or each.field not in written]


def _without_doubt(found: Sequence[Guess]) -> list[Guess]:
    """The proposals that are the best for their header by a clear lead, and the only ones for their field."""
    headers = dict.fromkeys(each.header for each in found)
    best = [*filter(None, (_leading([each for each in found if each.header == one]) for one in headers))]
    fields = Counter(each.field for each in best)
    return [each for each in best if fields[each.field] == 1]


def _leading(found: Sequence[Guess]) -> Guess | None:
    """The best of the proposals for one header, where those of other fields are far behind."""
    first = max(found, key=lambda each: each.score)
    others = [each.score for each in found if each.field != first.field]
    return first if not others or first.score - max(others) >= _LEAD else None


def _words(text: str) -> list[str]:
    return [
        word
        for word in snake(unaccented(text.casefold() if text.isupper() else text).replace("ё", "е")).split(
            "_"
        )
        if word
    ]


def is_until(header: str) -> bool:
    """Whether a length of time is that until something: dates in its place are those it is due at."""
    until = map(unaccented, dictionary("guessing")["until"])
    return not set(until).isdisjoint(_words(header))


def is_bare_date(header: str) -> bool:
    """Whether a header says no more than that it is a date."""
    return squash(header) in {squash(word) for word in dictionary("tables")["dates"]["any"]}


@cache
def _beings() -> frozenset[str]:
    return frozenset(dictionary("guessing")["beings"])


@cache
def _vetoes() -> frozenset[str]:
    return frozenset(map(unaccented, dictionary("guessing")["vetoes"]))


@cache
def _fillers(field: str, kind: Kind) -> frozenset[str]:
    listed: dict[str, list[str]] = dictionary("guessing")["fillers"]
    names = (field, kind.value, *(() if kind is Kind.KEY else ("any",)))
    return frozenset(unaccented(word) for name in names for word in listed.get(name, ()))
