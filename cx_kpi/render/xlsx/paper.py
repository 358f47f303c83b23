"""Sheets on paper: A4, named and numbered pages, heads that come again on each, and print that can be read."""

from collections.abc import Mapping, Sequence
from math import ceil
from typing import Any

Sheet = Any  # a worksheet of xlsxwriter, which carries no types
A4 = 9
MARGINS = {"left": 0.5, "right": 0.5, "top": 0.5, "bottom": 0.6}  # inches
UPRIGHT, LYING = (523, 762), (769, 516)  # points between the margins, across and down
SMALLEST = 64  # percent: print of 7 points
LINE = 14  # points of a row
LETTER, EDGES = (
    5.6,
    4,
)  # points of a column: a character, and what is beside them, as the widest program has it
NARROW, WIDE = frozenset(" .,:;'!|()-ijlftrI"), frozenset("mwMWшщжюмфыШЩЖЮМФ")
LESS, USUAL, MORE, CAPITAL = 0.5, 0.97, 1.4, 1.2  # of the width of a digit


def prepare(sheet: Sheet, title: str) -> None:
    """A4 across, as wide as the sheet; the title and the pages at the foot, which shrinks with the sheet."""
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.set_margins(**MARGINS)
    sheet.fit_to_pages(1, 0)
    foot = title.replace("&", "&&")[:120]
    sheet.set_footer(f"&L&11{foot} · &A&R&11&P / &N")


def repeat(sheet: Sheet, head: int) -> None:
    """The row of heads and the column of names on every page."""
    sheet.repeat_rows(head)
    sheet.repeat_columns(0)


def fit(sheet: Sheet, widths: Sequence[float], heights: Mapping[int, float]) -> None:
    """As few pages as print that can be read allows, upright if they can be.

    Columns of so many characters are on one page across, on several where print would be too small; of the rows,
    the heights in points are known, and the first comes again on each page.
    """
    sheet.set_default_row(LINE)
    points = sum(LETTER * width + EDGES for width in widths) * SMALLEST / 100
    upright = points <= UPRIGHT[0] or points > LYING[0]
    if upright:
        sheet.set_portrait()
    if points > LYING[0]:
        sheet.set_print_scale(SMALLEST)
    else:
        sheet.fit_to_pages(1, _pages(heights, (UPRIGHT if upright else LYING)[1]))


def _pages(heights: Mapping[int, float], high: float) -> int:
    """How many pages the rows take in the smallest print."""
    room, head = high * 100 / SMALLEST, heights.get(0, LINE)
    rows = sum(heights.get(row, LINE) for row in range(1, max(heights, default=0) + 1))
    return max(1, ceil(rows / (room - head)))


def lines(text: str, wide: float) -> int:
    """How many lines a text takes in so many characters, broken between words."""
    taken, used = 1, 0.0
    for word in text.split(" "):
        width = sum(map(_width, word))
        if used and used + LESS + width > wide:
            taken, used = taken + 1, 0.0
        used += width + (LESS if used else 0)
        taken, used = taken + int(used // wide), used % wide
    return taken


def _width(char: str) -> float:
    if char in NARROW:
        return LESS
    return MORE if char in WIDE else CAPITAL if char.isupper() else USUAL
