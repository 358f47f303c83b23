"""Cuts as a page shows them: a row for each segment, which has a place of its own, and a column for each metric."""

from collections.abc import Sequence
from typing import Any

from cx_kpi.model.frozen import as_dict
from cx_kpi.render.elements.report_view import Cell, Cut, Table, filled, turned


def by_segment(cuts: Sequence[Cut]) -> list[dict[str, Any]]:
    """Each cut with its tables turned, and the segments to choose from: their place and their name."""
    return [_cut(cut) for cut in cuts]


def _cut(cut: Cut) -> dict[str, Any]:
    names = cut.tables[0].heads[1:-1] if cut.tables else []
    places = dict(zip(cut.anchors, names, strict=True))
    seen: set[str] = set()
    tables = [_table(table, cut.anchors, seen) for table in cut.tables]
    return {"title": cut.title, "segments": places, "tables": tables}


def _table(table: Table, anchors: Sequence[str], seen: set[str]) -> dict[str, Any]:
    """The table turned, without empty columns and rows; a place is named where it first comes."""
    whole = filled(turned(table))
    pairs = [(row, anchor) for row, anchor in zip(whole.rows, [*anchors, ""], strict=True) if _says(row)]
    rows = []
    for row, anchor in pairs:
        rows.append({"cells": [as_dict(cell) for cell in row], "anchor": anchor, "first": anchor not in seen})
        seen.add(anchor)
    return {"caption": table.caption, "heads": whole.heads, "rows": rows}


def _says(row: Sequence[Cell]) -> bool:
    return any(cell.text for cell in row[1:])
