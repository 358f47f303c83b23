"""Every metric with its target, change and history."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from cx_kpi.model.report import Reading, Report
from cx_kpi.model.values import Unit
from cx_kpi.render.elements.labels import STATUS, STATUS_TONE, VERDICT, VERDICT_TONE
from cx_kpi.render.elements.reading_words import title
from cx_kpi.render.elements.report_view import Group, Row, Tone, View
from cx_kpi.render.elements.spark import blocks
from cx_kpi.render.view.lead_period import leads
from cx_kpi.render.xlsx import paper
from cx_kpi.render.xlsx.book import GREY, NEXT, RIGHT, Book, Column, Shape
from cx_kpi.render.xlsx.number_formats import Figure, figure
from cx_kpi.render.xlsx.paper import Sheet
from cx_kpi.wording.units import SIGNS, Words

ATTENTION = {"font_color": "#A3201C", "bg_color": "#FDE9E7"}
HISTORY: Shape = {"font_color": "#5B6773", "font_size": 8, **RIGHT}  # text: few programs draw sparklines
BESIDE: Shape = {**RIGHT, **GREY, "shrink": True}
NAME = 36  # characters of a column
MOST = 24  # periods of a history


class Lines:
    """Writes metrics, a row each, in columns that are the same on all sheets."""

    def __init__(self, book: Book, report: Report, shown: View, *, precise: bool) -> None:
        self.book, self._report, self._heads = book, report, shown.heads
        self._words, self._precise = Words(book.language), precise
        self._leads = leads(report)
        self._has_usual = any(row.usual for group in shown.groups for row in group.rows)

    @property
    def columns(self) -> list[Column]:
        """The heads of the columns, the last with the history."""
        _, heads = self.book.language, self._heads
        bounds = [(heads.n, 8), (_("95% from"), 11.5), (_("95% to"), 11.5)]
        return [
            Column(heads.metric, NAME),
            Column(heads.value, 14, RIGHT),
            *(Column(*each, RIGHT) for each in bounds if self._precise),
            Column(heads.target, 12, RIGHT),
            Column(heads.status, 14, NEXT),
            Column(heads.change, 11, RIGHT),
            Column(title("verdict", self._words), 21, NEXT),
            *([Column(heads.usual, 22, RIGHT)] if self._has_usual else []),
            *([Column(heads.whole, 20, RIGHT)] if heads.whole else []),
            Column(heads.history, 24, RIGHT),
        ]

    def write(self, sheet: Sheet, row: int, line: Row) -> None:
        """One metric in a row of the sheet."""
        lead, reading = self._leads[line.id], self._report.metrics[line.id]
        self.book.name(sheet, row, line.title, NAME)
        shape: Shape = {"bold": True, **RIGHT}
        self.book.put(sheet, row, 1, figure(lead, reading, self._words) or line.value, shape)
        for place, value in enumerate([*self._bounds(lead), _target(lead)], 2):
            self.book.put(sheet, row, place, value, {**RIGHT, **GREY} if place < self._first - 1 else RIGHT)
        for place, (text, how) in enumerate(self._judged(line, reading), self._first):
            self.book.put(sheet, row, place, text, how)

    def _judged(self, line: Row, reading: Reading) -> Iterator[tuple[Figure | str, Shape]]:
        """What follows the target, each with how it looks."""
        yield line.status.text, NEXT
        yield " ".join(filter(None, (line.sign, line.change))), RIGHT
        yield line.verdict.text, NEXT
        if self._has_usual:
            yield line.usual, BESIDE
        if self._heads.whole:
            whole = figure(reading, reading, self._words) if line.whole else ""
            yield f"{line.whole} ({line.span})" if line.whole and line.span else whole, BESIDE
        yield blocks(line.history, MOST), HISTORY

    @property
    def _first(self) -> int:
        """The column of the statuses."""
        return 6 if self._precise else 3

    def _bounds(self, lead: Reading) -> list[Figure | int | str]:
        if not self._precise:
            return []
        low, high = (self._bound(each, lead) for each in lead.interval or (None, None))
        return [Figure(lead.n, Unit.COUNT), low, high]

    def _bound(self, bound: float | None, lead: Reading) -> Figure | str:
        return "" if bound is None else figure(replace(lead, value=bound, details={}), lead, self._words)

    def colour(self, sheet: Sheet, first: int, last: int) -> None:
        """Colour where something needs attention; it follows the words, also when somebody edits them."""
        bad = [
            (self._first, [STATUS[each] for each, tone in STATUS_TONE.items() if tone is Tone.BAD]),
            (self._first + 2, [VERDICT[each] for each, tone in VERDICT_TONE.items() if tone is Tone.BAD]),
        ]
        for column, words in bad:
            for word in words:
                rule = {"type": "cell", "criteria": "==", "value": f'"{self.book.language(word)}"'}
                shape = {"format": self.book.format(ATTENTION)}
                sheet.conditional_format(first, column, max(first, last), column, rule | shape)


def _target(lead: Reading) -> Figure | str:
    if lead.target is None:
        return ""
    currency = str(lead.details.get("currency", ""))
    return Figure(lead.target.value, lead.unit, SIGNS[lead.target.operator], currency, trim=True)


def metrics(book: Book, report: Report, shown: View) -> None:
    """The sheet of all metrics, by group; fields that only some have come last."""
    lines, more = Lines(book, report, shown, precise=True), _more(shown.groups)
    columns = [*lines.columns, *(Column(label, 24) for label in more)]
    sheet = book.sheet(book.language("Metrics"))
    book.heads(sheet, 0, columns)
    sheet.freeze_panes(1, 1)
    row = 0
    for group in shown.groups:
        row += 1
        book.band(sheet, row, group.title, len(columns))
        for line in group.rows:
            row += 1
            lines.write(sheet, row, line)
            for fact in line.more:
                book.put(sheet, row, len(lines.columns) + more.index(fact.label), fact.text)
    lines.colour(sheet, 1, row)
    paper.repeat(sheet, 0)
    book.fit(sheet, [column.width for column in columns])


def _more(groups: Sequence[Group]) -> list[str]:
    facts = (fact for group in groups for row in group.rows for fact in row.more)
    return list(dict.fromkeys(fact.label for fact in facts))
