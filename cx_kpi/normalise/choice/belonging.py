"""Lists whose rows belong to tickets, such as comments, tasks and files: they name a ticket, and are none."""

from functools import cache

from cx_kpi.normalise.mapping.matching import Match
from cx_kpi.normalise.preset.presets import GENERIC
from cx_kpi.normalise.vocabulary.dictionaries import dictionary
from cx_kpi.normalise.vocabulary.headers import snake, squash
from cx_kpi.read.raw.source import TextFrame

_BARE = 2  # columns, an id and a date
_REPEATED = 0.8  # of the rows, how many tickets there are at most


def has_row_id(frame: TextFrame, found: Match) -> bool:
    """Whether an id of the rows themselves stands before that of the ticket."""
    return bool(_row_id(frame, found))


def belongs_to_tickets(frame: TextFrame, found: Match) -> bool:
    """Whether several rows name one ticket, and each is something of its own, or says nothing of a ticket's state."""
    if found.table != "tickets" or found.preset != GENERIC or found.configured:
        return False
    rule = found.fields.get("ticket_id")
    if rule is None or rule.made or "created_at" not in found.fields:
        return False
    tickets = frame.sample[rule.header].drop_nulls()
    if tickets.n_unique() > _REPEATED * len(tickets):
        return False
    own = _row_id(frame, found)
    if own and squash(own) not in _ids():
        return True
    has_state = not found.fields.keys().isdisjoint(dictionary("tables")["marks"]["tickets"]["sure"])
    is_bare = not has_state and len(frame.headers) > _BARE
    return is_bare or (bool(own) and not _is_same_begin(frame, found))


def _row_id(frame: TextFrame, found: Match) -> str:
    """The column of ids, left of the ticket's and no field of ours, that differ in every row."""
    rule = found.fields.get("ticket_id")
    if found.table != "tickets" or rule is None or rule.made or rule.header not in frame.headers:
        return ""
    known = {each.header for each in found.fields.values()}
    before = frame.headers[: frame.headers.index(rule.header)]
    return next((each for each in before if each not in known and _tells_rows(frame, each)), "")


def _tells_rows(frame: TextFrame, header: str) -> bool:
    cells = frame.sample[header]
    named = squash(header) in _ids() or bool(_id_words() & set(snake(header).split("_")))
    return named and not cells.has_nulls() and cells.n_unique() == len(cells)


def _is_same_begin(frame: TextFrame, found: Match) -> bool:
    """Whether all rows of a ticket have one date of creation, as states of it have."""
    ticket, begun = (found.fields[name].header for name in ("ticket_id", "created_at"))
    pairs = frame.sample.select(ticket, begun).unique()
    return pairs.height == frame.sample[ticket].n_unique()


@cache
def _ids() -> frozenset[str]:
    return frozenset(map(squash, dictionary("tables")["ids"]["rows"]))


@cache
def _id_words() -> frozenset[str]:
    return frozenset(dictionary("tables")["ids"]["words"])
