"""The names of columns, of one header row or two."""

from collections import Counter
from collections.abc import Sequence

_FILLERS = ("", "response", "open-ended response")  # second header cells that add nothing


def merged(rows: Sequence[Sequence[str]]) -> list[str]:
    """One name per column: the question, and the answer's label where one question takes several columns."""
    if len(rows) != 2:
        return list(rows[0])
    if all(map(str.strip, rows[1])):
        return _grouped(*rows)
    if all(map(str.strip, rows[0])):
        return [
            f"{over} ({under.strip()})" if under.strip() else over for over, under in zip(*rows, strict=True)
        ]
    names, question = [], ""
    for over, under in zip(*rows, strict=True):
        question = over.strip() or question
        label = under.strip()
        names.append(question if label.lower() in _FILLERS else f"{question}: {label}")
    return names


def _grouped(groups: Sequence[str], below: Sequence[str]) -> list[str]:
    """The names of the second row; those that come twice with their group."""
    names, group, times = [], "", Counter(cell.strip() for cell in below)
    for over, under in zip(groups, below, strict=True):
        group = over.strip() or group
        names.append(under.strip() if times[under.strip()] == 1 else f"{group} {under.strip()}")
    return names
