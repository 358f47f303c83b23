"""Which fields a file will have once it is loaded; what depends on its cells is assumed to be there."""

from collections.abc import Collection, Mapping, Sequence

import polars as pl

from cx_kpi.model.options import Config, Question
from cx_kpi.normalise.vocabulary.derived import ALONE, BEHIND, PARTS, SPELLS
from cx_kpi.normalise.vocabulary.dictionaries import meanings, plain, spellings
from cx_kpi.normalise.vocabulary.rules import Mapped, Rule

ORIGINS: Mapping[
    str, Mapping[str, tuple[str, ...]]
] = {  # what a field may follow from that is not in the file
    "tickets": {
        "first_response_at": ("first_response_seconds", "created_at"),
        "first_response_seconds": ("first_response_at", "created_at"),
        "solved_at": ("resolution_seconds", "closed_at", "created_at", "status"),
        "resolution_seconds": ("solved_at", "closed_at", "created_at", "status"),
        "first_solved_at": ("solved_at", "status"),
        "is_solved": ("status", "solved_at"),
        "is_complaint": ("type", "category", "tags"),
        "escalation_level": ("status",),
        "assignment_count": ("reassignment_count",),
        "escalated_to_management": ("escalation_level",),
    },
    "surveys": {"responded_at": ("sent_at",), "scale_min": ("score",), "scale_max": ("score",)},
    "ticket_events": {"event": ("status",)},
    "calls": {
        "wait_seconds": ("queued_at", "answered_at", "ended_at"),
        "disposition": ("answered_at", "ended_at"),
    },
}
_ANSWERED = ("first_response_at", "first_response_seconds")
_SOLVED = ("solved_at", "resolution_seconds")
_MADE_OF: Mapping[
    tuple[str, ...], tuple[str, ...]
] = {  # any of these columns of a ticket: the fields it makes
    _ANSWERED: _ANSWERED,
    (*_SOLVED, "closed_at"): _SOLVED,
    (*_SOLVED, "closed_at", "status"): ("is_solved",),
    ("reassignment_count",): ("assignment_count",),
    ("type", "category", "tags"): ("is_complaint",),
    ("status",): ("escalation_level",),
    ("escalation_level",): ("escalated_to_management",),
}
RATED = ("customer_id", "channel", "product", "agent", "team")  # what a ticket's rating takes from the ticket


def available(
    table: str, fields: Mapping[str, Rule], questions: Sequence[Question], config: Config
) -> frozenset[str]:
    """The fields of one file after derivation."""
    have = set(fields)
    match table:
        case "tickets":
            have |= _tickets(have, config)
        case "surveys":
            have |= _surveys(have, questions)
        case "calls":
            have |= _calls(have)
    return frozenset(have)


def origins(table: str, field: str, mapped: frozenset[str]) -> frozenset[str]:
    """The columns of a file that has those `mapped` which a field follows from: its own, or others."""
    found, seen, todo = set(), set(), [field]
    while todo:
        name = todo.pop()
        if name in mapped:
            found.add(name)
        elif name not in seen:
            seen.add(name)
            todo += ORIGINS.get(table, {}).get(name, ())
    return frozenset(found)


def tables_available(mapped: Sequence[Mapped]) -> dict[str, frozenset[str]]:
    """The fields of each table over all files, with the surveys in ticket exports and the columns derived from events."""
    found: dict[str, frozenset[str]] = {}
    for each in mapped:
        found[each.table] = found.get(each.table, frozenset()) | each.available
        if each.table == "tickets" and "satisfaction_score" in each.fields:
            found["surveys"] = found.get("surveys", frozenset()) | _ratings(each)
    if told := derived_from_events(mapped):
        alone = frozenset() if "tickets" in found else ALONE
        found["tickets"] = found.get("tickets", frozenset()) | told | alone
        found["ticket_events"] |= {"is_solved"} & found["tickets"]
    return found


def events_behind(fields: Collection[str]) -> frozenset[str]:
    """The columns of ticket events that these columns of tickets may follow from."""
    parts = [BEHIND[part] for part, names in PARTS.items() if not set(names).isdisjoint(fields)]
    return frozenset[str]().union(*parts, ("ticket_id", "at") if parts else ())


def derived_from_events(mapped: Sequence[Mapped]) -> frozenset[str]:
    """The columns of tickets that files of ticket events give; none where there are none."""
    files = [each for each in mapped if each.table == "ticket_events"]
    have = frozenset[str]().union(*(each.fields for each in files))
    told = {"ticket_id", "created_at"} if files else set()
    if "status" in have or any(map(_names_solves, files)):
        told |= {*PARTS["status"]} - {SPELLS}
    if {"event", "author_kind"} <= have:
        told |= {*PARTS["reply_count"]} - ({"customer_returned"} if "status" not in told else set())
    if have & {"agent", "team"}:
        told |= {*PARTS["assignment_count"]}
    return frozenset(told)


def _names_solves(file: Mapped) -> bool:
    """Whether its events are called after what became of the ticket, such as `Resolved`."""
    rule = file.fields.get("event")
    words = file.source.sample[rule.header].drop_nulls().cast(pl.String).unique() if rule else ()
    meant = (
        meanings("event") | {plain(word): str(value) for word, value in rule.values.items()} if rule else {}
    )
    return any(meant.get(each) in ("solved", "closed") for word in words for each in spellings(word))


def _tickets(have: set[str], config: Config) -> set[str]:
    more = set[str]().union(*(made for some, made in _MADE_OF.items() if have.intersection(some)))
    if config.complaints.all:
        more.add("is_complaint")
    if "status" in have and "solved_at" in more:
        more.add("first_solved_at")
    return more


def _surveys(have: set[str], questions: Sequence[Question]) -> set[str]:
    more = {"scale_min", "scale_max"}
    if questions:
        more |= {"kind", "score"}
    if any(each.journey_stage for each in questions):
        more.add("journey_stage")
    if any(each.question for each in questions):
        more.add("question")
    if "sent_at" in have:
        more.add("responded_at")
    return more


def _calls(have: set[str]) -> set[str]:
    ends = have & {"answered_at", "ended_at"}
    return ({"wait_seconds"} if ends else set()) | ({"disposition"} if ends else set())


def _ratings(tickets: Mapped) -> frozenset[str]:
    kept = {name for name in RATED if name in tickets.fields}
    return frozenset(
        {"kind", "score", "ticket_id", "sent_at", "responded_at", "scale_min", "scale_max", *kept}
    )
