"""Who the customers are, when they came and when they left; and the same counted by month."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from .world import END, MONTHS, START, STORY, Month, pick, stream, within

AT_START = 1_220
_FIRST = datetime(2022, 1, 10)
_PLAN_CHURN = {"Basic": 1.25, "Plus": 1.0, "Family": 0.75, "Business": 0.55}


@dataclass(slots=True)
class Customer:
    """One customer; `eager` is how often they write, and is not exported."""

    customer_id: str
    started_at: datetime
    ended_at: datetime | None
    last_activity_at: datetime
    segment: str
    plan: str
    region: str
    value: float
    age_group: str
    eager: float
    ended_reason: str = ""

    def active(self, moment: datetime) -> bool:
        """A customer at that moment?"""
        return self.started_at <= moment and (self.ended_at is None or moment < self.ended_at)


def customers() -> list[Customer]:
    """All of them, the eldest first."""
    rng = stream("customers")
    starts = [_day(rng, _FIRST, START) for _ in range(AT_START)]
    for month in MONTHS:
        starts += [_day(rng, month.start, month.end) for _ in range(month.joiners)]
    everyone = [_customer(rng, number, start) for number, start in enumerate(sorted(starts), 1001)]
    _say_why(everyone)
    return everyone


def _day(rng: Random, start: datetime, end: datetime) -> datetime:
    # never the first of a month, so that nobody can argue in which month a customer came or left
    return within(rng, start + timedelta(days=1), end).replace(hour=0, minute=0, second=0)


def _customer(rng: Random, number: int, start: datetime) -> Customer:
    plan = rng.choices(list(STORY["plans"]), STORY["plan_weights"])[0]
    end = _leaves(rng, start, _PLAN_CHURN[plan])
    return Customer(
        customer_id=f"CU-{number}",
        started_at=start,
        ended_at=end,
        last_activity_at=_last_seen(rng, start, end),
        segment=STORY["segments"][plan],
        plan=plan,
        region=pick(rng, STORY["regions"]),
        value=round(STORY["plans"][plan] * 12 * rng.choice([1, 1, 1, 0.9, 0.8]), 2),
        age_group=pick(rng, STORY["age_groups"]),
        eager=rng.lognormvariate(0, 0.8),
    )


def _leaves(rng: Random, start: datetime, factor: float) -> datetime | None:
    for month in MONTHS:
        if start < month.start and rng.random() < month.churn * factor:
            return _day(rng, month.start, month.end)
    return None


def _say_why(everyone: list[Customer]) -> None:
    rng = stream("reasons")
    for customer in everyone:
        if customer.ended_at:
            customer.ended_reason = pick(rng, STORY["reasons"])


def _last_seen(rng: Random, start: datetime, end: datetime | None) -> datetime:
    idle = timedelta(days=int(rng.expovariate(1 / 60 if rng.random() < 0.12 else 1 / 4)))
    return max(start, (end or END) - timedelta(days=1) - idle)


def counts(everyone: list[Customer]) -> list[list[object]]:
    """The monthly totals: start and end of the period, active at both, joined and lost between."""
    return [_count(everyone, month) for month in MONTHS]


def _count(everyone: list[Customer], month: Month) -> list[object]:
    new = sum(month.start < c.started_at < month.end for c in everyone)
    lost = sum(c.ended_at is not None and month.start < c.ended_at <= month.end for c in everyone)
    active = [sum(c.active(moment) for c in everyone) for moment in (month.start, month.end)]
    return [f"{month.start:%Y-%m-%d}", f"{month.end:%Y-%m-%d}", *active, new, lost]
