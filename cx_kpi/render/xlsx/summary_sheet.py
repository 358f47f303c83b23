"""The first sheet: findings, and every metric with its target, change and history."""

from typing import Any

from cx_kpi.model.report import Reading, Report
from cx_kpi.model.values import Target, Unit
from cx_kpi.render.elements.details import is_bound
from cx_kpi.render.elements.labels import STATUS, STATUS_TONE, UNIT, VERDICT, VERDICT_TONE
from cx_kpi.render.elements.reading_fields import value_of
from cx_kpi.render.elements.reading_words import title
from cx_kpi.render.elements.report_view import Row, Tone, View
from cx_kpi.render.view.lead_period import leads
from cx_kpi.render.xlsx.book import DAY, NUMBERS, Book, Column, Sheet
from cx_kpi.render.xlsx.period_sheet import history_ranges, signed
from cx_kpi.wording.units import SIGNS, Words

COLORS = {
    Tone.GOOD: {"font_color": "#14692F", "bg_color": "#E3F4E8"},
    Tone.BAD: {"font_color": "#A3201C", "bg_color": "#FDE9E7"},
    Tone.UNSURE: {"font_color": "#75500A", "bg_color": "#FBF0D9"},
}
BAND = {"bold": True, "font_color": "#0B6B6B", "bottom": 1, "bottom_color": "#0B6B6B"}
GREY = {"font_color": "#5A636E"}
STATUS_COLUMN, VERDICT_COLUMN, USUAL_COLUMN, WHOLE_COLUMN, HISTORY_COLUMN = 7, 9, 10, 11, 12


def _more(shown: View) -> list[str]:
    """Fields that only some metrics have, next to the columns of all."""
    facts = (fact for group in shown.groups for row in group.rows for fact in row.more)
    return list(dict.fromkeys(fact.label for fact in facts))


def summary(book: Book, report: Report, shown: View) -> None:
    """The sheet of all metrics."""
    _ = book.language
    sheet = book.sheet(_("Summary"))
    more = _more(shown)
    columns = [*_columns(book, shown), *(Column(label, 24) for label in more)]
    top = _opening(book, sheet, shown)
    book.heads(sheet, top, columns)
    sheet.freeze_panes(top + 1, 1)
    row = top + 1
    ranges, first = history_ranges(book, report), leads(report)
    for group in shown.groups:
        for place in range(len(columns)):
            book.put(sheet, row, place, "" if place else group.title, shape=BAND)
        for line in group.rows:
            row += 1
            _metric(book, sheet, row, first[line.id], line)
            _beside(book, sheet, row, report.metrics[line.id], line)
            for fact in line.more:
                book.put(sheet, row, HISTORY_COLUMN + 1 + more.index(fact.label), fact.text)
            if line.id in ranges:
                sheet.add_sparkline(
                    row, HISTORY_COLUMN, {"range": ranges[line.id], "series_color": "#0B6B6B"}
                )
        row += 2
    for fact in shown.key:
        book.put(sheet, row, 0, fact.said, shape=GREY)
        row += 1
    _colours(book, sheet, top + 1, row)
    _paper(sheet, top)


def _columns(book: Book, shown: View) -> list[Column]:
    _, heads = book.language, shown.heads
    return [
        Column(heads.metric, 42),
        Column(heads.value, 16),
        Column(_("Unit"), 16),
        Column(_("95% from"), 11),
        Column(_("95% to"), 11),
        Column(heads.n, 9),
        Column(heads.target, 12),
        Column(heads.status, 16),
        Column(heads.change, 14),
        Column(title("verdict", Words(book.language)), 26),
        Column(heads.usual, 26),
        Column(heads.whole, 16),
        Column(heads.history, 24),
    ]


def _opening(book: Book, sheet: Sheet, shown: View) -> int:
    """Title, period and findings; gives the first row below them."""
    book.put(sheet, 0, 0, shown.title, shape={"bold": True, "font_size": 16})
    book.put(sheet, 1, 0, shown.period, shape={"font_size": 12})
    book.put(sheet, 2, 0, " · ".join(filter(None, [shown.moment, shown.rows_line, shown.tool])), shape=GREY)
    below = [*filter(None, [shown.alarm, shown.where]), *(f"• {finding}" for finding in shown.findings)]
    for place, text in enumerate(below):
        book.put(sheet, 3 + place, 0, text)
    return 4 + len(below)


def _metric(book: Book, sheet: Sheet, row: int, reading: Reading, line: Row) -> None:
    unit = reading.unit
    book.put(sheet, row, 0, reading.title, shape={"text_wrap": True, "valign": "top"})
    book.put(
        sheet, row, 1, *_value(book, reading), shape={"bold": True, "align": "right", **signed(reading, unit)}
    )
    book.put(sheet, row, 2, _unit(book, reading), shape=GREY)
    for place, bound in enumerate(reading.interval or ()):
        book.put(sheet, row, 3 + place, bound, unit, shape=GREY)
    book.put(sheet, row, 5, reading.n, Unit.COUNT, shape=GREY)
    if reading.target:
        sheet.write_number(row, 6, *_goal(book, reading.target, unit))
    book.put(sheet, row, STATUS_COLUMN, line.status.text)
    change = " ".join(filter(None, (line.sign, line.change)))
    book.put(sheet, row, 8, change, shape={"align": "right"})
    book.put(sheet, row, VERDICT_COLUMN, line.verdict.text)


def _beside(book: Book, sheet: Sheet, row: int, reading: Reading, line: Row) -> None:
    """The usual range, and the value over the window where another period leads."""
    book.put(sheet, row, USUAL_COLUMN, line.usual, shape={"align": "right", **GREY})
    if line.whole:
        shape = {"align": "right", **GREY, **signed(reading, reading.unit)}
        book.put(sheet, row, WHOLE_COLUMN, *_value(book, reading), shape=shape)


def _value(book: Book, reading: Reading) -> tuple[Any, Unit | None]:
    """The number itself, else the words for it."""
    if isinstance(reading.value, int | float) and not is_bound(reading):
        return reading.value, reading.unit
    return value_of(reading, reading, Words(book.language)), None


def _unit(book: Book, reading: Reading) -> str:
    currency = reading.details.get("currency")
    words = book.language(UNIT[reading.unit])
    return f"{words}, {currency}" if currency else words


def _goal(book: Book, target: Target, unit: Unit) -> tuple[float, Any]:
    """The number of the target, shown with its sign."""
    value = target.value / DAY if unit is Unit.SECONDS else target.value
    shape = f'"{SIGNS[target.operator]} "{NUMBERS.get(unit, "General")}'
    return value, book.format({"num_format": shape, "align": "right"})


def _colours(book: Book, sheet: Sheet, first: int, last: int) -> None:
    """Colours that follow the words, also when somebody edits them."""
    statuses = {STATUS[word]: tone for word, tone in STATUS_TONE.items()}
    verdicts = {VERDICT[word]: tone for word, tone in VERDICT_TONE.items()}
    for column, tones in ((STATUS_COLUMN, statuses), (VERDICT_COLUMN, verdicts)):
        for word, tone in tones.items():
            rule = {"type": "cell", "criteria": "==", "value": f'"{book.language(word)}"'}
            shape = {"format": book.format(COLORS[tone])}
            sheet.conditional_format(first, column, max(first, last), column, rule | shape)


def _paper(sheet: Sheet, top: int) -> None:
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(top)
