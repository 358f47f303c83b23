"""Unknown words of a file, and the known ones they are nearest to."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from cx_kpi.model.frozen import dataclass
from cx_kpi.model.schema import TABLES, Kind
from cx_kpi.normalise.tables.combine import Tally
from cx_kpi.normalise.values.readers.reader import ANSWERS, BESIDE, Reader, words_of
from cx_kpi.normalise.vocabulary.dictionaries import answers, is_null, meanings, plain

CODES = ("unknown_word", "mostly_unread")
_CLOSE = 60
_MOST = 50  # words of one field


@dataclass(frozen=True, slots=True)
class Unknown:
    """A word, how many rows hold it, what it may mean, and all possible meanings."""

    word: str
    rows: int
    nearest: str | float | bool | None
    known: tuple[str, ...]


def unknown_words(tallies: Iterable[Tally]) -> dict[tuple[str, str], list[Unknown]]:
    """The unknown words of each table and field, each once, the most frequent first."""
    found: dict[tuple[str, str], dict[str, Unknown]] = {}
    for tally in tallies:
        table, odd = tally.plan.mapped.table, {each.field for each in tally.odd if each.code in CODES}
        for reader in tally.plan.readers:
            if reader.name in odd and reader.name in tally.plan.mapped.fields:
                words = found.setdefault((table, reader.name), {})
                for each in _unknown(tally, reader, TABLES[table].words.get(reader.name, ())):
                    before = words.get(each.word)
                    words[each.word] = replace(each, rows=each.rows + (before.rows if before else 0))
    return {place: sorted(words.values(), key=_frequent)[:_MOST] for place, words in found.items()}


def _frequent(unknown: Unknown) -> tuple[int, str]:
    return -unknown.rows, unknown.word


def _unknown(tally: Tally, reader: Reader, known: tuple[str, ...]) -> Iterator[Unknown]:
    if reader.careful is None:
        return
    cells = tally.plan.mapped.source.frame.select(words_of(reader))
    met = cells.collect().to_series().alias("word").drop_nulls().value_counts()
    unread, near = met.filter(reader.careful(met["word"]).is_null()), _meant(reader)
    for word, rows in unread.iter_rows():
        if not is_null(word):
            own = word.partition(BESIDE)[0]
            yield Unknown(own, rows, _nearest(own, near), known)


def _meant(reader: Reader) -> Mapping[str, str | float | bool]:
    """The words that are known of a field of this kind."""
    match reader.kind:
        case Kind.FLAG:
            return {word: value == "true" for word, value in meanings("flag").items()}
        case kind if kind == ANSWERS:
            return {word: score for word, (score, _, _) in answers().items()}
        case _:
            return meanings(reader.name)


def _nearest(word: str, meant: Mapping[str, str | float | bool]) -> str | float | bool | None:
    from rapidfuzz import fuzz, process

    best = process.extractOne(plain(word), list(meant), scorer=fuzz.WRatio, score_cutoff=_CLOSE)
    return meant[best[0]] if best else None
