"""What no real export is without: a few rows that are not what they seem. At most forty."""

from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random

from .ticket import HEADER, Ticket
from .world import stream

_SENTINEL = datetime(1900, 1, 1)
_BLANKS = 24  # tickets that name no channel, and as many that name no product


def dirtied(tickets: list[Ticket]) -> list[list[object]]:
    """The exported rows: most of them clean, some not."""
    rng = stream("dirty")
    plain = [t for t in tickets[200:-400] if t.solved_at and not t.reopen_count and t.type != "complaint"]
    for dirt, times in _DIRT:
        for ticket in rng.sample(plain, times):
            plain.remove(ticket)
            dirt(rng, ticket)
    for name in ("channel", "product"):
        for ticket in rng.sample(plain, _BLANKS):
            setattr(ticket, name, "")
    _merge(rng, tickets)
    return _repeated(rng, [ticket.row() for ticket in tickets])


def _sentinel(_: Random, ticket: Ticket) -> None:
    ticket.solved_at = ticket.first_solved_at = ticket.closed_at = _SENTINEL
    ticket.status = "open"


def _backwards(_: Random, ticket: Ticket) -> None:
    ticket.solved_at = ticket.first_solved_at = ticket.created_at - timedelta(hours=1)


def _odd_status(_: Random, ticket: Ticket) -> None:
    ticket.status = "awaiting courier"


def _spam(rng: Random, ticket: Ticket) -> None:
    ticket.is_spam = 1
    ticket.subject = rng.choice(["You have won a prize", "Cheap watches today", "Лёгкий заработок дома"])


def _deleted(_: Random, ticket: Ticket) -> None:
    ticket.is_deleted = 1


def _test(_: Random, ticket: Ticket) -> None:
    ticket.is_test = 1
    ticket.subject = "Test, please ignore"


_DIRT: list[tuple[Callable[[Random, Ticket], None], int]] = [
    (_sentinel, 3),
    (_backwards, 3),
    (_odd_status, 2),
    (_spam, 8),
    (_deleted, 4),
    (_test, 3),
]


def _merge(rng: Random, tickets: list[Ticket]) -> None:
    for index in rng.sample(range(300, len(tickets) - 300), 5):
        tickets[index].merged_into = tickets[index - 1].ticket_id


def _repeated(rng: Random, rows: list[list[object]]) -> list[list[object]]:
    """Two rows that came twice, and two that came again with another state."""
    status, updated = HEADER.index("status"), HEADER.index("updated_at")
    for index in sorted(rng.sample(range(500, len(rows) - 500), 4), reverse=True):
        again = list(rows[index])
        if index % 2:
            again[status], again[updated] = "open", rows[index + 40][updated]
        rows.insert(index + 1, again)
    return rows
