"""Seeded tables of a messy company: nulls wherever they may be, ties, zero durations, unknown customers."""

import random
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
from canonical import frame

START = datetime(2026, 9, 28, tzinfo=UTC)  # across the end of summer time and ISO week 53
DAYS = 120
CHANNELS = ("email", "web", "chat", "phone", "social", "in_person", None)
PRODUCTS = ("app", "shop", "web", None)
CATEGORIES = ("login", "app", None)  # a product is called so too
REASONS = ("price", "moved away", "price", "service", None)
SEGMENTS = ("small", "large", None)
STAGES = ("order", "delivery", "return", None)
WORDS = ("refund", "parcel", "price", "app", "phone", "login", "box")
SCALES = ((1.0, 5.0), (1.0, 10.0), (None, None), (None, None))
Row = dict[str, Any]


def as_exported(rows: list[Row]) -> pl.DataFrame:
    """Rows as a file holds them, under all names that any of them has."""
    names = list(dict.fromkeys(key for row in rows for key in row))
    return pl.DataFrame([{key: row.get(key) for key in names} for row in rows], infer_schema_length=None)


def written(table: pl.DataFrame, path: Path) -> str:
    """The CSV file of a table."""
    table.write_csv(path, datetime_format="%Y-%m-%dT%H:%M:%S%.3fZ")
    return str(path)


class Company:
    """A random company; the same seed gives the same rows."""

    def __init__(self, seed: int, size: int = 300) -> None:
        self.random, self.more, self.size = random.Random(seed), random.Random(-seed), size
        self.tickets = self._tickets()

    def frames(self) -> dict[str, pl.DataFrame]:
        """Canonical frames of every table."""
        return {name: frame(name, rows) for name, rows in self._rows().items()}

    def exports(self) -> dict[str, pl.DataFrame]:
        """Every table as a file holds it."""
        return {name: as_exported(rows) for name, rows in self._rows().items()}

    def written(self, folder: Path) -> list[tuple[str, str]]:
        """The names and CSV files of all tables, written into a folder."""
        return [(name, written(table, folder / f"{name}.csv")) for name, table in self.exports().items()]

    def _rows(self) -> dict[str, list[Row]]:
        surveys, calls = self._surveys(), self._calls()
        return {
            "tickets": self.tickets,
            "surveys": surveys,
            "customers": self._customers(),
            "customer_counts": self._counts(),
            "orders": self._orders(),
            "calls": calls,
            "ticket_events": self._events(),
        }

    def instant(self, days: float = DAYS) -> datetime:
        """A moment to the millisecond, now and then exactly midnight."""
        at = START + timedelta(milliseconds=self.random.randrange(int(days * 86_400_000)))
        return at.replace(hour=0, minute=0, second=0, microsecond=0) if self.chance(0.08) else at

    def chance(self, share: float) -> bool:
        """Whether it happens this time."""
        return self.random.random() < share

    def maybe(self, value: Any, known: float = 0.85) -> Any:
        """The value, or nothing."""
        return value if self.chance(known) else None

    def wait(self, hours: float) -> timedelta:
        """A length of time, long ones rare; now and then nothing at all."""
        mean = 0.0 if self.chance(0.06) else hours * 3_600_000
        return timedelta(milliseconds=int(self.random.expovariate(1 / mean)) if mean else 0)

    def customer(self) -> str | None:
        """One of few, so that they come back."""
        return self.maybe(f"c{int(self.random.triangular(0, self.size / 5, 0))}")

    def _tickets(self) -> list[Row]:
        """A quarter repeats an earlier one, some at its very moment."""
        rows: list[Row] = []
        for i in range(self.size):
            if rows and self.chance(0.25):
                twin = self.random.choice(rows)
                late = self.wait(200) if self.chance(0.8) else timedelta()
                same = {key: twin[key] for key in ("customer_id", "category", "product", "is_complaint")}
                rows.append(self._ticket(i, twin["created_at"] + late) | same)
            else:
                rows.append(self._ticket(i, self.instant()))
        return rows

    def _ticket(self, number: int, created: datetime) -> Row:
        fresh = created > START + timedelta(days=DAYS - 20)
        pick, solved = self.random.choice, self.chance(0.6 if fresh else 0.97)
        first = self.maybe(created + self.wait(30), 0.4)
        solved_at = self.maybe(max(first or created, created + self.wait(40)), 0.93) if solved else None
        status = pick(("solved", "closed")) if solved else pick(("new", "open", "pending", "on_hold"))
        return {
            "ticket_id": f"t{number}",
            "created_at": created,
            "status": status,
            "is_solved": solved,
            "first_response_at": self.maybe(created + self.wait(5), 0.8),
            "solved_at": solved_at,
            "first_solved_at": first,
            "closed_at": self.maybe((solved_at or created) + self.wait(20), 0.5) if solved else None,
            "channel": pick(CHANNELS),
            "priority": pick(("low", "normal", "urgent", None)),
            "is_complaint": pick((True, True, False, False, False, None)),
            "category": pick(CATEGORIES),
            "product": pick(PRODUCTS),
            "segment": pick(SEGMENTS),
            "customer_id": self.customer(),
            "reopen_count": pick((0, 0, 0, 1, 2, None)),
            "reply_count": pick((0, 1, 1, 2, 3, None)),
            "escalation_level": pick((0, 0, 1, 2, None)),
            "escalated_to_management": pick((True, False, None, None)),
            "handle_seconds": self.maybe(float(self.random.randrange(0, 7200)), 0.6),
            "cost": self.maybe(float(self.random.randrange(0, 50)), 0.3),
            "parent_ticket_id": self.maybe(f"t{self.random.randrange(max(1, number))}", 0.1),
            "initiator": pick(("customer", "customer", "agent", "bot", "system", None)),
            **self._lived(),
        }

    def _lived(self) -> Row:
        """The columns of a ticket by its events, where they are known."""
        if self.more.random() < 0.2:
            return {}
        names = ("new_seconds", "open_seconds", "agent_wait_seconds", "on_hold_seconds")
        spent = {name: float(self.more.choice((0, self.more.randrange(90_000)))) for name in names}
        return {
            **spent,
            "requester_wait_seconds": sum(spent.values()) - spent["agent_wait_seconds"],
            "assignment_count": self.more.choice((0, 1, 1, 2, 3, None)),
            "bot_began": self.more.choice((True, False, None)),
            "human_replied": self.more.choice((True, False)),
            "customer_returned": self.more.choice((True, False, False)),
        }

    def _events(self) -> list[Row]:
        return [event for ticket in self.tickets for event in self._talk(ticket)]

    def _talk(self, ticket: Row) -> list[Row]:
        """Messages of one ticket, now and then several at one moment."""
        rows, at, pick = [], ticket["created_at"], self.more.choice
        for _ in range(self.more.randrange(10)):
            at += timedelta(minutes=pick((0, 5, 60, 600)))
            rows.append(
                {
                    "ticket_id": ticket["ticket_id"],
                    "at": at,
                    "event": pick(("reply",) * 6 + ("note", None)),
                    "author_kind": pick(("customer", "customer", "agent", "agent", "bot", None)),
                    "is_public": pick((True, True, None, False)),
                    **{name: ticket[name] for name in ("is_solved", "channel", "product", "segment")},
                }
            )
        return rows

    def _surveys(self) -> list[Row]:
        return [self._answer(i) for i in range(int(self.size * 1.5))]

    def _answer(self, number: int) -> Row:
        pick = self.random.choice
        kind = pick(("csat", "csat", "nps", "nps", "ces", "sps", "sps", "self", "review"))
        sent = self.maybe(self.instant(), 0.7)
        answered = self.chance(0.8)
        low, high = {"csat": pick(SCALES), "nps": pick(((0.0, 10.0), (None, None), (1.0, 5.0)))}.get(
            kind, (None, None)
        )
        top = {"nps": 10, "ces": 7}.get(kind, 5)
        bottom = int(low) if low is not None else int(kind != "nps")
        ticket = self.random.choice(self.tickets)
        text = " ".join(self.random.sample(WORDS, self.random.randrange(1, 4)))
        return {
            "response_id": f"r{number}",
            "kind": kind,
            "score": self._score(bottom, int(high or top)) if answered else None,
            "sent_at": sent,
            "responded_at": (sent or self.instant()) + self.wait(24) if answered else None,
            "scale_min": low,
            "scale_max": high,
            "ticket_id": self.maybe(ticket["ticket_id"], 0.8),
            "customer_id": self.customer(),
            "journey_stage": pick(STAGES),
            "question": pick(("tone", "speed", None)),
            "channel": pick(CHANNELS),
            "product": pick(PRODUCTS),
            "comment": self.maybe(text, 0.8),
        }

    def _score(self, low: int, high: int) -> float:
        """A score on the scale, now and then beyond it."""
        return 55.0 if self.chance(0.03) else float(self.random.randint(low, high))

    def _calls(self) -> list[Row]:
        return [self._call(i) for i in range(self.size // 2)]

    def _call(self, number: int) -> Row:
        outcome = self.random.choice(
            ("answered",) * 5 + ("abandoned", "abandoned", "voicemail", "callback", "failed", None)
        )
        wait = float(self.random.choice((0, 5, 10, 20, 30, 45, 120)))
        queued = self.instant()
        return {
            "call_id": f"k{number}",
            "queued_at": queued,
            "answered_at": queued + timedelta(seconds=wait) if outcome == "answered" else None,
            "wait_seconds": self.maybe(wait, 0.9),
            "disposition": outcome,
            "direction": self.random.choice(("inbound", "inbound", "outbound", None)),
            "queue": self.random.choice(("sales", "care", None)),
        }

    def _customers(self) -> list[Row]:
        rows = []
        for i in range(self.size):
            start = START + timedelta(days=self.random.randrange(-400, DAYS))
            end = start + timedelta(days=self.random.randrange(0, 500))
            rows.append(
                {
                    "customer_id": f"c{i}",
                    "started_at": self.maybe(start, 0.95),
                    "ended_at": self.maybe(end, 0.6),
                    "is_lost": self.maybe(self.chance(0.3), 0.9),
                    "segment": self.random.choice(SEGMENTS),
                    "ended_reason": REASONS[i % len(REASONS)],
                }
            )
        return rows

    def _counts(self) -> list[Row]:
        rows, at, count = [], START, 1000
        for _ in range(DAYS // 15):
            new, lost = self.random.randrange(200), self.random.randrange(100)
            known = self.chance(0.5)
            rows.append(
                {
                    "period_start": at,
                    "period_end": at + timedelta(days=15),
                    "start_count": count,
                    "end_count": count + new - lost,
                    "new_count": new if known else None,
                    "lost_count": lost if not known or self.chance(0.5) else None,
                }
            )
            at, count = at + timedelta(days=15), count + new - lost
        self.random.shuffle(rows)
        return rows

    def _orders(self) -> list[Row]:
        return [
            {"customer_id": self.customer(), "ordered_at": self.instant(), "amount": 1.0}
            for _ in range(self.size)
        ]
