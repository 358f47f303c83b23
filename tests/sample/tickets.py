"""The tickets: who wrote, when, about what, and what the desk did about it."""

from datetime import datetime, timedelta
from random import Random

from .customers import Customer
from .hours import arrivals, is_open
from .life import live
from .ticket import Ticket
from .world import END, EXPORTED, MONTHS, STORY, WORDS, Month, month_of, pick, pick_by, stream

_FOLLOW_UPS = 0.125  # share of solved tickets whose customer is soon back on the same issue
_COMPLAINT_REPEATS = 0.075
_TAGS = ["vip", "router-v3", "promo", "warranty", "firmware", "invoice", "courier", "beta"]


def tickets(everyone: list[Customer]) -> list[Ticket]:
    """All tickets by the time they came, numbered, with what comes of them after the export cut away."""
    rng = stream("tickets")
    made = [ticket for month in MONTHS for ticket in _month(rng, month, everyone)]
    made.sort(key=lambda ticket: ticket.created_at)
    for number, ticket in enumerate(made, 10_001):
        ticket.ticket_id = f"T-{number}"
    for ticket in made:
        ticket.settle(EXPORTED)
    return made


def _month(rng: Random, month: Month, everyone: list[Customer]) -> list[Ticket]:
    active = [c for c in everyone if c.active(month.start + timedelta(days=14))]
    writers = rng.choices(active, [c.eager for c in active], k=round(month.tickets * 0.88))
    moments = arrivals(rng, month.days, len(writers))
    made = [_ticket(rng, moment, writer) for moment, writer in zip(moments, writers, strict=True)]
    return made + [again for ticket in made for again in _echoes(rng, ticket)]


def _ticket(rng: Random, created: datetime, customer: Customer) -> Ticket:
    month = month_of(created)
    complaint = rng.random() < month.complaints * 1.04
    category = pick_by(rng, _categories(created), "complaints" if complaint else "share")
    ticket = Ticket(
        created_at=created,
        customer=customer,
        channel=_channel(rng, created),
        type="complaint" if complaint else pick(rng, STORY["types"]),
        category=category,
        product="Orvi App" if category == "app" else pick(rng, STORY["products"]),
        team=STORY["categories"][category]["team"],
        priority=_priority(rng, complaint),
        subject=rng.choice(WORDS["subjects"][category]),
        tags=" ".join(sorted(rng.sample(_TAGS, rng.choice([0, 0, 0, 1, 1, 2])))),
        initiator=rng.choices(["customer", "agent", "system"], [96, 3, 1])[0],
    )
    live(rng, ticket)
    return ticket


def _categories(created: datetime) -> dict[str, dict[str, float]]:
    rows: dict[str, dict[str, float]] = STORY["categories"]
    app = rows["app"]
    worse = 3.2 if month_of(created).mood < -0.5 else 1.0
    return rows | {"app": app | {"share": app["share"] * worse, "complaints": app["complaints"] * worse}}


def _channel(rng: Random, created: datetime) -> str:
    channel = pick_by(rng, STORY["channels"], "share")
    return channel if channel not in {"chat", "phone"} or is_open(created) else rng.choice(["email", "web"])


def _priority(rng: Random, complaint: bool) -> str:
    return rng.choice(["normal", "high", "high", "urgent"]) if complaint else pick(rng, STORY["priorities"])


def _echoes(rng: Random, ticket: Ticket) -> list[Ticket]:
    """Further tickets of the same customer on the same issue: soon after the answer, or a new complaint."""
    if ticket.solved_at is None:
        return []
    if ticket.type == "complaint" and rng.random() < _COMPLAINT_REPEATS:
        return _echo(rng, ticket, timedelta(days=rng.uniform(9, 75)), "complaint")
    if rng.random() < _FOLLOW_UPS:
        return _echo(rng, ticket, timedelta(days=rng.uniform(0.2, 6.6)), rng.choice(["question", "problem"]))
    return []


def _echo(rng: Random, ticket: Ticket, gap: timedelta, kind: str) -> list[Ticket]:
    moment = (ticket.solved_at or END) + gap
    if moment >= END:
        return []
    again = _ticket(rng, moment.replace(microsecond=0), ticket.customer)
    again.type, again.category, again.product, again.team = kind, ticket.category, ticket.product, ticket.team
    again.subject, again.parent = ticket.subject, ticket if kind == "complaint" else None
    live(rng, again)
    return [again]
