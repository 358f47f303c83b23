"""Names of months, quarters and weekdays, and signs of numbers, by language: data of the Unicode CLDR."""

import re
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from cx_kpi.model.assets import toml

_TOKENS = re.compile("L{3,4}|M{3,4}|QQQ|ccc|y|d")
_FILE = Path(__file__).with_name("names_and_signs.toml")


@cache
def names(code: str) -> dict[str, Any]:
    """What a language calls periods, by the letters of CLDR patterns, and how it writes numbers."""
    found: dict[str, Any] = toml(_FILE)[code]
    return found


def written(day: date, pattern: str, code: str) -> str:
    """The day by a CLDR pattern of the letters that reports use: `d MMMM y` is `31 March 2026`."""
    places = {
        **dict.fromkeys(("LLLL", "LLL", "MMMM", "MMM"), day.month - 1),
        "QQQ": (day.month - 1) // 3,
        "ccc": day.weekday(),
    }
    plain = {"y": str(day.year), "d": str(day.day)}
    return _TOKENS.sub(lambda found: plain.get(found[0]) or names(code)[found[0]][places[found[0]]], pattern)
