"""Sheets on paper: A4 across, named and numbered pages, and heads that come again on each."""

from typing import Any

Sheet = Any  # a worksheet of xlsxwriter, which carries no types
A4 = 9
MARGINS = {"left": 0.5, "right": 0.5, "top": 0.6, "bottom": 0.6}  # inches
MOST_ACROSS = 21  # columns that are shrunk to the width of a page; more run on over the next ones
MOST_DOWN = 74  # rows that are shrunk to its height, where the width asks for small print anyway
NARROW = 8  # columns of figures that fit a page that stands upright
SCALE = 60  # percent, where a table is too wide for one page


def prepare(sheet: Sheet, title: str) -> None:
    """A4 across, as wide as the sheet; the title and the pages at the foot."""
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.set_margins(**MARGINS)
    sheet.fit_to_pages(1, 0)
    foot = title.replace("&", "&&")[:120]
    sheet.set_footer(f"&L&8{foot} · &A&R&8&P / &N")


def repeat(sheet: Sheet, head: int, columns: int, rows: int) -> None:
    """The row of heads and the column of names on every page, and a table of this size on as few as can be read."""
    sheet.repeat_rows(head)
    sheet.repeat_columns(0)
    if columns > MOST_ACROSS:
        sheet.set_print_scale(SCALE)
    elif 0 < rows <= MOST_DOWN:
        sheet.fit_to_pages(1, 1)
    if 0 < columns <= NARROW:
        sheet.set_portrait()
