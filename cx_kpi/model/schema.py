"""The vocabulary: which tables there are, their fields, and what kind of value each field holds."""

from dataclasses import field
from enum import StrEnum

from cx_kpi.model.frozen import dataclass


class Kind(StrEnum):
    """What a field holds, and so its type in the canonical frame."""

    KEY = "key"  # an identifier: text, never a number
    TIME = "time"  # an instant: Datetime("us", "UTC")
    SECONDS = "seconds"  # a length of time: Float64, seconds
    CATEGORY = "category"  # a short word to cut by: String
    FLAG = "flag"  # Boolean
    COUNT = "count"  # Int64
    NUMBER = "number"  # Float64
    TEXT = "text"  # free text: String


@dataclass(frozen=True, slots=True)
class Table:
    """One kind of row: its fields, which of them it cannot do without, and the date it is known by."""

    name: str
    fields: dict[str, Kind]
    required: tuple[str, ...]
    clock: str  # the date that says which span of time the file covers
    words: dict[str, tuple[str, ...]] = field(default_factory=dict)  # closed vocabularies, by field
    stand_ins: dict[str, str] = field(default_factory=dict)  # what a required field may follow from
    events: dict[str, tuple[str, ...]] = field(
        default_factory=dict
    )  # what comes after the clock, and what with it
    states: dict[str, tuple[str, ...]] = field(
        default_factory=dict
    )  # flags that are set when one of these dates comes
    spans_report: bool = (
        True  # whether its dates say how far the report reaches, where other tables do as well
    )
    plans_ahead: bool = False  # whether it may hold dates to come, such as the end of a contract


STATUS = ("new", "open", "pending", "on_hold", "solved", "closed")
OPEN_STATUS = STATUS[:4]
SOLVED_STATUS = STATUS[4:]
PAUSED_STATUS = STATUS[2:4]  # the clock stops where a target says so
GONE_STATUS = ("deleted", "spam", "merged")
WHO = ("customer", "agent", "bot", "system")

TICKETS = Table(
    name="tickets",
    required=("ticket_id", "created_at"),
    clock="created_at",
    words={
        "status": (*STATUS, *GONE_STATUS),
        "channel": ("email", "web", "chat", "phone", "social", "api", "in_person"),
        "priority": ("low", "normal", "high", "urgent"),
        "initiator": WHO,
        "complainant": ("customer", "employee"),
    },
    events={
        "first_response_at": ("first_response_seconds",),
        "solved_at": ("resolution_seconds",),
        "first_solved_at": (),
        "closed_at": (),
        "ended_at": (),
    },
    states={"is_solved": ("solved_at", "closed_at")},
    fields={
        "ticket_id": Kind.KEY,
        "created_at": Kind.TIME,
        "status": Kind.CATEGORY,
        "first_response_at": Kind.TIME,
        "first_response_seconds": Kind.SECONDS,
        "solved_at": Kind.TIME,
        "resolution_seconds": Kind.SECONDS,
        "first_solved_at": Kind.TIME,
        "closed_at": Kind.TIME,
        "updated_at": Kind.TIME,
        "channel": Kind.CATEGORY,
        "priority": Kind.CATEGORY,
        "type": Kind.CATEGORY,
        "is_complaint": Kind.FLAG,
        "category": Kind.CATEGORY,
        "product": Kind.CATEGORY,
        "team": Kind.CATEGORY,
        "agent": Kind.CATEGORY,
        "customer_id": Kind.KEY,
        "organization": Kind.CATEGORY,
        "segment": Kind.CATEGORY,
        "subject": Kind.TEXT,
        "tags": Kind.TEXT,
        "reopen_count": Kind.COUNT,
        "reply_count": Kind.COUNT,
        "escalation_level": Kind.COUNT,
        "escalated_to_management": Kind.FLAG,
        "handle_seconds": Kind.SECONDS,
        "cost": Kind.NUMBER,
        "satisfaction_score": Kind.TEXT,
        "is_spam": Kind.FLAG,
        "is_deleted": Kind.FLAG,
        "is_test": Kind.FLAG,
        "merged_into": Kind.KEY,
        "parent_ticket_id": Kind.KEY,
        "initiator": Kind.CATEGORY,
        "complainant": Kind.CATEGORY,
        "requester_wait_seconds": Kind.SECONDS,
        "agent_wait_seconds": Kind.SECONDS,
        "new_seconds": Kind.SECONDS,
        "open_seconds": Kind.SECONDS,
        "on_hold_seconds": Kind.SECONDS,
        "assignment_count": Kind.COUNT,
        "reassignment_count": Kind.COUNT,
        "bot_began": Kind.FLAG,
        "human_replied": Kind.FLAG,
        "customer_returned": Kind.FLAG,
    },
)

TICKET_EVENTS = Table(
    name="ticket_events",
    required=("ticket_id", "at", "event"),
    stand_ins={"event": "status"},
    clock="at",
    words={
        "event": (
            "created",
            "status",
            "reply",
            "note",
            "assignment",
            "solved",
            "closed",
            "reopened",
            "other",
        ),
        "status": (*STATUS, *GONE_STATUS),
        "author_kind": WHO,
    },
    fields={
        "event_id": Kind.KEY,
        "ticket_id": Kind.KEY,
        "at": Kind.TIME,
        "event": Kind.CATEGORY,
        "status": Kind.CATEGORY,
        "author_kind": Kind.CATEGORY,
        "is_public": Kind.FLAG,
        "agent": Kind.CATEGORY,
        "team": Kind.CATEGORY,
    },
)

SURVEYS = Table(
    name="surveys",
    required=("kind", "score"),
    clock="responded_at",
    words={"kind": ("csat", "nps", "ces", "sps", "review", "self")},
    events={"sent_at": (), "responded_at": ("score", "comment")},
    fields={
        "response_id": Kind.KEY,
        "kind": Kind.CATEGORY,
        "score": Kind.NUMBER,
        "responded_at": Kind.TIME,
        "sent_at": Kind.TIME,
        "scale_min": Kind.NUMBER,
        "scale_max": Kind.NUMBER,
        "ticket_id": Kind.KEY,
        "customer_id": Kind.KEY,
        "journey_stage": Kind.CATEGORY,
        "question": Kind.CATEGORY,
        "comment": Kind.TEXT,
        "channel": Kind.CATEGORY,
        "product": Kind.CATEGORY,
        "agent": Kind.CATEGORY,
        "team": Kind.CATEGORY,
    },
)

CUSTOMERS = Table(
    name="customers",
    required=("customer_id",),
    clock="started_at",
    events={"ended_at": ()},
    spans_report=False,
    plans_ahead=True,
    fields={
        "customer_id": Kind.KEY,
        "started_at": Kind.TIME,
        "ended_at": Kind.TIME,
        "ended_reason": Kind.CATEGORY,
        "last_activity_at": Kind.TIME,
        "is_lost": Kind.FLAG,
        "segment": Kind.CATEGORY,
        "plan": Kind.CATEGORY,
        "region": Kind.CATEGORY,
        "value": Kind.NUMBER,
    },
)

CUSTOMER_COUNTS = Table(
    name="customer_counts",
    required=("period_start", "period_end", "start_count", "end_count"),
    clock="period_start",
    spans_report=False,
    fields={
        "period_start": Kind.TIME,
        "period_end": Kind.TIME,
        "start_count": Kind.COUNT,
        "end_count": Kind.COUNT,
        "new_count": Kind.COUNT,
        "lost_count": Kind.COUNT,
    },
)

ORDERS = Table(
    name="orders",
    required=("customer_id", "ordered_at"),
    clock="ordered_at",
    fields={"customer_id": Kind.KEY, "ordered_at": Kind.TIME, "amount": Kind.NUMBER},
)

CALLS = Table(
    name="calls",
    required=("queued_at",),
    clock="queued_at",
    words={
        "disposition": ("answered", "abandoned", "voicemail", "callback", "failed"),
        "direction": ("inbound", "outbound"),
    },
    events={"answered_at": ("wait_seconds", "disposition"), "ended_at": ()},
    fields={
        "call_id": Kind.KEY,
        "queued_at": Kind.TIME,
        "answered_at": Kind.TIME,
        "ended_at": Kind.TIME,
        "wait_seconds": Kind.SECONDS,
        "disposition": Kind.CATEGORY,
        "direction": Kind.CATEGORY,
        "queue": Kind.CATEGORY,
        "agent": Kind.CATEGORY,
        "customer_id": Kind.KEY,
        "ticket_id": Kind.KEY,
    },
)

TABLES: dict[str, Table] = {
    table.name: table
    for table in (TICKETS, SURVEYS, CUSTOMERS, CUSTOMER_COUNTS, ORDERS, CALLS, TICKET_EVENTS)
}

DRIVERS = (
    "channel",
    "product",
    "category",
    "team",
    "priority",
    "segment",
    "queue",
)  # what a change may come from

SPANS = {  # the dates that say how far the data reaches, the one that says from when first
    "tickets": ("created_at", "first_response_at", "solved_at"),
    "surveys": ("responded_at", "sent_at"),
    "calls": ("queued_at", "answered_at"),
    "orders": ("ordered_at",),
    "customer_counts": ("period_start",),
    "customers": ("started_at", "last_activity_at"),
    "ticket_events": ("at",),
}

MADE = {  # dimensions made by us, usable in every cut, and their values in order
    "experience": ("first contact", "returning"),
    "age_of_customer": ("under 30 days", "30–90 days", "90 days – 1 year", "1–2 years", "over 2 years"),
    "weekday": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    "hour": tuple(f"{hour:02}" for hour in range(24)),
    "working_time": ("in hours", "out of hours"),
    "wait_band": (
        "under 1 min", "1–15 min", "15–60 min", "1–4 h", "4–24 h", "1–3 d", "over 3 d",
    ),
    "complainant": TICKETS.words["complainant"],
}  # fmt: skip


def rank(dimension: str, value: str | None) -> int:
    """The place of a value in the order of a dimension made by us; the same for all values of others."""
    made = MADE.get(dimension, ())
    return made.index(value) if value in made else len(made)
