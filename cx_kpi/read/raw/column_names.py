"""Column names: stripped, never empty, each used once."""

import re
from collections.abc import Sequence

_BLANKS = re.compile(r"[\s\0\ufeff\u00a0\u200b]+")


def unique(headers: Sequence[str]) -> tuple[str, ...]:
    """The headers as column names: `Name`, `Name (2)`; an empty third one is `column_3`."""
    taken: set[str] = set()
    names = [_BLANKS.sub(" ", header).strip() or f"column_{place}" for place, header in enumerate(headers, 1)]
    reserved = set(names)
    return tuple(_free(name, taken, reserved) for name in names)


def _free(name: str, taken: set[str], reserved: set[str]) -> str:
    free, number = name, 2
    while free in taken or (free != name and free in reserved):
        free, number = f"{name} ({number})", number + 1
    taken.add(free)
    return free
