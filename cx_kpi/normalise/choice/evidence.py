"""What speaks for reading a file as a table, in points, so that two readings of it can be compared."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache

import polars as pl

from cx_kpi.model.frozen import dataclass
from cx_kpi.model.schema import TABLES, Kind
from cx_kpi.normalise.choice.belonging import belongs_to_tickets, has_row_id
from cx_kpi.normalise.choice.table_marks import is_any_list, says_what, tables_of
from cx_kpi.normalise.mapping.cells.fit_cells import readable
from cx_kpi.normalise.mapping.matching import Match
from cx_kpi.normalise.preset.presets import GENERIC, known
from cx_kpi.normalise.vocabulary.dictionaries import dictionary, meanings, own_words, plain, spellings
from cx_kpi.normalise.vocabulary.headers import squash
from cx_kpi.read.raw.source import TextFrame
from cx_kpi.wording.language import mark

MESSAGES = {
    "preset": mark("the columns are those of {what}"),
    "columns": mark("columns {what}"),
    "name": mark('its name says "{what}"'),
    "words": mark("words of the status that are known: {share} %"),
    "distinct": mark("ids that differ: {share} %"),
    "dates": mark("dates in {what} that can be read: {share} %"),
    "used": mark("rows that could be used: {share} %"),
    "lacks": mark("no column for {what}"),
}
_LEAST = 0.5  # points for a column that proves little
_PRESET, _NAME, _WORDS, _DISTINCT = 20.0, 3.0, 2.0, 2.0
_ALONE = 20.0  # points for the name of another list, where nothing but it says what the rows are
_OTHER = 3.0  # points for a header that only other lists have: the file may be one of these
_CLOSE = 0.75  # of the points of the best reading; a reading that has as many could be meant as well
_TELLING = ("preset", "columns", "name", "words")
_SHOWN = 6  # columns


@dataclass(frozen=True, slots=True)
class Evidence:
    """One thing that speaks for a reading, or against it; a share is of 100."""

    code: str
    points: float
    what: str = ""
    share: int = 0


@dataclass(frozen=True, slots=True)
class Reading:
    """A file read as one table, and what speaks for that."""

    found: Match
    evidence: tuple[Evidence, ...]
    used: float = 1.0  # share of the rows looked at that could be used
    is_part: bool = False  # the rows belong to tickets, and are none
    has_row_id: bool = False  # the rows have an id beside the one read as theirs

    @property
    def score(self) -> float:
        """All points, less those of rows that could not be used."""
        return sum(each.points for each in self.evidence) * max(self.used, 0.1)

    @property
    def telling(self) -> float:
        """The points of what only a table of this kind has."""
        return sum(each.points for each in self.evidence if each.code in _TELLING)

    @property
    def is_ours(self) -> bool:
        """Whether the columns show what the rows are, beyond an id and a date."""
        if not self.found.fits or self.is_part:
            return False
        states = next((each.points for each in self.evidence if each.code == "words"), None)
        return says_what(self.found, states, named=not self.has_row_id)

    def is_close_to(self, best: "Reading") -> bool:
        """Whether this could be meant instead of the best reading."""
        if self.is_ours:
            return self.score >= _CLOSE * best.score
        return self.found.fits and self.score > best.score


def weigh(frame: TextFrame, found: Match) -> Reading:
    """The reading with what speaks for it in the headers, in the cells looked at, and in the name."""
    table = found.table
    evidence = [*_preset(found), *_columns(found), *_named(frame.path, frame.part, table)]
    evidence += [*_words(frame, found), *_ends(frame, found), *_distinct(frame, found)]
    evidence += _dates(frame, found)
    if found.missing:
        evidence.append(Evidence("lacks", 0.0, ", ".join(found.missing)))
    share = _usable(frame, found)
    if share < 1:
        evidence.append(Evidence("used", 0.0, share=round(100 * share)))
    part, own = belongs_to_tickets(frame, found), has_row_id(frame, found)
    return Reading(found, tuple(evidence), share, is_part=part, has_row_id=own)


def others(frame: TextFrame, found: Match) -> tuple[str, float]:
    """The kind of list that is none of ours which the headers and the name speak for most, and its points.

    A name alone says nothing, unless the status beside it is not that of a ticket; it decides where nothing but such
    a name says what the rows are.
    """
    keys = {squash(header) for header in frame.headers}
    bare = (is_any_list(found) or not _has_sure(found)) and not [*_named(frame.path, frame.part, found.table)]
    best = ("", 0.0)
    for kind, said in dictionary("tables")["others"].items():
        headers = sum(squash(header) in keys for header in said["headers"])
        points = _ALONE if bare else _NAME if headers or found.strange else 0.0
        is_named = own_words(frame.path, frame.part) & _plain(tuple(said["names"]))
        best = max(best, (kind, _OTHER * headers + points * bool(is_named)), key=lambda pair: pair[1])
    return best


def _has_sure(found: Match) -> bool:
    """Whether a column that only such a table has is there."""
    marks = dictionary("tables")["marks"].get(found.table)
    return marks is None or not found.fields.keys().isdisjoint(marks["sure"])


@cache
def _plain(words: tuple[str, ...]) -> frozenset[str]:
    return frozenset(map(plain, words))


def _preset(found: Match) -> Iterator[Evidence]:
    if found.preset != GENERIC:
        title = next((each.title for each in known() if each.name == found.preset), found.preset)
        yield Evidence("preset", _PRESET, title)


def _columns(found: Match) -> Iterator[Evidence]:
    points: Mapping[str, float] = dictionary("tables")["points"][found.table]
    told: dict[str, float] = {}
    for name, rule in found.fields.items():
        if not rule.made and name not in found.guessed:
            told[rule.header] = max(
                told.get(rule.header, 0.0), points.get(name, _LEAST) / tables_of(rule.header)
            )
    for each in found.questions:
        told[each.column] = points.get("question", _LEAST) / tables_of(each.column)
    best = sorted(told, key=lambda header: -told[header])
    if best:
        more = " …" if len(best) > _SHOWN else ""
        yield Evidence("columns", sum(told.values()), ", ".join(best[:_SHOWN]) + more)


def _named(path: str, part: str, table: str) -> Iterator[Evidence]:
    words = dictionary("tables")["names"].get(table, ())
    said = sorted(own_words(path, part) & _plain(tuple(words)))
    if said:
        yield Evidence("name", _NAME, said[0])


def _words(frame: TextFrame, found: Match) -> Iterator[Evidence]:
    """How many words of the status are states of a ticket that few other lists have."""
    rule = found.fields.get("status")
    if found.table != "tickets" or rule is None or rule.values:
        return
    cells = _cells(frame, rule.header)
    bare = _plain(tuple(dictionary("tables")["status"]["any"]))
    telling = [word for word in cells if plain(word) not in bare and not word.isdigit()]
    if telling:
        known = sum(any(each in meanings("status") for each in spellings(word)) for word in telling)
        share = known / len(telling)
        yield Evidence("words", _WORDS * share, share=round(100 * share))


def _ends(frame: TextFrame, found: Match) -> Iterator[Evidence]:
    """How many calls ended in a way that is known; subscriptions that began and ended have other states."""
    rule = found.fields.get("disposition")
    if found.table != "calls" or rule is None or rule.values:
        return
    share = readable(frame.sample[rule.header].cast(pl.String), Kind.CATEGORY, "disposition")
    if share is not None:
        yield Evidence("words", _WORDS * (2 * share - 1), share=round(100 * share))


def _distinct(frame: TextFrame, found: Match) -> Iterator[Evidence]:
    """A ticket is one row; ids that come again and again are those of something else."""
    rule = found.fields.get("ticket_id")
    if found.table != "tickets" or rule is None or rule.made:
        return
    cells = frame.sample[rule.header].drop_nulls()
    if len(cells) > 1:
        share = cells.n_unique() / len(cells)
        yield Evidence("distinct", _DISTINCT if share > 0.5 else -_DISTINCT, share=round(100 * share))


def _dates(frame: TextFrame, found: Match) -> Iterator[Evidence]:
    table = TABLES[found.table]
    rule = found.fields.get(table.clock)
    if rule is None or rule.format:
        return
    share = readable(frame.sample[rule.header], table.fields[table.clock], table.clock)
    if share is not None:
        yield Evidence("dates", 1.0 if share > 0.5 else -1.0, rule.header, round(100 * share))


def _usable(frame: TextFrame, found: Match) -> float:
    """The share of sampled rows in which all required cells are filled."""
    some, every = (_there(frame, headers) for headers in _needed(found))
    if frame.sample.is_empty() or not (some or every):
        return 1.0
    holds = (pl.any_horizontal(pl.col(some).is_not_null()) if some else pl.lit(value=True)) & (
        pl.all_horizontal(pl.col(every).is_not_null()) if every else pl.lit(value=True)
    )
    return float(frame.sample.select(holds.cast(pl.Float64).mean()).item())


def _needed(found: Match) -> tuple[list[str], list[str]]:
    """The columns of which a row needs one, and those of which it needs each."""
    asked = [each.column for each in found.questions]
    if found.table == "surveys":
        return [*asked, *_read(found, ("score", "sent_at"))], []
    required = TABLES[found.table].required
    return asked, _read(found, [name for name in required if not _is_made(found, name)])


def _read(found: Match, names: Sequence[str]) -> list[str]:
    """The columns that these fields are read from."""
    return [found.fields[name].header for name in names if name in found.fields]


def _is_made(found: Match, name: str) -> bool:
    return name in found.fields and found.fields[name].made


def _there(frame: TextFrame, headers: Sequence[str]) -> list[str]:
    """Those of these columns that the file has."""
    return [each for each in headers if each in frame.sample.columns]


def _cells(frame: TextFrame, header: str) -> list[str]:
    cells = frame.sample[header].drop_nulls()
    return cells.cast(pl.String).unique(maintain_order=True).to_list()
