"""Writes the names and signs of our languages as the CLDR has them: `python tests/cldr_tool.py`."""

import sys
from pathlib import Path

from babel import Locale

from cx_kpi.normalise.config import toml
from cx_kpi.wording.language import LANGUAGES

FILE = Path(__file__).parents[1] / "cx_kpi" / "wording" / "names_and_signs.toml"
HEAD = "# Names of months, quarters and weekdays, and signs of numbers, as the Unicode CLDR has them (tests/cldr_tool.py).\n"


def told(code: str) -> dict[str, object]:
    """What a language calls periods, by the letters of CLDR patterns, and how it writes numbers."""
    locale = Locale.parse(code)
    months, quarters, days = locale.months, locale.quarters, locale.days
    symbols = locale.number_symbols["latn"]
    return {
        "LLLL": [months["stand-alone"]["wide"][n] for n in range(1, 13)],
        "LLL": [months["stand-alone"]["abbreviated"][n] for n in range(1, 13)],
        "MMMM": [months["format"]["wide"][n] for n in range(1, 13)],
        "MMM": [months["format"]["abbreviated"][n] for n in range(1, 13)],
        "QQQ": [quarters["format"]["abbreviated"][n] for n in range(1, 5)],
        "ccc": [days["stand-alone"]["abbreviated"][n] for n in range(7)],
        "decimal": symbols["decimal"],
        "group": symbols["group"],
        "percent": locale.percent_formats[None].suffix[0],
    }


def text() -> str:
    """The file."""
    parts = [HEAD]
    for code in LANGUAGES:
        parts.append(f"\n[{code}]\n" + "".join(f"{toml.pair(*each)}\n" for each in told(code).items()))
    return "".join(parts)


if __name__ == "__main__":
    sys.exit(FILE.write_text(text(), encoding="utf-8") < 0)
