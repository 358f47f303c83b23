"""Random logs of a help desk, and each ticket's columns by walking its events one after another."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

OPEN, SOLVED = ("new", "open", "pending", "on_hold"), ("solved", "closed")
STATES = {"created": "new", "solved": "solved", "closed": "closed", "reopened": "open"}
ORDER = ("new", "open", "pending", "on_hold", "solved", "closed")
START = datetime(2026, 3, 2, tzinfo=UTC)


@dataclass(frozen=True)
class Event:
    """One line of the log."""

    ticket_id: str
    at: datetime
    event: str | None
    status: str | None = None
    author_kind: str | None = None
    is_public: bool | None = None
    agent: str | None = None
    team: str | None = None


@dataclass
class Life:
    """The columns of a ticket by its events."""

    created_at: datetime
    status: str = "new"
    spells: list[tuple[datetime, datetime | None]] = field(default_factory=list)
    first_solved_at: datetime | None = None
    solved_at: datetime | None = None
    reopen_count: int = 0
    first_response_at: datetime | None = None
    reply_count: int = 0
    bot_first: bool = False
    customer_returned: bool = False
    assignment_count: int = 0
    spent: dict[str, float] = field(default_factory=dict)
    paused_since: datetime | None = None

    def open_at(self, moment: datetime) -> bool:
        """Whether it is open just before a moment."""
        return any(begin < moment and (end is None or end >= moment) for begin, end in self.spells)


def walked(events: list[Event]) -> Life:
    """The life of one ticket, by a plain machine of states; the events in any order."""
    events = sorted(events, key=_place)
    created = [each.at for each in events if each.event == "created"]
    life = Life(min(created) if created else events[0].at)
    life.spells.append((life.created_at, None))
    since, agent, team = life.created_at, None, None
    for each in events:
        at = max(each.at, life.created_at)
        _say(life, each, at)
        status = each.status or STATES.get(each.event or "")
        if status:
            life.spent[life.status] = life.spent.get(life.status, 0) + (at - since).total_seconds()
            since = at
            _change(life, status, at)
            life.paused_since = at if status in ("pending", "on_hold") else None
        if each.agent or each.team:
            moved = (agent and each.agent not in (None, agent)) or (team and each.team not in (None, team))
            life.assignment_count += 1 if moved or not life.assignment_count else 0
            agent, team = each.agent or agent, each.team or team
    return life


def _place(each: Event) -> tuple:
    """Its rank among the events of one moment: the creation, assignments and messages, then the states."""
    status = each.status or STATES.get(each.event or "")
    who = {"customer": 0, "bot": 1, "agent": 2}.get(each.author_kind or "", 3)
    rank = (0, 0) if each.event == "created" else (2, ORDER.index(status)) if status else (1, who)
    last = "\uffff"  # what is not said comes last
    return each.at, rank, each.event or last, each.agent or last, each.team or last


def _say(life: Life, each: Event, at: datetime) -> None:
    if each.event != "reply":
        return
    public = each.is_public is not False
    if each.author_kind == "agent" and public:
        life.first_response_at = life.first_response_at or at
        life.reply_count += 1
    if each.author_kind == "bot" and public and life.first_response_at in (None, at):
        life.bot_first = True
    if each.author_kind == "customer" and life.first_solved_at and at > life.first_solved_at:
        life.customer_returned = True


def _change(life: Life, status: str, at: datetime) -> None:
    was, life.status = life.status, status
    if was in OPEN and status in SOLVED:
        life.spells[-1] = (life.spells[-1][0], at)
        life.first_solved_at = life.first_solved_at or at
        life.solved_at = at
    if was in SOLVED and status in OPEN:
        life.spells.append((at, None))
        life.solved_at = None
        life.reopen_count += 1


_MOMENTS = st.integers(0, 60).map(lambda step: START + timedelta(hours=step * 4))


def _events(number: int) -> st.SearchStrategy[list[Event]]:
    """The events of one ticket after its creation; several of a moment, and some without details."""
    name = f"t{number}"
    at = _MOMENTS
    who = st.sampled_from(["customer", "agent", "bot", "system", None])
    replies = st.builds(
        Event,
        st.just(name),
        at,
        st.sampled_from(["reply", "note"]),
        st.sampled_from([None, None, "solved", "open"]),
        who,
        st.sampled_from([True, False, None]),
    )
    changes = st.builds(
        Event, st.just(name), at, st.sampled_from(["status", None]), st.sampled_from(ORDER), who
    )
    named = st.builds(Event, st.just(name), at, st.sampled_from(["solved", "closed", "reopened"]))
    given = st.builds(
        Event, st.just(name), at, st.just("assignment"), st.none(), st.none(), st.none(),
        st.sampled_from(["Ann", "Bob", None]), st.sampled_from(["A", "B", None]),
    )  # fmt: skip
    return st.lists(st.one_of(replies, changes, changes, named, given), max_size=10)


@st.composite
def logs(draw: st.DrawFn, *, created: bool | None = None) -> list[Event]:
    """A log of a few tickets, shuffled; with or without the event of each ticket's creation."""
    lines: list[Event] = []
    for number in range(draw(st.integers(1, 4))):
        rest = draw(_events(number))
        says = draw(st.booleans()) if created is None else created
        first = min((each.at for each in rest), default=START)
        born = Event(f"t{number}", first, "created", None, draw(st.sampled_from(["customer", "bot", None])))
        lines += ([born] if says or not rest else []) + rest
    return draw(st.permutations(lines))
