"""Texts that may hold a password or a signature, without it."""

import re

POSTGRES = ("postgresql", "postgres")
MYSQL = ("mysql", "mariadb")
_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
_SECRET = re.compile(
    r"\b[\w.-]*(?:pass|pwd|secret|token|sig(?:nature)?\b|credential|api.?key|access.?key|account.?key|auth)[\w.-]*"
    r"\s*[=:]\s*\S.*",
    re.IGNORECASE | re.DOTALL,
)
_USER = re.compile(r"[^/\\\s:@=]+:[^/\\\s][^\s]*@")  # me:secret@host
HIDDEN = "…"
SHEET = re.compile(
    r"https://docs\.google\.com/(?:a/[\w.-]+/)?spreadsheets/(?:u/\d+/)?d/(?:e/)?([\w-]{6})[\w-]*"
)
PAGE = re.compile(r"[?#&]gid=(\d+)")
_LONGEST = 4_000  # characters that anybody looks at


def redacted(text: str) -> str:
    """A path, an address or a line that quotes one, without what may hold a password or a signature.

    Of an address, all before the last `@` and all from a question mark on is left out; of any other text
    all from a word on that names a secret. What follows a `#` names a table. It stays where nothing was left out.
    """
    text = text if len(text) <= _LONGEST else text[:_LONGEST] + HIDDEN
    sheet = SHEET.search(text)
    if sheet:  # who knows its id can read it
        page = PAGE.search(text)
        return f"{text[: sheet.end(1)]}{HIDDEN}" + (f"#gid={page[1]}" if page else "")
    found = _URL.search(text)
    if not found:
        return _SECRET.sub(HIDDEN, _USER.sub(f"{HIDDEN}@", text))
    scheme, rest = text[: found.end()], text[found.end() :]
    table = _table(found[0], rest)
    place = rest.removesuffix(table).rpartition("@")[2]
    place = re.split(r"[?#]", place, maxsplit=1)[0]
    return _SECRET.sub(HIDDEN, f"{scheme}{place}") + table


def _table(scheme: str, rest: str) -> str:
    """`#tickets` or `#SELECT …` of a database, where it cannot be a part of a password."""
    where, _, query = rest.partition("#")
    is_sure = scheme.lower().removesuffix("://") in (*POSTGRES, *MYSQL) and query and not _SECRET.search(rest)
    return f"#{query}" if is_sure and "#" not in query and "@" not in query and where else ""
