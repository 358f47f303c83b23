"""A handful of tickets that every preset's sample writes in its own way."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from .hours import arrivals, worked
from .world import STORY, WORDS, pick, pick_by, skewed, stream

_CHANNELS = {"email": 40, "web": 25, "chat": 20, "phone": 15}
_DAYS = [datetime(2026, 2, 2) + timedelta(days=n) for n in range(42)]
NOW = datetime(2026, 3, 16, 9)  # when the samples were exported


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One ticket of a sample."""

    number: int
    created: datetime
    answered: datetime | None
    solved: datetime | None
    status: str
    channel: str
    priority: str
    type: str
    category: str
    product: str
    subject: str
    tags: list[str]
    customer: int
    agent: str
    team: str
    replies: int
    reopens: int
    mark: int | None  # 1 to 5
    asked: bool  # for a mark, whether given or not

    @property
    def updated(self) -> datetime:
        """The last thing that happened."""
        return self.solved or self.answered or self.created

    @property
    def text(self) -> str:
        """What the customer wrote: lines, commas and quotes, as people do."""
        more = (
            "Пишу «второй» раз;\nпомогите, пожалуйста"
            if "а" in self.subject
            else 'It is "urgent";\nthank you, bye'
        )
        return f"{self.subject}.\n{more}."


def minutes(start: datetime, end: datetime | None) -> int | None:
    """Whole minutes between two moments, if the second has come."""
    return int((end - start).total_seconds() // 60) if end else None


def cases(name: str, number: int) -> list[Case]:
    """That many tickets, different for each name."""
    rng = stream(name)
    return [_case(rng, index, moment) for index, moment in enumerate(sorted(arrivals(rng, _DAYS, number)), 1)]


def _case(rng: Random, number: int, created: datetime) -> Case:
    channel = pick(rng, _CHANNELS)
    row = STORY["channels"][channel]
    answered = worked(
        created, skewed(rng, row["answer"], 0.8) if channel in {"email", "web"} else rng.randrange(20, 300)
    )
    solved = _solved(rng, created, answered)
    over = solved if solved < NOW and rng.random() < 0.88 else None
    heard = answered if answered < NOW and (over or rng.random() < 0.8) else None
    category = pick_by(rng, STORY["categories"], "share")
    team = STORY["categories"][category]["team"]
    asked = bool(over) and rng.random() < 0.7
    return Case(
        number=number,
        created=created,
        answered=heard,
        solved=over,
        status=_status(rng, heard, over),
        channel=channel,
        priority=pick(rng, STORY["priorities"]),
        type=rng.choice(["question", "question", "problem", "complaint", "request"]),
        category=category,
        product=pick(rng, STORY["products"]),
        subject=rng.choice(WORDS["subjects"][category]),
        tags=rng.sample(["vip", "firmware", "promo", "warranty"], rng.randrange(3)),
        customer=rng.randrange(301, 330),
        agent=rng.choice([name for name, agent in STORY["agents"].items() if agent["team"] == team]),
        team=team,
        replies=rng.choice([1, 1, 2, 3]) if heard else 0,
        reopens=int(bool(over) and rng.random() < 0.1),
        mark=rng.choices([5, 4, 3, 2, 1], [50, 24, 8, 8, 10])[0] if asked and rng.random() < 0.6 else None,
        asked=asked,
    )


def _solved(rng: Random, created: datetime, answered: datetime) -> datetime:
    solved = worked(answered, skewed(rng, 4 * 3600, 1))
    if rng.random() < 0.4:  # some durations are whole hours
        solved += timedelta(seconds=-(solved - created).total_seconds() % 3600)
    return solved


def _status(rng: Random, answered: datetime | None, solved: datetime | None) -> str:
    if solved:
        return "closed" if NOW - solved > timedelta(days=5) else "solved"
    return rng.choice(["open", "pending", "on_hold"]) if answered else "new"
