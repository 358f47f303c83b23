"""Lists whose rows have no ids: each row is numbered, by the file it is in."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import PurePath

import polars as pl

from cx_kpi.normalise.headers import sounds_total
from cx_kpi.normalise.rules import Rule
from cx_kpi.read.source import TextFrame

NUMBERED = "row number"
_ENDS = {
    "status",
    "solved_at",
    "closed_at",
    "first_response_at",
    "first_response_seconds",
    "resolution_seconds",
}


def numberable(frame: TextFrame, table: str, fields: Mapping[str, Rule]) -> bool:
    """Whether each row is a ticket though none has an id: it begins and has a state, and no column is a total."""
    return (
        table == "tickets"
        and "ticket_id" not in fields
        and "created_at" in fields
        and bool(_ENDS & fields.keys())
        and not any(map(sounds_total, frame.headers))
    )


def numbered(frame: TextFrame) -> TextFrame:
    """The file with a column of the numbers of its rows."""
    name = PurePath(frame.path).name.replace("{", "(").replace("}", ")")
    number = pl.format(f"{name}:{{}}", pl.int_range(1, pl.len() + 1)).alias(NUMBERED)
    return replace(frame, frame=frame.frame.with_columns(number), sample=frame.sample.with_columns(number))
