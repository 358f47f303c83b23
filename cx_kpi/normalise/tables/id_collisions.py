"""Exports in which the same ids stand for different tickets, as those of two help desks or of numbers that begin again."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import PurePath

import polars as pl

from cx_kpi.normalise.tables.file_rows import Part
from cx_kpi.normalise.values.coerce import Oddity

MOST = 0.5  # of the shared ids; fewer may be mended dates
_DAY = pl.duration(days=1)  # one export may tell the day alone, or another zone


def told_apart(parts: Sequence[Part]) -> tuple[list[Part], list[Oddity]]:
    """Tickets whose id an earlier file has for another creation, under ids of their own, and how many those are."""
    apart: list[Part] = []
    odd: list[Oddity] = []
    for place, each in enumerate(parts):
        other = pl.zeros(each.frame.height, dtype=pl.UInt8, eager=True).cast(pl.Boolean)
        for one in parts[:place]:
            rows = _others(each.frame, one.frame)
            if rows.any():
                other |= rows
                odd.append(Oddity("other_tickets", "ticket_id", int(rows.sum()), _names(one, each)))
        own = pl.struct("ticket_id", "created_at").hash(seed=0)
        frame = each.frame.with_columns(ticket_id=pl.when(other).then(own).otherwise("ticket_id"))
        apart.append(replace(each, frame=frame) if other.any() else each)
    return apart, odd


def _others(frame: pl.DataFrame, earlier: pl.DataFrame) -> pl.Series:
    """The rows whose id stands for another ticket there; none unless that is so of most ids that both have."""
    known = earlier.select("ticket_id", before="created_at").drop_nulls().unique("ticket_id")
    pair = frame.select("ticket_id", "created_at").join(
        known, on="ticket_id", how="left", maintain_order="left"
    )
    apart = ((pl.col("created_at") - pl.col("before")).abs() > _DAY).fill_null(value=False)
    differ = pair.select(apart.alias("differ"))["differ"]
    shared = pair.height - pair["before"].null_count()
    return differ if differ.sum() > MOST * shared else differ & False


def _names(*parts: Part) -> str:
    return ", ".join(PurePath(each.plan.mapped.source.path).name for each in parts)
