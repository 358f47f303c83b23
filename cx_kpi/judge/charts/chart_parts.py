"""The parts of figures as rows of equal length, so few that a chart of them can be read."""

from collections.abc import Mapping, Sequence
from itertools import chain

from cx_kpi.metrics.definition.chart import Part
from cx_kpi.wording.language import mark

MOST = 10  # known parts; the smallest that are left become one
OTHER = mark("other")
Taken = Mapping[str | None, Part]
Row = tuple[str | None, list[Part | None]]
NONE = Part(0, 0)


def aligned(taken: Sequence[Taken | None], *, ranked: bool) -> list[Row]:
    """A row for each part of any figure: zero where a figure lacks it, None where there is no figure.

    In the order they came in; `ranked`: the most rows first, the unknown last.
    """
    filled = [parts for parts in taken if parts]
    names = list(dict.fromkeys(chain.from_iterable(filled)))
    if ranked:
        names.sort(key=lambda name: (name is None, -_rows(filled, name), name or ""))
    return [(name, [None if parts is None else parts.get(name, NONE) for parts in taken]) for name in names]


def _rows(taken: Sequence[Taken], name: str | None) -> int:
    return sum(parts[name].n for parts in taken if name in parts)


def limited(rows: Sequence[Row]) -> list[Row]:
    """The first known parts and the sum of the other ones, where there are too many; the unknown stays."""
    known, unknown = ([row for row in rows if (row[0] is None) == missing] for missing in (False, True))
    if len(known) <= MOST:
        return [*known, *unknown]
    rest = [parts for _, parts in known[MOST - 1 :]]
    return [*known[: MOST - 1], (OTHER, [_sum(column) for column in zip(*rest, strict=True)]), *unknown]


def _sum(parts: Sequence[Part | None]) -> Part | None:
    known = [part for part in parts if part]
    if not known:
        return None
    return Part(sum(part.value or 0 for part in known), sum(part.n for part in known))
