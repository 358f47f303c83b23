"""What reading a file gives: a lazy frame and what was odd about the file."""

from collections.abc import Mapping, Sequence
from dataclasses import field, replace
from typing import TYPE_CHECKING

import polars as pl

from cx_kpi.model.frozen import dataclass
from cx_kpi.model.values import Level
from cx_kpi.read.raw.binary import printable
from cx_kpi.wording.language import mark

if TYPE_CHECKING:
    from cx_kpi.model.report import Notice

SAMPLE = 1000  # rows


@dataclass(frozen=True, slots=True)
class Phrase:
    """A sentence in English and the values of its `{names}`, so that it can be put into any language."""

    text: str
    values: "Values" = field(default_factory=dict)

    def __str__(self) -> str:
        """In English."""
        return self.text.format(**self.values)


Values = Mapping[str, int | str | Phrase]


@dataclass(frozen=True, slots=True)
class Remark:
    """What was odd about a file: a notice that waits for its language."""

    code: str
    phrase: Phrase
    rows: int | None = None
    level: Level = Level.WARNING


@dataclass(frozen=True, slots=True)
class Reject:
    """A row that could not be read and was set aside: its line in the file (from 1; 0 where not known), and why."""

    line: int
    reason: Phrase


@dataclass(frozen=True, slots=True)
class TextFrame:
    """One file. Text formats give String columns only; Parquet keeps its types. Nothing has been read yet
    but the headers and a sample of the first rows.
    """

    path: str
    frame: pl.LazyFrame
    headers: tuple[str, ...]  # the frame's column names: stripped, unique, in order
    sample: pl.DataFrame  # the first rows (at most 1,000), same columns
    encoding: str | None = None  # as shown to the user; None where the format has none
    remarks: tuple[Remark, ...] = ()
    notices: "tuple[Notice, ...]" = ()  # the remarks in a language, and what was odd for later stages
    rejects: tuple[Reject, ...] = ()  # rows of the file that are not in the frame
    apart: int = 0  # rows of the file that its preset dropped or folded into others
    separator: str | None = None  # of delimited text
    above: int | None = None  # lines above the first row, where rows follow each other as in the file
    shifts: tuple[tuple[int, int], ...] = ()  # from this line below them on, so many lines were left out
    labels: Mapping[str, str] = field(default_factory=dict)  # what a second header row says of a header
    unplaced: tuple[str, ...] = ()  # names of a header one name short whose columns are not known
    file: str = ""  # of a sheet or list among others: the file it is in
    part: str = ""  # and its name there
    members: "tuple[TextFrame, ...]" = ()  # of several files read as one: each by itself, in the order of the rows
    height: int = 0  # rows of one of those, or of all of them
    stored: object = (
        None  # the reading of the store it is from: the file itself may be another by now, or gone
    )
    said: str = ""  # what the user said it is when it was added there


def parts(file: str, frames: Mapping[str, TextFrame]) -> list[TextFrame]:
    """The sheets or lists of a file, by name; one alone is the file."""
    if len(frames) == 1:
        return list(frames.values())
    return [
        replace(frame, path=f"{file}#{printable(name)}", file=file, part=printable(name))
        for name, frame in frames.items()
    ]


def damage(rejects: Sequence[Reject]) -> tuple[Remark, ...]:
    """The remark on rows set aside, if any."""
    if not rejects:
        return ()
    values: Values = {"rows": len(rejects), "line": rejects[0].line, "reason": rejects[0].reason}
    text = mark("Damaged rows set aside: {rows}, the first in line {line}: {reason}.")
    return (Remark("damaged_rows", Phrase(text, values), len(rejects)),)


def counted(code: str, text: str, rows: int, level: Level = Level.INFO) -> tuple[Remark, ...]:
    """A remark about a number of rows; none where it is 0."""
    return (Remark(code, Phrase(text, {"rows": rows}), rows, level),) if rows else ()
