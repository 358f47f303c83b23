"""The first sheet, on one page: what stands out, the headlines, what else needs attention."""

import re
from collections.abc import Iterator
from dataclasses import replace

from cx_kpi.model.report import Report
from cx_kpi.render.elements.report_view import Row, Theme, Tone, View
from cx_kpi.render.xlsx.book import GREY, PLAIN, RIGHT, Book, Column, Shape
from cx_kpi.render.xlsx.metric_sheet import ATTENTION, Lines
from cx_kpi.render.xlsx.paper import Sheet

SPOT: list[Shape] = [PLAIN, {**ATTENTION, **RIGHT}, {**GREY, **RIGHT}]  # a segment, its value, its target
MOST = 12  # metrics that need attention; the others are on the next sheet


def summary(book: Book, report: Report, shown: View) -> None:
    """The sheet for those who read one page."""
    sheet = book.sheet(book.language("Summary"))
    lines = Lines(book, report, shown, precise=False)
    columns = lines.columns
    page = _Page(book, sheet, columns)
    page.opening(shown)
    page.words += [column.head for column in columns]
    if themes := _themes(book, shown):
        top = page.row
        book.heads(sheet, top, columns)
        for theme in themes:
            page.row += 1
            book.band(sheet, page.row, theme.title, len(columns))
            for line in theme.rows:
                page.row += 1
                lines.write(sheet, page.row, line)
                page.words += [line.status.text, line.sign, line.change, line.verdict.text]
        lines.colour(sheet, top + 1, page.row)
        page.row += 2
    page.spots(shown)
    for fact in shown.key:
        if page.has(fact.label):
            page.text(fact.said, GREY)
    sheet.fit_to_pages(1, 1)


def _themes(book: Book, shown: View) -> list[Theme]:
    """The headlines, then the other metrics that miss their target or got worse."""
    first = {row.id for theme in shown.themes for row in theme.rows}
    others = [row for row in _bad(shown) if row.id not in first][:MOST]
    also = [Theme(book.language("Also needs attention"), others)] if others else []
    return [*shown.themes, *also]


def _bad(shown: View) -> Iterator[Row]:
    for group in shown.groups:
        yield from (row for row in group.rows if Tone.BAD in (row.status.tone, row.verdict.tone))


class _Page:
    """Writes down the sheet, row by row."""

    def __init__(self, book: Book, sheet: Sheet, columns: list[Column]) -> None:
        self._book, self._sheet, self.row = book, sheet, 0
        self.words: list[str] = []  # those whose meaning is told below them
        self._columns, self._last = columns, len(columns) - 1
        self._wide = sum(column.width for column in columns)

    def text(self, words: str, shape: Shape = PLAIN) -> None:
        """A paragraph across all columns."""
        self._book.paragraph(self._sheet, self.row, (0, self._last), words, self._wide, shape)
        self.row += 1

    def has(self, term: str) -> bool:
        """Whether the sheet shows a term."""
        whole = re.compile(rf"(?<!\w){re.escape(term)}(?!\w)", re.IGNORECASE)
        return any(map(whole.search, self.words))

    def opening(self, shown: View) -> None:
        """What has to be said first, title, period and findings."""
        if shown.alarm:
            self.text(shown.alarm, {"bold": True})
        about = " · ".join(filter(None, [shown.moment, shown.rows_line, shown.tool]))
        for words, shape in (
            (shown.title, {"bold": True, "font_size": 16}),
            (shown.period, {"font_size": 12}),
            (about, GREY),
        ):
            self._book.put(self._sheet, self.row, 0, words, shape)
            self.row += 1
        if shown.where:
            self.text(shown.where)
        self.row += 1
        for finding in shown.findings:
            self.text(f"• {finding}", {"font_size": 12})
        self.row += 1

    def spots(self, shown: View) -> None:
        """The segments that miss a target by most."""
        if not shown.spots:
            return
        heads = [
            self._book.language("Where to look"),
            shown.heads.whole or shown.heads.value,
            shown.heads.target,
        ]
        told = [replace(column, head=head) for column, head in zip(self._columns, heads, strict=False)]
        self._book.heads(self._sheet, self.row, told)
        for spot in shown.spots:
            self.row += 1
            for place, words in enumerate([f"{spot.segment}: {spot.title}", spot.value, spot.target]):
                self._book.put(self._sheet, self.row, place, words, SPOT[place])
        self.row += 2
