"""Sheets on paper: A4, named and numbered pages, heads that come again on each, and print that can be read."""

from collections.abc import Sequence
from typing import Any

Sheet = Any  # a worksheet of xlsxwriter, which carries no types
A4 = 9
MARGINS = {"left": 0.5, "right": 0.5, "top": 0.5, "bottom": 0.6}  # inches
UPRIGHT, LYING = 523, 769  # points between the margins
SMALLEST = 64  # percent: print of 7 points
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


def fit(sheet: Sheet, widths: Sequence[float]) -> None:
    """Columns of so many characters on one page across, upright if it can be; on several where print would be too small."""
    points = sum(LETTER * width + EDGES for width in widths) * SMALLEST / 100
    if points <= UPRIGHT or points > LYING:
        sheet.set_portrait()
    if points > LYING:
        sheet.set_print_scale(SMALLEST)


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
