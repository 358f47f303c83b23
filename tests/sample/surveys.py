"""Surveys and their answers: CSAT, CES, NPS, the journey, and the company's own marks."""

from datetime import datetime, timedelta
from random import Random

from .comments import with_comments
from .customers import Customer
from .hours import arrivals
from .reviews import reviews
from .survey import Answer
from .ticket import Ticket
from .world import END, MONTHS, STORY, Month, chance, month_of, skewed, stream

_LIMITS = {"phone": 240, "chat": 120, "email": 86_400, "web": 86_400, "social": 3_600}


def surveys(tickets: list[Ticket], everyone: list[Customer]) -> list[list[object]]:
    """All rows by date."""
    asked = [
        *_csat(stream("csat"), tickets),
        *_ces(stream("ces"), tickets),
        *_complaint_nps(stream("complaint nps"), tickets),
        *_nps(stream("nps"), everyone),
        *_stages(stream("stages"), everyone),
        *_own(stream("own")),
        *reviews(everyone),
    ]
    asked.sort(key=lambda answer: answer.moment)
    return [answer.row(number) for number, answer in enumerate(with_comments(asked), 50_001)]


def _asked(rng: Random, answer: Answer, rate: float, hours: float) -> Answer:
    """The answer, or the silence: most never reply, and who would after the export has not yet."""
    sent = answer.moment
    answer.responded_at = sent + timedelta(seconds=int(skewed(rng, hours * 3600, 1.1)))
    if rng.random() > rate or answer.responded_at >= END:
        answer.score = answer.responded_at = None
    return answer


def _content(ticket: Ticket, solved: datetime) -> float:
    """Log-odds that the customer is satisfied with how this ticket went."""
    wait = ((ticket.first_response_at or solved) - ticket.created_at).total_seconds()
    late = wait > _LIMITS.get(ticket.channel, 86_400)
    long = solved - ticket.created_at > timedelta(hours=48)
    agent = STORY["agents"][ticket.agent]["liked"] if ticket.agent else 0
    complaint = 1.6 * (ticket.type == "complaint")
    return float(2.65 + month_of(solved).mood + agent - complaint - 0.8 * late - 0.6 * long)


def _csat(rng: Random, tickets: list[Ticket]) -> list[Answer]:
    asked = []
    for ticket in tickets:
        for solved in sorted({ticket.first_solved_at, ticket.solved_at} - {None}):  # type: ignore[type-var]
            if solved and ticket.initiator == "customer" and rng.random() < 0.62:
                asked.append(_mark(rng, ticket, solved))
    return asked


def _mark(rng: Random, ticket: Ticket, solved: datetime) -> Answer:
    good = rng.random() < chance(_content(ticket, solved))
    score = rng.choices([5, 4], [76, 24])[0] if good else rng.choices([3, 2, 1], [38, 20, 42])[0]
    sent = solved + timedelta(minutes=30)
    answer = Answer(kind="csat", score=score, sent_at=sent, ticket=ticket, customer=ticket.customer)
    rate = STORY["channels"].get(ticket.channel, {"rated": 0.2})["rated"]
    return _asked(rng, answer, rate * (1.05 if good else 1.3), 4)


def _ces(rng: Random, tickets: list[Ticket]) -> list[Answer]:
    """Shown at the end of a chat or a form, so it is not counted how often it was sent."""
    solved = [t for t in tickets if t.solved_at and t.channel in {"web", "chat"} and rng.random() < 0.24]
    return [_effort(rng, ticket, ticket.solved_at) for ticket in solved if ticket.solved_at]


def _effort(rng: Random, ticket: Ticket, solved: datetime) -> Answer:
    easy = rng.random() < chance(_content(ticket, solved) - 1.1)
    score = (
        rng.choices([7, 6, 5], [40, 38, 22])[0] if easy else rng.choices([4, 3, 2, 1], [40, 28, 18, 14])[0]
    )
    moment = solved + timedelta(seconds=rng.randrange(20, 300))
    return Answer(kind="ces", score=score, responded_at=moment, ticket=ticket, customer=ticket.customer)


def _points(rng: Random, mood: float) -> int:
    draw = rng.gauss(8.9 + 0.9 * mood, 2.05)
    return min(max(round(draw), 0), 10)


def _nps(rng: Random, everyone: list[Customer]) -> list[Answer]:
    asked = []
    for month in MONTHS:
        active = [c for c in everyone if c.active(month.start) and c.active(month.start + timedelta(days=16))]
        for customer in rng.sample(active, 96):
            sent = month.start + timedelta(
                days=rng.choice([4, 5, 11, 12]), hours=11, seconds=rng.randrange(600)
            )
            answer = Answer(kind="nps", score=_points(rng, month.mood), sent_at=sent, customer=customer)
            asked.append(_asked(rng, answer, 0.42, 20))
    return asked


def _complaint_nps(rng: Random, tickets: list[Ticket]) -> list[Answer]:
    asked = []
    for ticket in tickets:
        if ticket.type == "complaint" and ticket.solved_at and rng.random() < 0.6:
            sent = ticket.solved_at + timedelta(days=2)
            score = _points(rng, month_of(sent).mood - 2.3)
            answer = Answer(kind="nps", score=score, sent_at=sent, ticket=ticket, customer=ticket.customer)
            if sent < END:
                asked.append(_asked(rng, answer, 0.42, 20))
    return asked


def _stages(rng: Random, everyone: list[Customer]) -> list[Answer]:
    return [
        _stage(rng, month, stage, moment, everyone)
        for month in MONTHS
        for stage in STORY["stages"]
        for moment in arrivals(rng, month.days, rng.randrange(7, 11))
    ]


def _stage(rng: Random, month: Month, stage: str, moment: datetime, everyone: list[Customer]) -> Answer:
    mood = month.mood if stage in {"Support", "Daily use", "Setup"} else month.mood / 4
    score = min(max(round(rng.gauss(STORY["stages"][stage]["customers"] + 0.15 + 0.5 * mood, 0.95)), 1), 5)
    customer = rng.choice([c for c in everyone if c.active(moment)])
    return Answer(kind="sps", score=score, responded_at=moment, journey_stage=stage, customer=customer)


def _own(rng: Random) -> list[Answer]:
    """On the first Monday of a month the heads of two departments mark every stage, kindly."""
    return [
        Answer(
            kind="self", score=_kind(rng, own["own"], month), responded_at=_monday(month), journey_stage=stage
        )
        for month in MONTHS
        for stage, own in STORY["stages"].items()
        for _ in range(2)
    ]


def _kind(rng: Random, mean: float, month: Month) -> int:
    return min(int(mean + 0.2 * month.mood + rng.random()), 5)


def _monday(month: Month) -> datetime:
    first = next(day for day in month.days if day.weekday() == 0)
    return first + timedelta(hours=10)
