"""A header one name short: which column has no name is told by the cells, or not at all."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

import polars as pl

from cx_kpi.model.errors import InputProblem
from cx_kpi.model.frozen import dataclass
from cx_kpi.model.options import Config
from cx_kpi.model.schema import TABLES, Kind
from cx_kpi.normalise.mapping.cells.natures import Nature, names_mail, natures, points, points_of_own_id
from cx_kpi.normalise.mapping.guessing import likeness
from cx_kpi.normalise.mapping.matching import SCORES, Match, match
from cx_kpi.normalise.preset.joined_headers import halves, is_joined
from cx_kpi.normalise.preset.presets import generic
from cx_kpi.normalise.vocabulary.dictionaries import dictionary
from cx_kpi.normalise.vocabulary.headers import headers_of, read_header, sounds_total, squash
from cx_kpi.normalise.vocabulary.rules import as_column, names_of
from cx_kpi.read.raw.column_names import unique
from cx_kpi.read.raw.source import Phrase, Remark, TextFrame
from cx_kpi.wording.language import mark

_OWN_IDS = frozenset({"ticket_id", "response_id", "call_id"})  # which come once, but for events
_NEEDED = {*TABLES["tickets"].required, *TABLES["calls"].required}  # which no row lacks
_ENDS = {"solved_at", "closed_at", "resolution_seconds"}  # which a row has that is no longer open
_MEASURES = {Kind.TIME, Kind.SECONDS}
_NUMBERED = re.compile(r"column_\d+")
_MARGIN = 1.0  # points by which a place has to beat the others
_COUNTED = 0.5  # points for numbers of rows in the first column
_SHOWN = 12  # names
MISSING_NAME = "missing_name"  # the code of the remark

_PLACED = mark(
    "The header has {names} names, but the rows have {cells} cells. By what the cells hold, column {place} has no name, "
    "so the columns are: {columns}. If that is wrong, mend the header, or say in cxkpi.toml which column is which, "
    'such as [tickets.columns] status = "{column}".'
)
_DOUBTED = mark(
    "The header has {names} names, but the rows have {cells} cells. The cells do not tell which of the columns "
    "{place} to {last} has no name, so none of them is given one of the names {doubted}: {columns}."
)
_PARTED = mark(
    "The header has {names} names, but the rows have {cells} cells. {doubted} is two names run together, so the columns "
    "are: {columns}. If that is wrong, mend the header."
)
IN_DOUBT = Remark(
    "header_in_doubt",
    Phrase(
        mark(
            "Left out: its header is one name short, and the cells do not tell which column has none; name every column in "
            "its first line."
        )
    ),
)


@dataclass(frozen=True, slots=True)
class _Name:
    """A name of the header, and the fields that a column of this name may be."""

    text: str
    fields: tuple[tuple[str, Kind], ...]
    is_own_id: bool

    def points(self, cells: Nature | None) -> float | None:
        """How well it fits what is below it; None where the name is not known, or all cells are empty."""
        if cells is None or not self.fields:
            return None
        found = (
            points_of_own_id(cells)
            if self.is_own_id
            else max(points(cells, self.text, *each) for each in self.fields)
        )
        fields = dict(self.fields).keys()
        is_odd = (cells.has_gaps and _NEEDED & fields) or (cells.is_of_open and _ENDS & fields)
        return min(found, 0.0) if is_odd else found

    @property
    def is_measured(self) -> bool:
        """Whether figures are made of it: a date, a length of time or a score."""
        return any(kind in _MEASURES or field in SCORES for field, kind in self.fields)

    def pair(self, one: Nature | None, other: Nature | None) -> tuple[float, float]:
        """The same of two columns; an empty one fits as well as the other, and no worse than not at all."""
        here, there = self.points(one), self.points(other)
        return max(there or 0.0, 0.0) if here is None else here, max(
            here or 0.0, 0.0
        ) if there is None else there


def placed(frame: TextFrame, config: Config) -> TextFrame:
    """The file with its names where they belong; those whose column the cells do not tell stay `unplaced`."""
    names = frame.unplaced or _before_nameless(frame, config)
    if not names or any(each.code == MISSING_NAME for each in frame.remarks):
        return frame
    whole = _with_last(replace(frame, unplaced=names))
    first, last = _gap(whole, config, is_told=not frame.unplaced)
    if first == len(names) and (len(frame.headers) == len(names) or not frame.unplaced):
        return replace(frame, unplaced=())  # a separator ends each row, or the last column alone has no name
    parts = _parted(whole, first, last, config)
    headers = _headers([*names[:first], *(parts or [""] * (last - first + 1)), *names[last:]], config)
    return replace(
        _named(whole, headers),
        unplaced=() if parts else names[first:last],
        remarks=(*frame.remarks, _remark(headers, first, last, names[first:last], is_parted=bool(parts))),
    )


def _named(frame: TextFrame, headers: tuple[str, ...]) -> TextFrame:
    """The file with these names of its columns."""
    columns = [pl.col(one).alias(other) for one, other in zip(frame.headers, headers, strict=True)]
    return replace(
        frame, frame=frame.frame.select(columns), sample=frame.sample.select(columns), headers=headers
    )


def _headers(names: Sequence[str], config: Config) -> tuple[str, ...]:
    """The names as those of columns, none where the configuration calls the column by its place."""
    said = _by_number(config)
    return unique(["" if f"column_{place}" in said else name for place, name in enumerate(names, 1)])


def _before_nameless(frame: TextFrame, config: Config) -> tuple[str, ...]:
    """The names where only the last column has none: if one lacks before it, those behind that are one cell off."""
    if not frame.headers:
        return ()
    *names, last = frame.headers
    is_last = bool(_NUMBERED.fullmatch(last)) and not any(map(_NUMBERED.fullmatch, names))
    is_deep = any(each.code == "header_rows" for each in frame.remarks)
    return tuple(names) if is_last and not is_deep and _by_number(config) != {last} else ()


def _by_number(config: Config) -> set[str]:
    """The columns that the configuration names by their place."""
    columns = [each for table in TABLES for each in config.table(table).columns.values()]
    return {name for each in columns for name in names_of(as_column(each)) if _NUMBERED.fullmatch(name)}


def _parted(frame: TextFrame, first: int, last: int, config: Config) -> tuple[str, str] | None:
    """The two names that have run together, where the cells fit both."""
    parts = halves(frame.unplaced[first]) if last == first + 1 else None
    below = natures(frame.sample)[first : last + 1]
    fit = zip(_names(parts or (), config), below, strict=False)
    return parts if all((name.points(cells) or 0.0) >= 0 for name, cells in fit) else None


def _with_last(frame: TextFrame) -> TextFrame:
    """The file with its last column, where that is empty in every row and so was left out."""
    if len(frame.headers) > len(frame.unplaced):
        return frame
    last = pl.lit(None, pl.String).alias("")
    headers = (*frame.headers, "")
    return replace(
        frame, headers=headers, frame=frame.frame.with_columns(last), sample=frame.sample.with_columns(last)
    )


def in_doubt(frame: TextFrame, found: Match, config: Config) -> dict[str, str]:
    """The names without a column that matter, each with its field: known ones that are not configured, and joined ones."""
    said, ours = config.table(found.table), TABLES[found.table].fields
    told = {*said.columns, *(("satisfaction_score",) if said.questions else ())}
    doubts = {}
    for name in frame.unplaced:
        fields = [*(_fields(name, config) or dict(_nearly(name)))]
        if is_joined(name) or (fields and told.isdisjoint(fields)):
            doubts[name] = next((each for each in fields if each in ours), "")
    return doubts


def nameless(frame: TextFrame) -> list[str]:
    """The columns that are named by their place."""
    return [each for place, each in enumerate(frame.headers, 1) if each == f"column_{place}"]


def check_placed(frame: TextFrame, found: Match, config: Config) -> None:
    """Raise for a file whose names the cells do not tell the columns of, with the lines that would."""
    doubts = in_doubt(frame, found, config)
    if not doubts:
        return
    free, table = nameless(frame), found.table
    fields = [each for each in doubts.values() if each in TABLES[table].fields]
    lines = [f'{field} = "{column}"' for field, column in zip(fields, free, strict=False)]
    width, said = len(frame.headers), f", for instance [{table}.columns] {', '.join(lines)}" if lines else ""
    joined = ", which may have run together," if any(map(is_joined, doubts)) else ","
    raise InputProblem(
        f"{frame.path}: the header has {width - 1} names{joined} but the rows have {width} cells, and the cells do not tell "
        f"which of {', '.join(free)} has none: no column is known for {', '.join(doubts)}; name every column in the first "
        f"line, or say which is which in cxkpi.toml{said}"
    )


def _remark(
    headers: Sequence[str], first: int, last: int, doubted: Sequence[str], *, is_parted: bool
) -> Remark:
    """That a name is missing, and where."""
    values: dict[str, int | str | Phrase] = {
        "names": len(headers) - 1,
        "cells": len(headers),
        "columns": _listed(headers, first),
        "column": headers[first],
        "place": first + 1,
        "last": last + 1,
        "doubted": ", ".join(doubted),
    }
    text = _PARTED if is_parted else _DOUBTED if doubted else _PLACED
    return Remark(MISSING_NAME, Phrase(text, values))


def _listed(headers: Sequence[str], place: int) -> str:
    """The names of the columns, those around a place where they are many."""
    start = max(0, min(place - _SHOWN // 2, len(headers) - _SHOWN))
    shown = headers[start : start + _SHOWN]
    before, behind = ["…"] * (start > 0), ["…"] * (start + _SHOWN < len(headers))
    return ", ".join([*before, *shown, *behind])


def _gap(frame: TextFrame, config: Config, *, is_told: bool) -> tuple[int, int]:
    """The first and the last of the columns that may be the one without a name; `is_told`: the header says the last."""
    names = _names(frame.unplaced, config)
    cells = natures(frame.sample)
    left, right = zip(*map(_Name.pair, names, cells, cells[1:]), strict=True)
    scores = [sum(left[:place]) + sum(right[place:]) for place in range(len(cells))]
    if is_told and _stands(names, left, right, scores):
        return len(names), len(names)
    counts = _counts_rows(frame)
    scores[0] += _COUNTED * counts
    near = [place for place, score in enumerate(scores) if score > max(scores) - _MARGIN]
    if counts and scores[0] == max(scores):
        return 0, 0
    if cells[-1] is None and near[-1] == len(names):
        return near[-1], near[-1]
    here, beside = left[: near[0]] + right[near[0] :], right[: near[0]] + left[near[0] :]
    return (0, len(names)) if _is_torn(here, beside) else (near[0], near[-1])


def _is_torn(here: Sequence[float], beside: Sequence[float]) -> bool:
    """Whether a name contradicts the cells below it, but fits those beside them."""
    return any(one < 0 < other for one, other in zip(here, beside, strict=True))


def _stands(
    names: Sequence[_Name], left: Sequence[float], right: Sequence[float], scores: Sequence[float]
) -> bool:
    """Whether the last column is the one without a name: no names fit much better, or measures as well, one cell on."""
    if scores[-1] <= max(scores) - _MARGIN:
        return False
    rival = next(place for place, score in enumerate(scores) if score >= scores[-1])
    moved = [*zip(names, left, right, strict=True)][rival:]
    fits = right[-1] > 0 and any(name.is_measured and here <= beside > 0 for name, here, beside in moved)
    return not fits


def _names(texts: Sequence[str], config: Config) -> list[_Name]:
    """The names, with the fields that their columns may be."""
    own = frozenset() if _are_events(texts, config) else _OWN_IDS
    found = [(text, _fields(text, config)) for text in texts]
    return [
        _Name(text, tuple((fields or dict(_nearly(text))).items()), not own.isdisjoint(fields))
        for text, fields in found
    ]


def _are_events(texts: Sequence[str], config: Config) -> bool:
    """Whether these are the columns of events, of which a ticket has several."""
    found = match(headers_of(tuple(texts)), "ticket_events", config.table("ticket_events"), None)
    return "event" in found.fields and not found.missing


def _fields(text: str, config: Config) -> dict[str, Kind]:
    """The fields of all tables that a column of this name may be; in words that are known."""
    headers, fields = headers_of((text,)), dict[str, Kind]()
    for table, known in TABLES.items():
        found = match(headers, table, config.table(table), None)
        fields |= {name: known.fields[name] for name, rule in found.fields.items() if not rule.present}
        fields |= dict.fromkeys(("satisfaction_score",) if found.questions else (), Kind.TEXT)
    if headers.find([*dictionary("questions")["scores"], *dictionary("questions")["marks"]]):
        fields["satisfaction_score"] = Kind.TEXT
    return fields or ({"customer_id": Kind.KEY} if names_mail(text) else {})


def _nearly(text: str) -> Iterator[tuple[str, Kind]]:
    """The fields that a column of nearly this name may be."""
    header = read_header(text)
    for table, words in generic().tables.items():
        kinds = TABLES[table].fields
        open_kinds = [name for name in words if kinds[name] is not Kind.KEY or not sounds_total(text)]
        yield from ((name, kinds[name]) for name in open_kinds if likeness(header, table, name, kinds[name]))


def _counts_rows(frame: TextFrame) -> bool:
    """Whether the first cells are the numbers of the rows, and the first name is no word for them."""
    if squash(frame.unplaced[0]) in map(squash, dictionary("tables")["ids"]["counts"]):
        return False
    cells = frame.sample[frame.headers[0]].to_list()
    return any(cells == [str(number) for number in range(start, start + len(cells))] for start in (0, 1))
