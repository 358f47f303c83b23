"""One ticket, with its whole life and as it is exported."""

from dataclasses import dataclass
from datetime import datetime

from .customers import Customer

DATES = ("first_response_at", "first_solved_at", "solved_at", "closed_at")
HEADER = [
    "ticket_id", "created_at", "status", "first_response_at", "first_solved_at", "solved_at", "closed_at",
    "updated_at", "channel", "priority", "type", "is_complaint", "category", "product", "team", "agent",
    "customer_id", "segment", "subject", "tags", "reopen_count", "reply_count", "escalation_level",
    "escalated_to_management", "handle_seconds", "cost", "parent_ticket_id", "initiator", "is_spam",
    "is_deleted", "is_test", "merged_into",
]  # fmt: skip


@dataclass(slots=True, kw_only=True)
class Ticket:
    """One ticket; the dates of what has not happened are None."""

    created_at: datetime
    customer: Customer
    channel: str
    type: str
    category: str
    product: str
    team: str
    priority: str
    subject: str
    tags: str
    initiator: str
    ticket_id: str = ""
    status: str = ""
    agent: str = ""
    first_response_at: datetime | None = None
    first_solved_at: datetime | None = None
    reopened_at: datetime | None = None
    solved_at: datetime | None = None
    closed_at: datetime | None = None
    updated_at: datetime | None = None
    reopen_count: int = 0
    reply_count: int = 0
    waiting: str = "open"  # what it is called while it is not solved
    escalation_level: int | None = None
    escalated_to_management: int | None = None
    handle_seconds: int | None = None
    cost: float | None = None
    parent: "Ticket | None" = None
    is_spam: int = 0
    is_deleted: int = 0
    is_test: int = 0
    merged_into: str = ""

    @property
    def is_complaint(self) -> int:
        """1 for a complaint."""
        return int(self.type == "complaint")

    @property
    def customer_id(self) -> str:
        """Whose ticket it is."""
        return self.customer.customer_id

    @property
    def segment(self) -> str:
        """The customer's segment."""
        return self.customer.segment

    @property
    def parent_ticket_id(self) -> str:
        """The complaint this one repeats."""
        return self.parent.ticket_id if self.parent else ""

    def settle(self, end: datetime) -> None:
        """Cut away what happens after the export, and set the ticket's state at that moment."""
        for name in (*DATES, "reopened_at"):
            moment = getattr(self, name)
            setattr(self, name, moment if moment and moment <= end else None)
        if self.first_response_at is None:
            self.agent, self.reply_count, self.handle_seconds = "", 0, None
        if self.first_solved_at is None or (self.reopen_count and self.reopened_at is None):
            self.reopen_count = 0
            self.solved_at = self.first_solved_at
        self.status = self._status()
        happened = [getattr(self, name) for name in (*DATES, "reopened_at")]
        self.updated_at = max([self.created_at, *filter(None, happened)])

    def _status(self) -> str:
        if self.closed_at:
            return "closed"
        if self.solved_at:
            return "solved"
        return self.waiting if self.first_response_at else "new"

    def row(self) -> list[object]:
        """The exported cells, in the order of HEADER."""
        return [getattr(self, name) for name in HEADER]
