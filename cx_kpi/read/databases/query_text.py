"""What is said behind the `#` of a database: the name of a table, or a query."""

import re

_SELECT = re.compile(r"\s*(select|with)\b", re.IGNORECASE)


def is_query(text: str) -> bool:
    """Whether this is a query, not the name of a table."""
    return bool(_SELECT.match(text))


def asking(said: str, mark: str = '"', *, dotted: bool = True) -> str:
    """A query for all that is meant; names are put between marks, those of a server part by part."""
    if is_query(said):
        return f"SELECT * FROM ({said.rstrip(' ;')}\n) AS export"  # noqa: S608  (only reading is possible)
    parts = said.split(".") if dotted else [said]
    names = (f"{mark}{name.replace(mark, mark * 2)}{mark}" for name in parts)
    return f"SELECT * FROM {'.'.join(names)}"  # noqa: S608  (quoted, and only reading is possible)
