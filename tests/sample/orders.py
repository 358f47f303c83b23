"""What customers order: some every month, some now and then, some no more."""

from datetime import datetime, timedelta
from random import Random

from .customers import Customer
from .world import END, START, stream, within

HEADER = ["customer_id", "ordered_at", "amount"]
_BUYERS = 0.28
_MONTHLY = 0.42  # of the buyers


def orders(everyone: list[Customer]) -> list[list[object]]:
    """All rows by date."""
    rng = stream("orders")
    buyers = [c for c in everyone if rng.random() < _BUYERS]
    rows = [
        row for buyer in buyers for row in (_monthly if rng.random() < _MONTHLY else _irregular)(rng, buyer)
    ]
    return sorted(rows, key=lambda row: str(row[1]))


def _span(rng: Random, customer: Customer) -> tuple[datetime, datetime]:
    """From the first order to the last possible one: until they leave, or quietly earlier."""
    first = max(customer.started_at, START) + timedelta(days=rng.random() * 28)
    last = customer.ended_at or END
    if rng.random() < 0.18 and first < last:
        last = within(rng, first, last)
    return first, last


def _monthly(rng: Random, customer: Customer) -> list[list[object]]:
    moment, last = _span(rng, customer)
    usual = rng.choice([12.0, 18.0, 24.0, 36.0])
    rows = []
    while moment < last:
        rows.append(_order(rng, customer, moment, usual if rng.random() < 0.9 else usual * 1.5))
        moment += timedelta(days=30 + rng.gauss(0, 2))
    return rows


def _irregular(rng: Random, customer: Customer) -> list[list[object]]:
    moment, last = _span(rng, customer)
    pace = rng.uniform(22, 55)
    rows = []
    while moment < last:
        rows.append(_order(rng, customer, moment, min(rng.lognormvariate(3.6, 0.7), 480)))
        moment += timedelta(days=3 + rng.gammavariate(2, pace / 2))
    return rows


def _order(rng: Random, customer: Customer, day: datetime, amount: float) -> list[object]:
    clock = timedelta(hours=int(rng.triangular(8, 23, 19)), minutes=rng.randrange(60))
    moment = day.replace(hour=0, minute=0, second=0, microsecond=0) + clock
    return [customer.customer_id, f"{moment:%Y-%m-%d %H:%M:%S}", round(amount, 2)]
