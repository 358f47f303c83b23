"""The log of events of the tickets of the last three months, in agreement with their rows in tickets.csv."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random

from .ticket import Ticket
from .world import STORY, stream, within

HEADER = ["ticket_id", "at", "event", "status", "author_kind", "is_public", "agent", "team"]
SINCE = datetime(2026, 1, 1)
_GREETS = 0.6  # of chats, by a bot
_MOVES = 0.12  # to a second agent
_HOLDS = 0.06
_THANKS = 0.08
_DAY = timedelta(days=1)
Line = list[object]


def events(tickets: list[Ticket], until: datetime) -> list[Line]:
    """A line for each event up to a moment, as they came."""
    rng = stream("events")
    lines = [line for ticket in tickets if ticket.created_at >= SINCE for line in _life(rng, ticket, until)]
    return sorted((line for line in lines if line[1] <= until), key=lambda line: (line[1], line[0]))  # type: ignore[operator]


def _line(ticket: Ticket, at: datetime, event: str, **more: object) -> Line:
    cells = {"ticket_id": ticket.ticket_id, "at": at, "event": event, **more}
    return [cells.get(name, "") for name in HEADER]


def _life(rng: Random, ticket: Ticket, until: datetime) -> list[Line]:
    lines = [_line(ticket, ticket.created_at, "created", author_kind=ticket.initiator)]
    if ticket.channel == "chat" and rng.random() < _GREETS:
        greeted = ticket.created_at + timedelta(seconds=1)
        lines.append(_line(ticket, greeted, "reply", author_kind="bot", is_public=1))
    if ticket.first_response_at:
        lines += _answered(rng, ticket, ticket.first_response_at, until)
        lines += _over(rng, ticket, max(line[1] for line in lines), until)  # type: ignore[arg-type, type-var]
    return lines


def _answered(rng: Random, ticket: Ticket, answered: datetime, until: datetime) -> Iterator[Line]:
    yield from _taken(rng, ticket, answered)
    solved = ticket.first_solved_at
    after = 1 if ticket.reopened_at else 0
    yield from _talk(rng, ticket, answered, solved or until, ticket.reply_count - after)
    if solved:
        yield _line(ticket, solved, "status", status="solved", author_kind="agent")
    if ticket.reopened_at:
        yield from _again(rng, ticket, ticket.reopened_at, ticket.solved_at or until)


def _taken(rng: Random, ticket: Ticket, answered: datetime) -> Iterator[Line]:
    """From the queue to the agent who answers, now and then by way of another."""
    taken = within(rng, ticket.created_at, answered)
    if rng.random() < _MOVES:
        agents: dict[str, dict[str, str]] = STORY["agents"]
        other = rng.choice([name for name in agents if name != ticket.agent])
        yield _line(
            ticket,
            within(rng, ticket.created_at, taken),
            "assignment",
            agent=other,
            team=agents[other]["team"],
        )
        if rng.random() < 0.5:
            yield _line(ticket, taken, "note", author_kind="agent", is_public=0)
    yield _line(ticket, taken, "assignment", agent=ticket.agent, team=ticket.team)


def _talk(rng: Random, ticket: Ticket, start: datetime, end: datetime, replies: int) -> Iterator[Line]:
    """The agent's answers from one moment on, the customer's before each but the first, and who waits for whom."""
    later = sorted(within(rng, start, end) for _ in range(replies - 1))
    held = rng.random() < _HOLDS
    before = start
    yield _line(ticket, start, "reply", author_kind="agent", is_public=1)
    for at in later:
        yield _line(ticket, before, "status", status="pending", author_kind="agent")
        wrote = within(rng, before, at)
        yield _line(ticket, wrote, "reply", author_kind="customer", is_public=1)
        yield _line(ticket, wrote, "status", status="open", author_kind="system")
        if held:
            yield _line(ticket, within(rng, wrote, at), "status", status="on_hold", author_kind="agent")
        yield _line(ticket, at, "reply", author_kind="agent", is_public=1)
        before = at


def _again(rng: Random, ticket: Ticket, reopened: datetime, end: datetime) -> Iterator[Line]:
    """Opened again by the customer; where that happened twice, solved for a while between."""
    marks = sorted(within(rng, reopened, end) for _ in range(2))
    spans = [reopened] if ticket.reopen_count == 1 else [reopened, marks[1]]
    for at in spans:
        yield _line(ticket, at, "reply", author_kind="customer", is_public=1)
        yield _line(ticket, at, "status", status="open", author_kind="system")
    if ticket.reopen_count > 1:
        yield _line(ticket, marks[0], "status", status="solved", author_kind="agent")
    yield _line(ticket, within(rng, spans[-1], end), "reply", author_kind="agent", is_public=1)
    if ticket.solved_at:
        yield _line(ticket, ticket.solved_at, "status", status="solved", author_kind="agent")


def _over(rng: Random, ticket: Ticket, last: datetime, until: datetime) -> Iterator[Line]:
    """Events after the last solve, or the state of an unsolved ticket."""
    if ticket.solved_at is None:
        yield _line(ticket, within(rng, last, until), "status", status=ticket.status, author_kind="agent")
    elif rng.random() < _THANKS:
        thanks = within(rng, ticket.solved_at, ticket.solved_at + _DAY)
        yield _line(ticket, thanks, "reply", author_kind="customer", is_public=1)
    if ticket.closed_at:
        yield _line(ticket, ticket.closed_at, "status", status="closed", author_kind="system")
