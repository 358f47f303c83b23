"""Columns that can be read in every cell and look wrong as a whole: reported in every report."""

from collections.abc import Iterator, Sequence
from itertools import chain

import polars as pl

from cx_kpi.model.schema import TABLES, Kind
from cx_kpi.normalise.mapping.matching import TWINS
from cx_kpi.normalise.tables import complaint_rules
from cx_kpi.normalise.tables.exclusions import mask
from cx_kpi.normalise.tables.file_rows import Part
from cx_kpi.normalise.tables.survey_rows import doubtful_scales
from cx_kpi.normalise.values.cell_shapes import line_for_dates
from cx_kpi.normalise.values.coerce import Oddity
from cx_kpi.normalise.vocabulary.date_range import far_ends, lone_dates
from cx_kpi.normalise.vocabulary.derived import UNTOLD
from cx_kpi.normalise.vocabulary.dictionaries import plain

FIRST = "first_response_at"
UNREAD = ("unreadable", "unknown_word", "not_finite", "negative_duration")
_FEW = 0.05  # a share that may be chance or slips
_MANY = 0.1  # a share that is no accident
_YEAR = 365 * 86_400.0  # seconds
_SLIPS = 2  # rows that may be mistakes, however few the others are
_ROWS = 5  # fewer mean nothing of a whole column
_ALL = 50  # answers of which one should be 0, unless a 1 is among fewer
_SENT = 20  # surveys, of which people leave some without an answer
_COUNTED = 1_000_000  # rows; counting more costs too much
_SOON = 1_000  # rows that are asked before all are
_AT_ONCE = 3  # answers in the moment of the creation
_MANY_IN_A_MINUTE = 0.5  # a share that is no accident where dates have no seconds
_SOLVED = ("solved", "closed")
_COMPLAINTS = frozenset(  # as `plain` makes them, without accents
    (
        "complaint",
        "complaints",
        "жалоба",
        "жалобы",
        "претензия",
        "претензии",
        "рекламация",
        "рекламации",
        "beschwerde",
        "beschwerden",
        "reklamation",
        "reklamationen",
        "queja",
        "quejas",
        "reclamation",
        "reclamations",
        "reclamacion",
        "reclamaciones",
        "reclamacao",
        "reclamacoes",
        "plainte",
        "plaintes",
    )
)


def doubts(table: str, kept: pl.DataFrame, parts: Sequence[Part], odd: Sequence[Oddity]) -> Iterator[Oddity]:
    """Everything doubtful in the rows of a table that count; `odd`: what was odd about its cells."""
    yield from chain(_unread(parts), _formats(table, parts))
    if table == "surveys":
        yield from chain(_no_zero(kept), doubtful_scales(kept), _all_answered(kept))
    if table == "customers" and len(far := far_ends(kept)):
        yield Oddity("far_ends", "ended_at", len(far), far[0].date().isoformat())
    if table == "tickets":
        yield from chain(_backward(parts, odd), _waits(kept), _untimed(kept, parts), _status(kept))
        if any(each.code == "complaint_words" for each in odd):
            yield from _parts_of_words(kept)


def missing(parts: Sequence[Part], wanted: set[str]) -> Iterator[Oddity]:
    """Fields that some files have and others lack."""
    there = {name for each in parts for name in each.frame.columns}
    twins = {length for stamp, length in TWINS.items() if stamp in wanted}
    for name in sorted(there & wanted & set(TABLES[parts[0].plan.mapped.table].fields) - twins):
        rows = sum(each.height for each in parts if name not in each.frame.columns)
        if rows:
            yield Oddity("untold" if name in UNTOLD else "column_missing", name, rows, None)


def repeated_ids(name: str, ids: pl.Series, extra: int) -> Iterator[Oddity]:
    """Ids of which too many come again with other contents for slips: a log, or no ids of these rows."""
    if extra >= _ROWS and extra > _MANY * len(ids):
        yield Oddity("repeated_ids", name, extra, None)


def lone(table: str, kept: pl.DataFrame) -> Iterator[Oddity]:
    """Dates that are not taken for the end of the data."""
    for name, rows, first in lone_dates(table, kept):
        yield Oddity("lone_date", name, rows, first.date().isoformat())


def _unread(parts: Sequence[Part]) -> Iterator[Oddity]:
    """Columns of which more than a twentieth cannot be read."""
    read: dict[str, int] = {}
    lost: dict[str, int] = {}
    for each in parts:
        for name, cells in each.cells.items():
            read[name] = read.get(name, 0) + cells
        for one in each.odd:
            if one.code in UNREAD and one.field in each.cells:
                lost[one.field] = lost.get(one.field, 0) + one.rows
    for name, rows in lost.items():
        if rows + read[name] >= _ROWS and rows > _FEW * (rows + read[name]):
            yield Oddity("much_unread", name, rows, f"{100 * rows / (rows + read[name]):.0f}%")


def _formats(table: str, parts: Sequence[Part]) -> Iterator[Oddity]:
    """The line that would tell the format of dates, for columns of which none can be read."""
    kinds = TABLES[table].fields
    for each in parts:
        for one in each.odd:
            if (
                one.code == "unreadable"
                and kinds.get(one.field) is Kind.TIME
                and not each.cells.get(one.field)
            ):
                header = each.plan.mapped.fields[one.field].header
                line = line_for_dates(one.field, header, filter(None, [one.example]))
                yield Oddity("date_format", one.field, 0, line.strip())


def _backward(parts: Sequence[Part], odd: Sequence[Oddity]) -> Iterator[Oddity]:
    """Dates most of which are before the creation."""
    for stamp, length in TWINS.items():
        told = [each.rows for each in odd if (each.code, each.field) == ("backward_wait", stamp)]
        known = sum(each.frame[length].count() for each in parts if length in each.frame.columns)
        if sum(told) > max(_SLIPS, known):
            yield Oddity("backward_column", stamp, sum(told), None)


def _waits(kept: pl.DataFrame) -> Iterator[Oddity]:
    """Answers after the solution, answers in the very second of the creation, and waits of years."""
    if {FIRST, "solved_at"} <= set(kept.columns):
        late = mask(kept, pl.col(FIRST) > pl.col("solved_at"))
        both = kept.select((pl.col(FIRST).is_not_null() & pl.col("solved_at").is_not_null()).sum()).item()
        if late.sum() > _FEW / 5 * both:
            yield Oddity("answered_after_solved", FIRST, int(late.sum()), None)
    for stamp, length in TWINS.items():
        waits = kept[length].drop_nulls() if length in kept.columns else pl.Series(dtype=pl.Float64)
        if stamp == FIRST and stamp in kept.columns:
            yield from _answers(kept, waits)
        years = int((waits >= _YEAR).sum())
        if years:
            yield Oddity("waits_of_years", stamp, years, None)


def _answers(kept: pl.DataFrame, waits: pl.Series) -> Iterator[Oddity]:
    """First answers in the moment of the creation, and many in one second."""
    stamps = kept[FIRST]
    at_once, together = int((waits == 0).sum()), _together(stamps)
    few = _MANY_IN_A_MINUTE if _are_minutes(kept["created_at"]) and _are_minutes(stamps) else _FEW
    if at_once > max(_AT_ONCE - 1, few * len(waits)) and not _are_days(stamps):
        yield Oddity("answered_at_once", FIRST, at_once, None)
    if together:
        yield Oddity("answered_together", FIRST, together, None)


def _together(stamps: pl.Series) -> int:
    """How many first answers fell into one and the same second, where these are too many for chance."""
    said = stamps.drop_nulls()
    if not _ROWS <= len(said) <= _COUNTED or _are_days(said):
        return 0
    most = said.alias("at").value_counts(name="rows")["rows"].max()
    return int(most) if isinstance(most, int) and most >= max(_AT_ONCE, 2 * _MANY * len(said)) else 0


def _untimed(kept: pl.DataFrame, parts: Sequence[Part]) -> Iterator[Oddity]:
    """Waits between dates without times of day, which are whole days."""
    zones = {reader.name: reader.zone for each in parts for reader in each.plan.readers}
    if "closed_at" in zones:
        zones.setdefault("solved_at", zones["closed_at"])  # which stands in for the date of the solution
    for stamp in TWINS:
        if stamp not in zones or "created_at" not in zones or stamp not in kept.columns:
            continue
        columns = [kept[name].dt.convert_time_zone(zones[name]) for name in ("created_at", stamp)]
        if any(map(_are_days, columns)) and kept[stamp].count() > 1:
            yield Oddity("untimed", stamp, kept[stamp].count(), None)


def _are_minutes(column: pl.Series) -> bool:
    """Whether none of these instants has seconds."""
    return _all(column.drop_nulls(), pl.first().dt.second() == 0)


def _are_days(column: pl.Series) -> bool:
    """Whether all of these instants are midnights."""
    filled = column.drop_nulls()
    return len(filled) > 0 and _all(filled, pl.first().dt.time() == pl.time(0))


def _all(column: pl.Series, condition: pl.Expr) -> bool:
    """Whether a condition holds of all; mostly the first ones tell that it does not."""
    parts = (column.head(_SOON), column)
    return all(part.to_frame().select(condition.all()).item() for part in parts)


def _status(kept: pl.DataFrame) -> Iterator[Oddity]:
    """A status that never changes, unless the date of each solution proves it."""
    cells = kept["status"].drop_nulls() if "status" in kept.columns else pl.Series(dtype=pl.String)
    if len(cells) >= _ROWS and cells.n_unique() == 1 and not _are_solved(kept, str(cells[0])):
        yield Oddity("constant_status", "status", len(cells), str(cells[0]))


def _are_solved(kept: pl.DataFrame, status: str) -> bool:
    """Whether that is a status of solved tickets, and every one has the date of its solution."""
    return status in _SOLVED and "solved_at" in kept.columns and not kept["solved_at"].has_nulls()


def _all_answered(kept: pl.DataFrame) -> Iterator[Oddity]:
    """Surveys sent of which none is without an answer: those may not be in the file."""
    if {"sent_at", "score"} <= set(kept.columns):
        sent = kept.filter(pl.col("sent_at").is_not_null())["score"]
        if len(sent) >= _SENT and not sent.has_nulls():
            yield Oddity("all_answered", "sent_at", len(sent), None)


def _parts_of_words(kept: pl.DataFrame) -> Iterator[Oddity]:
    """Complaints recognised by a word that is only part of the text."""
    for name, words in complaint_rules.words_met(kept).items():
        longer = [word for word in words if plain(word) not in _COMPLAINTS]
        rows = int(kept[name].cast(pl.String).is_in(longer).sum()) if longer else 0
        if rows:
            yield Oddity("complaint_parts", name, rows, None)


def _no_zero(kept: pl.DataFrame) -> Iterator[Oddity]:
    """Likelihoods to recommend from 1 to 10, none of which is 0."""
    if not {"kind", "score", "scale_min"} <= set(kept.columns):
        return
    open_end = pl.col("scale_min").is_null() | (pl.col("scale_min") == 1)
    scores = kept.filter((pl.col("kind") == "nps") & open_end)["score"].drop_nulls()
    told = len(scores) >= _ALL or (len(scores) >= _ROWS and scores.min() == 1)
    if told and scores.max() == 10 and not (scores == 0).any():
        yield Oddity("no_zero", "score", len(scores), None)
