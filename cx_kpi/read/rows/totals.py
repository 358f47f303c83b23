"""Rows of totals under a table."""

import re
from collections.abc import Sequence

_TOTALS = frozenset(
    {
        *(
            "total",
            "totals",
            "grand total",
            "sum",
            "average",
            "mean",
            "count",
            "итого",
            "всего",
            "итог",
            "общий итог",
        ),
        *(
            "среднее",
            "gesamt",
            "gesamtsumme",
            "summe",
            "insgesamt",
            "total general",
            "total geral",
            "totaux",
            "somme",
            "totale",
        ),
        *("suma", "soma", "total général", "promedio", "média", "moyenne", "durchschnitt"),
    }
)
_BEHIND = re.compile(r"[\s:=(\d).,]+$")


def is_total(cells: Sequence[str]) -> bool:
    """Whether this is a row of totals under a table."""
    first = next((cell.strip(" :").lower() for cell in cells if cell.strip()), "")
    return first in _TOTALS or _BEHIND.sub("", first) in _TOTALS
