"""Whether a report fits into memory, and in how many buckets and pieces it is made where it does not."""

import os
from collections.abc import Sequence
from math import ceil
from pathlib import Path

import polars as pl

from cx_kpi.engine.buckets.piece_accounts import EVENTS, ID, SPREAD, TICKETS
from cx_kpi.model.frozen import dataclass
from cx_kpi.model.options import Options
from cx_kpi.normalise.dimensions.dimension_sources import asked_by
from cx_kpi.normalise.vocabulary.rules import Mapped
from cx_kpi.wording.language import mark

A_ROW = 200  # bytes of memory, of a ticket that is read at once
AS_READ = 1_500  # and while its cells are texts
A_BYTE = 1.2  # bytes of memory for one of delimited text
FEWEST, PIECE, MOST = 20_000, 1_000_000, 500  # rows of a piece from and to, buckets
ALONE, OF_A_LOG, NO_IDS, DIMENSION = (
    mark("ticket events without tickets"),
    mark("tickets and their events in one file"),
    mark("tickets without ids"),
    mark("columns to cut or to ask by that are made of other rows"),
)
OF_CUSTOMERS = {"experience", "age_of_customer"}  # columns that are made of other rows


@dataclass(frozen=True, slots=True)
class Limits:
    """How many buckets there are, and how many rows are read at once."""

    buckets: int
    piece: int


def limits(mapped: Sequence[Mapped], options: Options) -> Limits | None:
    """What keeps the report within the memory it may take: as asked, else half of the machine's; None where it fits."""
    room = options.memory or _machine() // 2
    needed = sum(_needed(each) for each in mapped if each.table in SPREAD)
    if not room or needed <= room:
        return None
    return Limits(min(MOST, ceil(4 * needed / room)), max(FEWEST, min(PIECE, room // AS_READ)))


def at_once(mapped: Sequence[Mapped], options: Options) -> str:
    """Why the tickets cannot be read piece by piece; nothing where they can."""
    tickets = [each for each in mapped if each.table == TICKETS]
    events = {each.source.path for each in mapped if each.table == EVENTS}
    lacking = {
        ALONE: not tickets,
        OF_A_LOG: not events.isdisjoint(each.source.path for each in tickets),
        NO_IDS: not all(ID in each.fields for each in tickets),
        DIMENSION: not OF_CUSTOMERS.isdisjoint(asked_by(options)),
    }
    return next((why for why, here in lacking.items() if here), "")


def _needed(mapped: Mapped) -> int:
    """The bytes of memory that a file of tickets or events takes, by its rows or its size."""
    if mapped.source.separator is None or mapped.source.height:
        return A_ROW * (mapped.source.height or int(mapped.source.frame.select(pl.len()).collect().item()))
    path = Path(mapped.source.path)
    return int(A_BYTE * path.stat().st_size) if path.is_file() else 0


def _machine() -> int:
    """The bytes of memory of this machine; 0 where it does not tell."""
    if not hasattr(os, "sysconf"):
        return 0
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
