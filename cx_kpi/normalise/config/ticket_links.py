"""Addresses of tickets in the help desk, by the pattern that the user's configuration names."""

import re
from urllib.parse import quote

PLACE = "{id}"
_PATTERN = re.compile(r"https?://[^\s<>\"'()\[\]{}\\^`|]+")


def wrong_pattern(pattern: str) -> str:
    """What is wrong with a pattern; nothing where it is one, or none was named."""
    plain = pattern.replace(PLACE, "id", 1)
    if not pattern or (PLACE in pattern and _PATTERN.fullmatch(plain)):
        return ""
    return (
        "report.ticket_link: has to be an http or https address with {id} in it, "
        'such as "https://desk.example/tickets/{id}"'
    )


def ticket_link(pattern: str, ticket: str | None) -> str | None:
    """The address of a ticket, its id escaped; None where there is no pattern or no id."""
    return pattern.replace(PLACE, quote(ticket, safe="")) if pattern and ticket else None
