"""Mapped files to canonical tables: each file is read once, only the columns that matter, and every row counted."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType

import polars as pl

from cx_kpi.model.errors import InputProblem
from cx_kpi.model.options import Options
from cx_kpi.normalise.mapping.available import derived_from_events
from cx_kpi.normalise.mapping.reading_plan import SPELT, Plan, is_one_order, plan
from cx_kpi.normalise.tables.combine import Loaded, assemble, ratings_of, with_ratings
from cx_kpi.normalise.tables.file_rows import Part, by_member
from cx_kpi.normalise.tables.file_rows import parts as parts_of
from cx_kpi.normalise.values.coerce import scanned
from cx_kpi.normalise.vocabulary.rules import Mapped
from cx_kpi.read.containers.columnar import hushed

FIRST = ("customers", "tickets", "ticket_events")  # to be assembled, in this order
BROKEN = (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError)

__all__ = ["Loaded", "load"]


def load(
    mapped: Sequence[Mapped],
    wanted: Mapping[str, set[str]],
    options: Options,
    others: Mapping[str, Loaded] = MappingProxyType({}),
    *,
    piece: bool = False,
    since: datetime | None = None,
) -> dict[str, Loaded]:
    """The tables wanted, in memory, with the fields and dimensions wanted of them (table: names).

    Tickets are loaded beside surveys when their export carries ratings. `others` are tables that were loaded before,
    whose rows these may name. Where the tickets are a `piece` of all, the surveys are the bare ratings that they carry,
    the first event of any ticket was at `since`, and rows that the condition leaves out stay beside the others.
    Raises `InputProblem` for a file that breaks while it is read.
    """
    rated = "surveys" in wanted and any(
        "satisfaction_score" in each.fields for each in mapped if each.table == "tickets"
    )
    told = derived_from_events(mapped)
    ids = {"ticket_id" + SPELT} & wanted["surveys"] if rated else set()  # ratings go by it
    tables = {**wanted, **({"tickets": wanted.get("tickets", set()) | ids} if rated or told else {})}
    plans = [
        one
        for each in mapped
        if each.table in tables
        for one in _plans(each, tables[each.table], options, rated=rated)
    ]
    parts: dict[str, list[Part]] = defaultdict(list)
    frames = _collect(plans)
    for each in plans:
        parts[each.mapped.table] += parts_of(each, frames.pop(0))  # nobody else holds on to what was scanned
    loaded = _assembled(parts, told, tables, options, others, since)
    if rated:
        ratings = ratings_of(loaded["tickets"].frame, options)
        loaded["surveys"] = _bare(ratings) if piece else with_ratings(ratings, loaded.get("surveys"), options)
    return (
        _of_a_piece(loaded, tables)
        if piece
        else {name: each.only(tables[name]) for name, each in loaded.items()}
    )


def _of_a_piece(loaded: Mapping[str, Loaded], wanted: Mapping[str, set[str]]) -> dict[str, Loaded]:
    """The tables with what is wanted of them, and of the tickets the rows that the condition leaves out; ratings as they are."""
    found = {name: replace(each.only(wanted[name]), every=each.every) for name, each in loaded.items()}
    return {**found, **{name: each for name, each in loaded.items() if name == "surveys"}}


def _plans(mapped: Mapped, wanted: set[str], options: Options, *, rated: bool) -> list[Plan]:
    """How a file is read; several files as one, unless their dates are written in different orders."""
    found = plan(mapped, wanted, options, rated=rated)
    if options.config.dayfirst is not None or is_one_order(found):
        return [found]
    return [plan(each, wanted, options, rated=rated) for each in by_member(mapped)]


def _assembled(
    parts: Mapping[str, list[Part]],
    told: frozenset[str],
    wanted: Mapping[str, set[str]],
    options: Options,
    others: Mapping[str, Loaded],
    since: datetime | None,
) -> dict[str, Loaded]:
    """Each table; those first that rows of others refer to, tickets replayed from their events."""
    done = dict(others)
    for table in sorted(parts, key=lambda name: FIRST.index(name) if name in FIRST else len(FIRST)):
        done[table] = assemble(table, parts[table], wanted[table], options, done)
        if table == "ticket_events":
            from cx_kpi.normalise.history.replay import replayed

            done = replayed(done, told, wanted[table], options, since)
    return {table: done[table] for table in dict.fromkeys((*parts, *done)) if table not in others}


def _bare(ratings: pl.DataFrame) -> Loaded:
    """Ratings of which nothing is told yet."""
    return Loaded("surveys", ratings, frozenset(ratings.columns), [], [])


def _collect(plans: Sequence[Plan]) -> list[pl.DataFrame]:
    """All scans together; one that breaks is found by trying each alone."""
    scans = [each.mapped.source.frame.select(*scanned(each.readers)) for each in plans]
    try:
        with hushed():
            return pl.collect_all(scans)
    except BROKEN:
        return [_collect_one(each, scan) for each, scan in zip(plans, scans, strict=True)]


def _collect_one(plan: Plan, scan: pl.LazyFrame) -> pl.DataFrame:
    try:
        with hushed():
            return scan.collect()
    except BROKEN as error:
        raise InputProblem(
            f"{plan.mapped.source.path}: cannot be read; export it again or save it as CSV"
        ) from error
