"""The names of columns, of one header row or two."""

import re
from collections import Counter
from collections.abc import Sequence

NAME = re.compile(r"(\d+[.)] *)?[^\w#№]*([^\W\d_]|[#№])")
_FILLERS = (  # second header cells that add nothing
    *(
        "",
        "response",
        "open-ended response",
        "ответ",
        "открытый ответ",
        "antwort",
        "offene antwort",
        "réponse",
    ),
    *("réponse ouverte", "respuesta", "respuesta abierta", "resposta", "resposta aberta"),
)


def merged(rows: Sequence[Sequence[str]]) -> list[str]:
    """One name per column: the question, and the answer's label where one question takes several columns."""
    if len(rows) != 2:
        return list(rows[0])
    if rows[1][0].strip():
        return _grouped(*rows)
    if all(map(str.strip, rows[0])):
        return [
            over if says_little(under) else f"{over} ({under.strip()})"
            for over, under in zip(*rows, strict=True)
        ]
    names, question, spans = [], "", False
    for over, under in zip(*rows, strict=True):
        label = under.strip()
        if over.strip():
            question, spans = over.strip(), bool(label)
        if says_little(label):
            names.append(question)
        else:  # below a gap that no question reaches, a name of its own
            names.append(f"{question}: {label}" if spans else label)
    return names


def says_little(cell: str) -> bool:
    """Whether a cell of a second header row adds nothing to the name above it."""
    return cell.strip().lower() in _FILLERS


def _grouped(groups: Sequence[str], below: Sequence[str]) -> list[str]:
    """The names of the second row, else of the first; those that come twice with their group."""
    names, group, times = [], "", Counter(cell.strip() for cell in below)
    for over, under in zip(groups, below, strict=True):
        group = over.strip() or group
        name = under.strip()
        names.append(f"{group} {name}" if name and times[name] > 1 else name or over.strip())
    return names


def are_names(cells: Sequence[str]) -> bool:
    """Whether these cells can be names of columns: all different, none a number or a date."""
    filled = [cell.strip() for cell in cells if cell.strip()]
    return len(set(filled)) == len(filled) and all(NAME.match(cell) for cell in filled)
