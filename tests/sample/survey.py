"""One row of the surveys file: a question sent, an answer given, or both."""

from dataclasses import dataclass
from datetime import datetime

from .customers import Customer
from .ticket import Ticket

HEADER = [
    "response_id", "kind", "score", "sent_at", "responded_at", "scale_min", "scale_max", "ticket_id",
    "customer_id", "journey_stage", "comment", "channel", "product", "agent", "region", "age_group",
]  # fmt: skip
SCALES = {"csat": (1, 5), "nps": (0, 10), "ces": (1, 7), "sps": (1, 5), "review": (1, 5), "self": (1, 5)}


@dataclass(slots=True, kw_only=True)
class Answer:
    """One row of the surveys file; who did not answer has neither score nor date."""

    kind: str
    score: int | None = None
    sent_at: datetime | None = None
    responded_at: datetime | None = None
    ticket: Ticket | None = None
    customer: Customer | None = None
    journey_stage: str = ""
    comment: str = ""
    channel: str = ""
    product: str = ""

    @property
    def moment(self) -> datetime:
        """When it was sent, or else given."""
        moment = self.sent_at or self.responded_at
        assert moment
        return moment

    def row(self, number: int) -> list[object]:
        """The exported cells, in the order of HEADER."""
        ticket, customer = self.ticket, self.customer
        about = [ticket.channel, ticket.product, ticket.agent] if ticket else [self.channel, self.product, ""]
        known = customer if self.score is not None else None
        return [
            f"R-{number}",
            self.kind,
            self.score,
            self.sent_at,
            self.responded_at,
            *SCALES[self.kind],
            ticket.ticket_id if ticket else "",
            customer.customer_id if customer else "",
            self.journey_stage,
            self.comment,
            *about,
            known.region if known else "",
            known.age_group if known else "",
        ]
