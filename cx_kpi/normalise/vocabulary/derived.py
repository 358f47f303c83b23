"""Columns of tickets that are derived from events, by the part of the ticket's life."""

from collections.abc import Mapping

SPELLS = (
    "open_spells"  # a list of {from, to}: when the ticket was open; the last has no end while it still is
)
UNTOLD = {  # where some files have a column of tickets and others lack it: what marks the rows of these
    "first_response_at": "first_response_untold",
    "solved_at": "solve_untold",
}
OTHERS_OPEN = "others_open"  # whether tickets that the user's condition left out are open: an export of solved ones has none
SPOILT = {  # columns of tickets one bad cell of which spoils the wait, not the ticket: what marks its row
    "first_response_at": UNTOLD["first_response_at"],
    "first_response_seconds": UNTOLD["first_response_at"],
    "solved_at": UNTOLD["solved_at"],
    "resolution_seconds": UNTOLD["solved_at"],
}
PAUSED = "paused_since"  # since when a ticket that is pending or on hold now has been so
SECONDS = {  # columns by the status whose time they hold
    "new_seconds": ("new",),
    "open_seconds": ("open",),
    "agent_wait_seconds": ("pending",),
    "on_hold_seconds": ("on_hold",),
    "requester_wait_seconds": ("new", "open", "on_hold"),
}
PARTS: Mapping[str, tuple[str, ...]] = {  # the column that marks a part: what the part tells
    "status": (
        "status", "is_solved", "solved_at", "resolution_seconds", "first_solved_at", "closed_at", "reopen_count",
        *SECONDS, PAUSED, SPELLS,
    ),
    "reply_count": (
        "first_response_at", "first_response_seconds", "reply_count", "bot_began", "human_replied",
        "customer_returned",
    ),
    "assignment_count": ("assignment_count",),
}  # fmt: skip
ALONE = frozenset({"initiator", "agent", "team"})  # of tickets that are known by their events alone
BEHIND = {  # the columns of events that a part is told by
    "status": ("event", "status"),
    "reply_count": ("event", "author_kind", "is_public"),
    "assignment_count": ("agent", "team"),
}
