"""The telephone: every phone ticket is a call, and many calls are no ticket."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from .customers import Customer
from .hours import arrivals, is_open
from .life import phone_wait
from .ticket import Ticket
from .world import MONTHS, STORY, Month, month_of, pick, skewed, stream

HEADER = [
    "call_id", "queued_at", "answered_at", "ended_at", "wait_seconds", "disposition", "direction", "queue",
    "agent", "customer_id", "ticket_id",
]  # fmt: skip
_QUEUES = {"Technical": 52, "Billing": 28, "Frontline": 20}
_PER_TICKET = 0.45  # calls without a ticket, for each ticket of the month
_RARE = {"voicemail": 60, "callback": 30, "failed": 10}


@dataclass(slots=True, kw_only=True)
class Call:
    """One call as it is exported, but for its number."""

    queued_at: datetime
    answered_at: datetime | None
    ended_at: datetime
    wait_seconds: int | None
    disposition: str
    queue: str
    direction: str = "inbound"
    agent: str = ""
    customer_id: str = ""
    ticket_id: str = ""

    def row(self, number: int) -> list[object]:
        """The exported cells, in the order of HEADER."""
        return [f"C-{number}", *(getattr(self, name) for name in HEADER[1:])]


def calls(tickets: list[Ticket], everyone: list[Customer]) -> list[list[object]]:
    """All rows by the time they came into the queue."""
    rng = stream("calls")
    made = [
        _of_ticket(t, t.first_response_at) for t in tickets if t.channel == "phone" and t.first_response_at
    ]
    for month in MONTHS:
        made += _others(rng, month, everyone)
    made.sort(key=lambda call: call.queued_at)
    return [call.row(number) for number, call in enumerate(made, 70_001)]


def _of_ticket(ticket: Ticket, answered: datetime) -> Call:
    return Call(
        queued_at=ticket.created_at,
        answered_at=answered,
        ended_at=answered + timedelta(seconds=ticket.handle_seconds or 300),
        wait_seconds=int((answered - ticket.created_at).total_seconds()),
        disposition="answered",
        queue=ticket.team,
        agent=ticket.agent,
        customer_id=ticket.customer_id,
        ticket_id=ticket.ticket_id,
    )


def _others(rng: Random, month: Month, everyone: list[Customer]) -> list[Call]:
    active = [c for c in everyone if c.active(month.start + timedelta(days=14))]
    moments = [
        moment for moment in arrivals(rng, month.days, round(month.tickets * _PER_TICKET)) if is_open(moment)
    ]
    made = [_inbound(rng, moment, rng.choice(active)) for moment in moments]
    return made + [_outbound(rng, moment, rng.choice(active)) for moment in moments if rng.random() < 0.13]


def _inbound(rng: Random, queued: datetime, customer: Customer) -> Call:
    queue = pick(rng, _QUEUES)
    slowness = month_of(queued).slowness
    wait = int(phone_wait(rng, slowness))
    known = customer.customer_id if rng.random() < 0.85 else ""
    if rng.random() < 0.085 * slowness**1.1:
        return _ended(rng, queued, "abandoned", queue, known)
    if rng.random() < 0.025:
        return _ended(rng, queued, pick(rng, _RARE), queue, known)
    answered = queued + timedelta(seconds=wait)
    agent = rng.choice([name for name, row in STORY["agents"].items() if row["team"] == queue])
    return Call(
        queued_at=queued,
        answered_at=answered,
        ended_at=answered + timedelta(seconds=int(skewed(rng, 190, 0.6))),
        wait_seconds=wait,
        disposition="answered",
        queue=queue,
        agent=agent,
        customer_id=known,
    )


def _ended(rng: Random, queued: datetime, disposition: str, queue: str, customer_id: str) -> Call:
    wait = 5 + int(skewed(rng, 85 * month_of(queued).slowness ** 0.5, 0.7))
    ended = queued + timedelta(seconds=wait)
    return Call(
        queued_at=queued,
        answered_at=None,
        ended_at=ended,
        wait_seconds=wait,
        disposition=disposition,
        queue=queue,
        customer_id=customer_id,
    )


def _outbound(rng: Random, near: datetime, customer: Customer) -> Call:
    queued = near + timedelta(seconds=rng.randrange(60, 1800))
    rang = rng.randrange(6, 30)
    reached = rng.random() < 0.7
    answered = queued + timedelta(seconds=rang) if reached else None
    return Call(
        queued_at=queued,
        answered_at=answered,
        ended_at=queued + timedelta(seconds=rang + (int(skewed(rng, 150, 0.6)) if reached else 5)),
        wait_seconds=None,
        disposition="answered" if reached else "failed",
        queue=pick(rng, _QUEUES),
        direction="outbound",
        customer_id=customer.customer_id,
    )
