"""Tickets replayed from their events: made of the events alone, or with the columns that the events give."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime

import polars as pl

from cx_kpi.model.options import Options
from cx_kpi.model.report import Notice
from cx_kpi.normalise.history.histories import TOLD, History, Known, born, history, known, lived
from cx_kpi.normalise.history.override import overridden
from cx_kpi.normalise.tables.combine import Loaded, dimensioned, filtered, said_of
from cx_kpi.normalise.tables.event_rows import TIME, prepared
from cx_kpi.normalise.tables.exclusions import reasons, set_aside
from cx_kpi.normalise.tables.ticket_rows import excluded
from cx_kpi.normalise.vocabulary.date_range import date_range
from cx_kpi.normalise.vocabulary.notices import notice
from cx_kpi.wording.language import Language

_OWN = ("ticket_id", "at", "event", "author_kind", "is_public")  # of an event, not of its ticket


def replayed(
    loaded: Mapping[str, Loaded],
    told: frozenset[str],
    wanted: set[str],
    options: Options,
    since: datetime | None = None,
) -> dict[str, Loaded]:
    """The tables with tickets replayed; `told` are the columns of tickets that these events give.

    Events later than the moment asked for have not happened. A ticket keeps its columns where its events do not
    reach back to its creation, or do not give them. Events get the columns `wanted` from their tickets. The first event
    of all is `since` then, where these are not all.
    """
    events, tickets = loaded["ticket_events"], loaded.get("tickets")
    rows = prepared(events.frame)
    created = born(rows) if tickets is None else tickets.frame.select("ticket_id", "created_at")
    found = known(rows, created)
    begun = (
        pl.lit(value=True)
        if tickets is None
        else pl.col("created_at") >= pl.lit(since or rows["at"].min(), TIME)
    )
    past = history(found.events, created, begun, options)
    life = lived(past, told)
    one = tickets is not None and _paths(tickets) >= _paths(events)
    made = (
        _alone(life, options, loaded)
        if tickets is None
        else _beside(tickets, life, past, options, of_one_log=one)
    )
    frame = _with_dimensions(past.events, made.frame, wanted)
    kept = replace(
        events,
        frame=frame,
        fields=frozenset(frame.columns),
        span=date_range("ticket_events", rows if options.where else found.events),
        notices=[*events.notices, *_said(found, options)],
        lacks=made.lacks,
    )
    if one:  # the file is there as tickets, and what is odd about it is told of these
        kept = replace(kept, sources=[], tallies=(), notices=[])
    return {**loaded, "tickets": made, "ticket_events": kept}


def _paths(table: Loaded) -> set[str]:
    return {source.path for source in table.sources}


def _alone(life: pl.DataFrame, options: Options, others: Mapping[str, Loaded]) -> Loaded:
    """Tickets of the events alone."""
    frame = life.select(name for name in life.columns if not name.endswith(TOLD))
    code = reasons(frame.height, excluded(frame))
    every = dimensioned("tickets", frame.filter(code == 0), options, others)
    kept, _, odd, lacks = filtered(every, code, options)
    language = Language(options.language)
    said = [*said_of("tickets", odd, options), *set_aside("tickets", [code], language)]
    return Loaded("tickets", kept, frozenset(kept.columns), [], said, lacks=lacks, every=every)


def _beside(
    tickets: Loaded, life: pl.DataFrame, past: History, options: Options, *, of_one_log: bool
) -> Loaded:
    """Tickets of their own files, overridden by events; those of the same log keep the columns of its rows."""
    own = tickets.frame
    if of_one_log and {"reassignment_count", "assignment_count"} <= set(own.columns) & {
        *life.columns,
        "reassignment_count",
    }:
        own = own.drop("assignment_count")  # its changes tell to whom it went, the count does not
    frame, changed = overridden(own, life, fill=of_one_log)
    every = frame
    if options.where and tickets.every is not None:
        every, _ = overridden(tickets.every, life, fill=of_one_log)
    language = Language(options.language)
    said = []
    if changed.tickets and not of_one_log:
        said.append(
            notice("restated", language, table="tickets", rows=changed.tickets, example=changed.columns)
        )
    if past.others:
        said.append(notice("partly_told", language, table="tickets", rows=past.others))
    notices = [*tickets.notices, *said]
    return replace(tickets, frame=frame, fields=frozenset(frame.columns), notices=notices, every=every)


def _said(found: Known, options: Options) -> Iterator[Notice]:
    """What was odd about the events; those of tickets that a condition leaves out are not."""
    numbers = {"unknown_ticket": 0 if options.where else found.strange, "before_creation": found.early}
    for code, rows in numbers.items():
        if rows:
            yield notice(code, Language(options.language), table="ticket_events", rows=rows)


def _with_dimensions(events: pl.DataFrame, tickets: pl.DataFrame, wanted: set[str]) -> pl.DataFrame:
    """The events with what is wanted of their tickets, and whether these are solved."""
    names = [name for name in tickets.columns if name in {*wanted, "is_solved"} and name not in _OWN]
    of_tickets = tickets.select("ticket_id", *names)
    rows = events.drop(names, strict=False).join(
        of_tickets, on="ticket_id", how="inner", maintain_order="left"
    )
    return rows.with_columns(pl.col("event", "author_kind").cast(pl.Categorical))
