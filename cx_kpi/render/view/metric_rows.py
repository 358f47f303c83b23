"""One metric in words: value, interval, target, change, history, definition and details."""

from cx_kpi.model.report import Compared, Reading, Report
from cx_kpi.model.values import Span, Unit, Verdict
from cx_kpi.render.elements import labels
from cx_kpi.render.elements.details import facts, name, said, tables, vocabulary
from cx_kpi.render.elements.report_view import Cell, Fact, Row, Tone
from cx_kpi.wording.units import Words

CALENDAR = "calendar"  # the detail of what is counted in business hours
TOP = 4  # rows of a breakdown that are said in one line


def row(metric: str, reading: Reading, past: list[float | None], words: Words) -> Row:
    """The metric of this id, and its values in past periods."""
    currency = reading.details.get("currency", "")
    before = reading.compared.previous.value if reading.compared else reading.previous
    return Row(
        id=metric,
        title=reading.title,
        about=reading.about,
        value=said(reading.value, reading, words),
        known=reading.value is not None,
        n=words.numerals.decimal(reading.n),
        interval=words.interval(reading.interval, reading.unit, currency),
        target=words.target(reading.target, reading.unit, currency),
        status=_status(reading, words),
        change=words.change(reading.change, reading.unit, before, currency),
        sign=_sign(reading),
        verdict=_verdict(reading, words),
        compared=_compared(reading.compared, reading, words) if reading.compared else "",
        between=_between(reading.compared, reading, words) if reading.compared else "",
        history=past,
        history_text=_history_text(past, reading, words),
        definition=_definition(reading, words),
        facts=[*_listed(reading, words), *_breakdown(reading, words), *facts(reading, words)],
        tables=tables(reading, words),
        under=_under(reading, words),
    )


def _under(reading: Reading, words: Words) -> str:
    """What sets it apart from the twin it stands under."""
    if reading.twin_of is None:
        return ""
    return (
        words.language("in business hours")
        if CALENDAR in reading.details
        else words.language("by the calendar")
    )


def _status(reading: Reading, words: Words) -> Cell:
    status = reading.status
    if status is None or reading.value is None:
        return Cell("")
    return Cell(words.language(labels.STATUS[status]), labels.STATUS_TONE.get(status, Tone.PLAIN))


def _verdict(reading: Reading, words: Words) -> Cell:
    verdict = reading.verdict
    if verdict is None:
        return Cell("")
    return Cell(words.language(labels.VERDICT[verdict]), labels.VERDICT_TONE.get(verdict, Tone.PLAIN))


def _sign(reading: Reading) -> str:
    """The way it went, where that can be shown; that it cannot be told; nothing where nobody judged."""
    if reading.verdict is None or reading.change is None:
        return ""
    if reading.verdict is Verdict.UNCHANGED:
        return "≈"
    return "▲" if reading.change > 0 else "▼"


def _compared(compared: Compared, reading: Reading, words: Words) -> str:
    """`February 2026: 87.1% → March 2026: 88.6%`."""

    def at(span: Span) -> str:
        return f"{words.dates.span(span.start, span.end)}: {said(span.value, reading, words)}"

    return f"{at(compared.previous)} → {at(compared.current)}"


def _between(compared: Compared, reading: Reading, words: Words) -> str:
    """`Feb 87.1% → Mar 88.6%`."""
    now, before = compared.current, compared.previous
    names = words.dates.pair((now.start, now.end), (before.start, before.end))
    said_now, said_before = (said(span.value, reading, words) for span in (now, before))
    return f"{names[1]} {said_before} → {names[0]} {said_now}"


def histories(report: Report) -> dict[str, list[float | None]]:
    """Each metric's value in every full period of the series, in order of time; gaps are None."""
    points = [point for point in report.series if not point.partial]
    places = {start: place for place, start in enumerate(sorted({point.start for point in points}))}
    found: dict[str, list[float | None]] = {metric: [None] * len(places) for metric in report.metrics}
    for point in points:
        if point.metric in found and isinstance(point.value, int | float):
            found[point.metric][places[point.start]] = point.value
    return found


def _history_text(past: list[float | None], reading: Reading, words: Words) -> str:
    """`18 periods: lowest 81.0%, highest 92.4%, latest 88.6%`, for those who do not see the line."""
    known = [value for value in past if value is not None]
    if not known:
        return ""
    shown = {
        place: said(value, reading, words)
        for place, value in (("low", min(known)), ("high", max(known)), ("last", known[-1]))
    }
    return words.language.plural(
        "{n} period: lowest {low}, highest {high}, latest {last}",
        "{n} periods: lowest {low}, highest {high}, latest {last}",
        len(past),
        **shown,
    )


def _definition(reading: Reading, words: Words) -> list[Fact]:
    cohort = words.language(labels.COHORT.get(reading.cohort, reading.cohort))
    lines = {
        words.language("Formula"): reading.formula,
        words.language("Here"): reading.worked or "",
        words.language("Counts"): cohort,
        words.language("Direction"): words.language(labels.BETTER[reading.better]),
    }
    return [Fact(label, text) for label, text in lines.items() if text]


def _listed(reading: Reading, words: Words) -> list[Fact]:
    """The whole of a list, whose value shows its first."""
    value = reading.value
    return [Fact("", words.value(value, Unit.LIST), beside=True)] if isinstance(value, list) and value else []


def _breakdown(reading: Reading, words: Words) -> list[Fact]:
    """The first few rows of a breakdown by share, in one line."""
    rows = reading.details.get("table") or []
    if "top" not in reading.details or not all("share" in each for each in rows):
        return []
    known = vocabulary(each.get("name") for each in rows)
    first = [
        f"{name(each.get('name'), known, words)} {words.value(each['share'], Unit.SHARE)}"
        for each in rows[:TOP]
    ]
    more = [words.language("{n} more", n=words.numerals.decimal(len(rows) - TOP))] if len(rows) > TOP else []
    return [Fact("", ", ".join(first + more), beside=True)]
