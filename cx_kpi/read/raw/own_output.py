"""Files that cxkpi wrote itself: each has a sure mark, and none is an export."""

import zipfile
from collections.abc import Mapping
from typing import Any

from cx_kpi import KEYWORD
from cx_kpi.model.errors import OwnOutput
from cx_kpi.read.raw.source import TextFrame

ROW = "cxkpi_row"  # the first column of the table of rows
HISTORY = b"cxkp"  # the application id of a history, in its SQLite file
_PLACE = 68  # of the id
HEAD = 100  # bytes at the beginning of a SQLite file
_HEADERS = (  # the first headers of tables of ours
    (ROW,),
    ("section", "metric", "title", "unit", "measure"),
    ("file", "table", "line", "row", "id", "reason"),
)


def own(name: str) -> OwnOutput:
    """The message about a file of our own output."""
    return OwnOutput(
        f"{name}: written by cxkpi itself, not an export; leave it out, or write reports into another folder"
    )


def not_own(frame: TextFrame) -> TextFrame:
    """The frame; raises `OwnOutput` where its headers are those of a table of ours."""
    if any(frame.headers[: len(marks)] == marks for marks in _HEADERS):
        raise own(frame.path)
    return frame


def is_own_object(value: Mapping[str, Any]) -> bool:
    """Whether a JSON object is a report, a receipt or a check of ours."""
    tool = value.get("tool")
    return "schema_version" in value and isinstance(tool, dict) and tool.get("name") == "cxkpi"


def is_own_workbook(parts: zipfile.ZipFile) -> bool:
    """Whether a workbook is our own output, by its properties."""
    core = "docProps/core.xml"
    return core in parts.namelist() and f">{KEYWORD}<".encode() in parts.read(core)


def is_own_database(head: bytes) -> bool:
    """Whether the first bytes of a SQLite file say that it is a history of ours."""
    return head[_PLACE : _PLACE + len(HISTORY)] == HISTORY
