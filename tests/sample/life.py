"""What the desk does with a ticket: answer, solve, hand up, reopen, close."""

from datetime import datetime, timedelta
from random import Random

from .hours import worked
from .ticket import Ticket
from .world import END, STORY, month_of, pick, skewed

_URGENCY = {"low": 1.25, "normal": 1.0, "high": 0.75, "urgent": 0.45}
_AT_ONCE = {"chat", "phone"}
_STUCK = {"pending": 50, "on_hold": 30, "open": 20}


def live(rng: Random, ticket: Ticket) -> None:
    """Give the ticket its whole life, also after the end of the export."""
    agents = {name: 1.0 for name, row in STORY["agents"].items() if row["team"] == ticket.team}
    ticket.agent = pick(rng, agents)
    ticket.first_response_at = ticket.created_at + _answer(rng, ticket)
    _work(rng, ticket, ticket.first_response_at)
    _hand_up(rng, ticket)
    _forget(rng, ticket)


def _answer(rng: Random, ticket: Ticket) -> timedelta:
    channel = STORY["channels"][ticket.channel]
    slowness = month_of(ticket.created_at).slowness * STORY["agents"][ticket.agent]["slow"]
    if ticket.channel == "phone":
        return timedelta(seconds=int(phone_wait(rng, slowness)))
    seconds = skewed(rng, channel["answer"], channel["spread"]) * slowness
    if ticket.channel == "chat":
        return timedelta(seconds=int(seconds) + 4)
    weekend = 1.5 if ticket.created_at.weekday() > 4 else 1.0
    return worked(ticket.created_at, seconds * _URGENCY[ticket.priority] * weekend) - ticket.created_at


def phone_wait(rng: Random, slowness: float) -> float:
    """Seconds in the queue: most are taken at once, the others sit through the music."""
    phone = STORY["channels"]["phone"]
    if rng.random() < 0.80 / max(slowness, 1.0) ** 0.8:
        return rng.uniform(0, 19)
    return 20 + skewed(rng, phone["answer"], phone["spread"]) * slowness


def _work(rng: Random, ticket: Ticket, answered: datetime) -> None:
    hard = 2.3 if ticket.type == "complaint" else 1.0
    usual = 540 if ticket.channel in _AT_ONCE else 620
    handle = skewed(rng, usual * (1.7 if hard > 1 else 1), 0.6)
    ticket.handle_seconds = int(handle) if rng.random() < 0.97 else None
    at_once = rng.random() < STORY["channels"][ticket.channel]["one_touch"] / hard
    ticket.reply_count = 1 if at_once else 2 + int(rng.expovariate(0.9 / hard))
    if at_once:
        solved = answered + timedelta(
            seconds=int(handle if ticket.channel in _AT_ONCE else rng.uniform(1, 90))
        )
    else:
        slow = month_of(ticket.created_at).slowness ** 0.6 * STORY["agents"][ticket.agent]["slow"]
        hours = skewed(rng, 6.8, 1.05) * slow * hard**0.5 * _URGENCY[ticket.priority]
        solved = worked(answered, handle + hours * 3600)
    _finish(rng, ticket, solved)


def _finish(rng: Random, ticket: Ticket, solved: datetime) -> None:
    ticket.first_solved_at = ticket.solved_at = solved
    ticket.reopened_at, ticket.reopen_count = None, 0
    if rng.random() < (0.14 if ticket.type == "complaint" else 0.055):
        ticket.reopened_at = solved + timedelta(seconds=int(rng.uniform(2, 70) * 3600))
        ticket.solved_at = worked(ticket.reopened_at, skewed(rng, 5, 1) * 3600)
        ticket.reopen_count = rng.choice([1, 1, 1, 1, 2])
        ticket.reply_count += 1
    night = (ticket.solved_at + timedelta(days=5)).replace(hour=0, minute=15, second=0)
    ticket.closed_at = night  # the nightly job closes what has been solved for long enough
    ticket.waiting = pick(rng, {"open": 55, "pending": 35, "on_hold": 10})


def _hand_up(rng: Random, ticket: Ticket) -> None:
    complaint = ticket.type == "complaint"
    if complaint:
        ticket.cost = rng.choice([0.0, 0.0, 0.0, 5.0, 8.0, 10.0, 15.0, 19.0, 25.0])
    if rng.random() < 0.02:
        ticket.escalation_level = ticket.escalated_to_management = None
        return
    levels = {"0": 70, "1": 20, "2": 10} if complaint else {"0": 937, "1": 60, "2": 3}
    ticket.escalation_level = int(pick(rng, levels))
    ticket.escalated_to_management = int(ticket.escalation_level == 2)


def _forget(rng: Random, ticket: Ticket) -> None:
    """A few of the last months are waiting for a part or a firm reply, or were simply never answered."""
    age = (END - ticket.created_at).days
    if age < 240 and rng.random() < 0.022:
        ticket.first_solved_at = ticket.solved_at = ticket.closed_at = ticket.reopened_at = None
        ticket.reopen_count, ticket.waiting = 0, pick(rng, _STUCK)
        if age < 60 and rng.random() < 0.3:
            ticket.first_response_at = None
