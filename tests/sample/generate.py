"""Write sample_data: `python -m tests.sample.generate`."""

import csv
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from . import calls, events, orders, survey, surveys, ticket
from .customers import Customer, counts, customers
from .dirty import dirtied
from .presets import write_presets
from .tickets import tickets

SAMPLE_DATA = Path(__file__).parents[2] / "sample_data"
_CUSTOMER = [
    "customer_id",
    "started_at",
    "ended_at",
    "ended_reason",
    "last_activity_at",
    "segment",
    "plan",
    "region",
    "value",
]
_COUNTS = ["period_start", "period_end", "start_count", "end_count", "new_count", "lost_count"]


def write(folder: Path) -> None:
    """Write every file of the sample data but the hand-written ones."""
    everyone = customers()
    asked = tickets(everyone)
    _table(folder / "surveys.csv", survey.HEADER, surveys.surveys(asked, everyone))
    _table(folder / "calls.csv", calls.HEADER, calls.calls(asked, everyone))
    clean = [(each, each.row()) for each in asked]
    _table(folder / "tickets.csv", ticket.HEADER, dirtied(asked))  # nobody may see the dirt but the file
    logged = [each for each, row in clean if each.row() == row]
    _table(folder / "ticket_events.csv", events.HEADER, events.events(logged, _latest(asked)))
    _table(folder / "customers.csv", _CUSTOMER, map(_customer, everyone))
    _table(folder / "customer_counts.csv", _COUNTS, counts(everyone))
    _table(folder / "orders.csv", orders.HEADER, orders.orders(everyone))
    write_presets(folder / "presets")


def _latest(asked: list[ticket.Ticket]) -> datetime:
    """The last moment in any ticket."""
    return max(at for each in asked for at in (each.created_at, each.first_response_at, each.solved_at) if at)


def _customer(customer: Customer) -> list[object]:
    values = [getattr(customer, name) for name in _CUSTOMER]
    return [f"{value:%Y-%m-%d}" if isinstance(value, datetime) else value for value in values]


def _table(path: Path, header: list[str], rows: Iterable[list[object]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


if __name__ == "__main__":
    write(SAMPLE_DATA)
