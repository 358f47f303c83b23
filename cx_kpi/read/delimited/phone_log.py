"""Logs of telephone events: a line for each, its cells apart by `|`, as many as the event has, no header."""

import re

import polars as pl

from cx_kpi.read.raw.binary import File
from cx_kpi.read.raw.source import SAMPLE, Phrase, Reject, TextFrame, damage
from cx_kpi.wording.language import mark

NOT_AN_EVENT = Phrase(mark("not an event"))
_WIDTH = 10  # cells of the event that has the most; further ones are of no interest
_BEGINS = rb"\d{9,10}(?:\.\d+)?\|[^|\r\n]*\|[^|\r\n]*\|[^|\r\n]*\|[A-Z]+(?:\||\r?$)"
_LINE = re.compile(_BEGINS.decode())


def is_events(head: bytes) -> bool:
    """Whether the first line is an event: seconds since 1970, call, queue, agent, event."""
    return re.match(_BEGINS, head, re.MULTILINE) is not None


def open_events(file: File) -> TextFrame:
    """The events as rows of ten columns named by their place, all text, empty cells null; raises `InputProblem`."""
    lines = b"".join(file.chunks()).decode("utf-8", "replace").splitlines()
    rejects = [
        Reject(place, NOT_AN_EVENT) for place, line in enumerate(lines, 1) if line and not _LINE.match(line)
    ]
    rows = [_cells(line) for line in lines if _LINE.match(line)]
    names = tuple(f"column_{place}" for place in range(1, _WIDTH + 1))
    frame = pl.DataFrame(rows, dict.fromkeys(names, pl.String), orient="row")
    return TextFrame(
        file.name, frame.lazy(), names, frame.head(SAMPLE), "UTF-8", damage(rejects), rejects=tuple(rejects)
    )


def _cells(line: str) -> list[str | None]:
    cells = [cell or None for cell in line.split("|")[:_WIDTH]]
    return cells + [None] * (_WIDTH - len(cells))
