"""What the cells of a column are by themselves, and how well that fits a field, in points from -1 to 1."""

from collections.abc import Callable, Mapping
from dataclasses import replace

import polars as pl

from cx_kpi.model.frozen import dataclass
from cx_kpi.model.schema import Kind
from cx_kpi.normalise.mapping.cells.fit_cells import readable
from cx_kpi.normalise.values.answers import parse_answers
from cx_kpi.normalise.values.durations import parse_durations
from cx_kpi.normalise.values.quantities import parse_numbers
from cx_kpi.normalise.vocabulary.dictionaries import dictionary, meanings, said, spellings
from cx_kpi.normalise.vocabulary.headers import snake, squash

_LOOKED_AT = 200  # filled cells
_MOSTLY, _MOST = 0.5, 0.95
_STATES = ("status", "priority", "disposition", "flag")  # whose words are hardly ever anything else
_OPEN = {"new", "open", "pending", "on_hold", "escalated"}
_LEAST = 2  # rows with an open status, from which they tell
_CLOSED = (*_STATES, "channel", "direction", "event", "kind")
_RUNNING = 2.5  # words in a cell, on average, from which they are running text
_LONG = 30  # characters
_MOST_POINTS = 10  # of an answer
_SURE, _NEARLY, _LIKELY, _MAYBE = 1.0, 0.75, 0.5, 0.25
_NEVER = -1.0


@dataclass(frozen=True, slots=True)
class Nature:
    """The cells looked at, and what they are."""

    words: pl.Series
    has_gaps: bool  # some cells are empty
    datable: bool  # most are dates, perhaps as bare numbers
    is_number: bool
    is_length: bool
    is_running: bool  # text of several words
    differ: bool  # each of them is another
    has_digits: bool  # in each
    has_letters: bool  # in one of them
    mails: bool
    known: frozenset[str]  # the closed vocabularies that have most of them
    is_of_open: bool = False  # most rows whose status is an open one have such a cell

    @property
    def is_date(self) -> bool:
        """Whether most are written dates."""
        return self.datable and not self.is_number


def natures(frame: pl.DataFrame) -> list[Nature | None]:
    """What the cells of each column are."""
    found = [nature(each) for each in frame]
    status = next(
        (cells for cells, each in zip(frame, found, strict=True) if each and "status" in each.known), None
    )
    still = pl.Series([False] * frame.height) if status is None else _are_open(status)
    if still.sum() < _LEAST:
        return found
    shares = [_mean(each.filter(still).is_not_null()) for each in frame]
    return [
        each and replace(each, is_of_open=share > _MOSTLY) for each, share in zip(found, shares, strict=True)
    ]


def _are_open(status: pl.Series) -> pl.Series:
    """Of which rows the status says that there is work left."""
    known = meanings("status")
    met = {word: {known.get(each) for each in spellings(word)} for word in status.drop_nulls().unique()}
    return status.is_in([word for word, canonical in met.items() if canonical & _OPEN])


def nature(cells: pl.Series) -> Nature | None:
    """What the cells of a column are; None where none is filled."""
    words = said(cells.head(_LOOKED_AT).drop_nulls().cast(pl.String), dates=False).str.strip_chars()
    if words.is_empty():
        return None
    running = _mean(words.str.count_matches(r"\S+")) > _RUNNING or _mean(words.str.len_chars()) > _LONG
    return Nature(
        words,
        has_gaps=len(words) < len(cells.head(_LOOKED_AT)),
        datable=(readable(words.alias(""), Kind.TIME, "") or 0.0) > _MOSTLY,
        is_number=bool(words.str.contains(r"^[-+]?[\d\s.,]+$").all())
        and _mean(parse_numbers(words).is_not_null()) >= _MOST,
        is_length=_mean(parse_durations(words, None).is_not_null()) >= _MOST,
        is_running=running,
        differ=words.n_unique() == len(words),
        has_digits=bool(words.str.contains(r"\d").all()),
        has_letters=bool(words.str.contains(r"\p{L}").any()),
        mails=_mean(words.str.contains(r"^\S+@\S+\.\S+$")) > _MOSTLY,
        known=frozenset(name for name in _CLOSED if _known(words, name) > _MOSTLY),
    )


def _mean(values: pl.Series) -> float:
    return float(values.mean() or 0)  # type: ignore[arg-type]


def _known(words: pl.Series, field: str) -> float:
    known = meanings(field)
    return sum(not known.keys().isdisjoint(spellings(word)) for word in words) / len(words)


def points(cells: Nature, header: str, field: str, kind: Kind) -> float:
    """How well the cells fit a field: a point or more between two columns tells them apart."""
    if kind is Kind.CATEGORY and meanings(field):
        return _of_vocabulary(cells, field)
    if field == "satisfaction_score":
        return _of_answers(cells)
    if kind in _OF_NAMES and (cells.is_date or cells.known & {*_STATES} - {field}):
        return _NEVER
    return _POINTS[kind](cells, header)


def points_of_own_id(cells: Nature) -> float:
    """The same of an id that no two rows have."""
    if cells.is_date or cells.is_running or cells.mails or cells.known & {*_STATES}:
        return _NEVER
    return _SURE if cells.differ and cells.has_digits and not _may_be_answers(cells) else 0.0


def _may_be_answers(cells: Nature) -> bool:
    """Whether these are numbers up to ten in any order, as answers are."""
    numbers = parse_numbers(cells.words).drop_nulls()
    return cells.is_number and not numbers.is_sorted() and not (numbers > _MOST_POINTS).any()


def _of_vocabulary(cells: Nature, field: str) -> float:
    if field in cells.known:
        return _SURE
    return _NEVER if cells.is_date or cells.is_running or cells.mails or cells.known else 0.0


def _of_answers(cells: Nature) -> float:
    if cells.is_date or cells.is_running or cells.mails:
        return _NEVER
    return _NEARLY if _mean(parse_answers(cells.words, {}).is_not_null()) >= _MOST else _MAYBE


def _of_time(cells: Nature, _: str) -> float:
    if cells.is_date:
        return _SURE
    is_other = cells.datable or "flag" in cells.known or (cells.is_length and not cells.is_number)
    return _LIKELY if is_other else _NEVER


def _of_length(cells: Nature, _: str) -> float:
    if cells.is_length or cells.is_number:
        return _SURE
    if cells.is_date:
        return _LIKELY
    return _NEVER if cells.has_letters else _MAYBE


def _of_number(cells: Nature, _: str) -> float:
    if cells.is_number:
        return _SURE
    return _NEVER if cells.is_date or cells.is_running or cells.mails else _MAYBE


def _of_flag(cells: Nature, _: str) -> float:
    if "flag" in cells.known:
        return _SURE
    return _NEVER if cells.is_running or cells.mails else _MAYBE


def _of_key(cells: Nature, header: str) -> float:
    if names_mail(header):
        return _SURE if cells.mails else _NEVER
    is_id = not {*snake(header).split("_")}.isdisjoint(dictionary("tables")["ids"]["words"])
    if cells.is_running:
        return _NEVER if is_id else 0.0
    return (_SURE if cells.has_digits else 0.0) if is_id else _LIKELY


def names_mail(header: str) -> bool:
    """Whether a header says that its cells are addresses of mail."""
    return any(each in squash(header) for each in dictionary("tables")["ids"]["mails"])


def _of_name(cells: Nature, _: str) -> float:
    if cells.known or cells.is_number:
        return -_LIKELY
    return 0.0 if cells.is_running else _LIKELY


def _of_text(cells: Nature, _: str) -> float:
    if cells.is_number or cells.mails:
        return _NEVER
    return _NEARLY if cells.is_running else _MAYBE


_OF_NAMES = (Kind.CATEGORY, Kind.KEY, Kind.TEXT)
_POINTS: Mapping[Kind, Callable[[Nature, str], float]] = {
    Kind.TIME: _of_time,
    Kind.SECONDS: _of_length,
    Kind.COUNT: _of_number,
    Kind.NUMBER: _of_number,
    Kind.FLAG: _of_flag,
    Kind.KEY: _of_key,
    Kind.CATEGORY: _of_name,
    Kind.TEXT: _of_text,
}
