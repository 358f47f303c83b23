"""Lists whose rows have no ids: each row is numbered, by the file it is in."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import PurePath

import polars as pl

from cx_kpi.normalise.mapping.refusals import counts_of_days
from cx_kpi.normalise.preset.presets import generic
from cx_kpi.normalise.vocabulary.headers import snake, sounds_total, squash
from cx_kpi.normalise.vocabulary.rules import Rule
from cx_kpi.read.raw.source import TextFrame

NUMBERED = "row number"
_ENDS = {"status", "solved_at", "closed_at", "first_response_at", "resolution_seconds"}
_IDS = frozenset(
    {
        "id",
        "ids",
        "no",
        "nr",
        "key",
        "code",
        "number",
        "номер",
        "№",
        "#",
        "код",
        "ид",
        "nummer",
        "número",
        "numéro",
    }
)
_NEARLY = 80  # of 100, how alike a header is to one of an id


def numberable(frame: TextFrame, table: str, fields: Mapping[str, Rule]) -> bool:
    """Whether each row is a ticket though none has an id: it begins and has a state, and no column is a total or a count."""
    return (
        table == "tickets"
        and "ticket_id" not in fields
        and "created_at" in fields
        and bool(_ENDS & fields.keys())
        and not any(map(sounds_total, frame.headers))
        and not counts_of_days(frame, fields)
        and not _may_be_named(frame)
    )


def _may_be_named(frame: TextFrame) -> bool:
    """Whether the first column names the rows as something else, or a header is nearly that of an id."""
    from rapidfuzz import fuzz, process

    first = frame.headers[0]
    cells = frame.sample[first].drop_nulls()
    if _IDS & set(snake(first).split("_")) and cells.n_unique() == len(cells):
        return True
    known = [word for word in generic().tables["tickets"]["ticket_id"] if len(word) > len("ticket")]
    scored = (
        process.extractOne(squash(each), map(squash, known), scorer=fuzz.ratio) for each in frame.headers
    )
    return any(best and best[1] >= _NEARLY for best in scored)


def numbered(frame: TextFrame) -> TextFrame:
    """The file with a column of the numbers of its rows."""
    name = PurePath(frame.path).name.replace("{", "(").replace("}", ")")
    number = pl.format(f"{name}:{{}}", pl.int_range(1, pl.len() + 1)).alias(NUMBERED)
    return replace(frame, frame=frame.frame.with_columns(number), sample=frame.sample.with_columns(number))
