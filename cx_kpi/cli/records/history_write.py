"""Readings into a history: a period is told by the run that knows most of it, whichever comes first."""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Mapping

from cx_kpi.cli.records.history_file import to_write
from cx_kpi.cli.records.recording import WHOLE, Metered, Recording, Row, Span
from cx_kpi.model.documents.recorded_history import BETWEEN
from cx_kpi.model.frozen import dataclass
from cx_kpi.model.sums import Sums

MANY = 0.9  # of the most rows that a run has known of a period: with fewer, an export is cut short
KNOWN = 'SELECT segment, n, since, most, as_of FROM reading WHERE definition = ? AND start = ? AND "end" = ?'
SEGMENTS = 'SELECT segment FROM reading WHERE definition = ? AND start = ? AND "end" = ?'
FORGET = 'DELETE FROM reading WHERE definition = ? AND start = ? AND "end" = ? AND segment = ?'
INSERT = """INSERT INTO reading (
    definition, period, start, "end", segment, value, text, n, low, high, operator, target, status, at_least, since, most,
    as_of
) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"""
Place = tuple[int, str, str]  # a definition, and the start and the end of a period


@dataclass(frozen=True, slots=True)
class Kept:
    """A period of which the history knows more than the run: the rows behind either."""

    metric: str
    start: str
    end: str
    n: int
    before: int


@dataclass(frozen=True, slots=True)
class _Known:
    """What a history knows of one cut of a period: the rows behind it, and the most there ever were."""

    n: int
    since: str
    most: int
    as_of: str


def record(path: str, made: Recording) -> list[Kept]:
    """Put what a run has to record into a history, all or nothing; raises `HistoryProblem`.

    A period is replaced by what later data says of it, unless that has fewer than nine in ten of the rows, or begins
    later and has fewer. So are its segments, cut by cut: those never recorded take the place of none. What was kept for the first of these reasons is said. The same run twice changes nothing.
    """
    kept: list[Kept] = []
    with to_write(path) as history:
        for metered in made.metrics:
            number = _definition(history, metered)
            for span in metered.spans:
                kept += _put(history, number, metered, span, made.as_of)
    return kept


def _definition(history: sqlite3.Connection, metered: Metered) -> int:
    """The number of a way to count, a new one where it is new."""
    how = json.dumps(metered.how, ensure_ascii=False, sort_keys=True)
    history.execute(
        "INSERT OR IGNORE INTO definition (metric, unit, how) VALUES (?, ?, ?)",
        (metered.metric, metered.unit, how),
    )
    found = history.execute("SELECT id FROM definition WHERE metric = ? AND how = ?", (metered.metric, how))
    number: int = found.fetchone()[0]
    return number


def _put(
    history: sqlite3.Connection, number: int, metered: Metered, span: Span, as_of: str
) -> Iterator[Kept]:
    """One metric in one period, with its segments and sums; what is kept in its place for it is far larger.

    Each cut is decided on alone, so that segments which were never there are put in beside a whole that stays.
    """
    place = (number, span.start, span.end)
    cuts: dict[tuple[str, ...], list[Row]] = defaultdict(list)
    for row in span.rows:
        cuts[_cut(row[0])].append(row)
    known = _known(history, place)
    whole = known.get(_cut(WHOLE))
    short = bool(whole and span.n < MANY * whole.most)
    if whole and short and metered.dated and as_of >= whole.as_of and span.since <= span.start:
        yield Kept(metered.metric, span.start, span.end, span.n, whole.n)
        return
    for cut, rows in cuts.items():
        had = known.get(cut) or _Known(span.n, span.since, span.n, as_of)
        if _is_more(had, span, as_of):
            continue
        _forget(history, place, cut)
        end = (min(had.since, span.since), max(had.most, span.n), as_of)
        for row in rows:
            history.execute(INSERT, (number, span.period, span.start, span.end, *row, *end))
    if span.sums is not None and not (whole and _is_more(whole, span, as_of)):
        _put_sums(history, number, metered.basis.name, span, span.sums)


def _known(history: sqlite3.Connection, place: Place) -> dict[tuple[str, ...], _Known]:
    """What a history knows of a period, by cut."""
    found = history.execute(KNOWN, place).fetchall()
    return {
        _cut(segment): _Known(most if segment else n, since, most, as_of)
        for segment, n, since, most, as_of in found
    }


def _is_more(known: _Known, span: Span, as_of: str) -> bool:
    """Whether what is known of a period says more than a run."""
    return (
        as_of < known.as_of or span.n < MANY * known.most or (span.since > known.since and span.n < known.n)
    )


def _forget(history: sqlite3.Connection, place: Place, cut: tuple[str, ...]) -> None:
    """Leave out the readings of a period whose place is taken: of the whole, or of all segments of a cut."""
    for (segment,) in history.execute(SEGMENTS, place).fetchall():
        if _cut(segment) == cut:
            history.execute(FORGET, (*place, segment))


def _cut(segment: str) -> tuple[str, ...]:
    """The columns that a segment is of."""
    return tuple(part.partition("=")[0] for part in segment.split(BETWEEN))


def _put_sums(
    history: sqlite3.Connection, number: int, basis: str, span: Span, sums: Mapping[tuple[str, str], Sums]
) -> None:
    """What rows bring by day, in place of what was there, and that it is all of the period."""
    history.execute(
        "DELETE FROM sums WHERE definition = ? AND basis = ? AND day >= ? AND day < ?",
        (number, basis, span.start, span.end),
    )
    history.executemany(
        "INSERT INTO sums (definition, basis, part, day, n, total, squares) VALUES (?, ?, ?, ?, ?, ?, ?)",
        ((number, basis, part, day, each.n, each.total, each.squares) for (part, day), each in sums.items()),
    )
    history.execute(
        """INSERT OR IGNORE INTO summed (definition, basis, start, "end") VALUES (?, ?, ?, ?)""",
        (number, basis, span.start, span.end),
    )
