"""One metric in words: value, interval, target, change, history, definition and details."""

from dataclasses import replace

from cx_kpi.model.figures import is_approximate
from cx_kpi.model.frozen import dataclass
from cx_kpi.model.report import Compared, Reading, Report
from cx_kpi.model.values import Span, Unit
from cx_kpi.render.elements import labels
from cx_kpi.render.elements.details import facts, is_bound, name, said, tables, vocabulary
from cx_kpi.render.elements.reading_fields import Place, value_of
from cx_kpi.render.elements.reading_words import facts_of
from cx_kpi.render.elements.report_view import Cell, Fact, Row, Tone
from cx_kpi.render.view.account_words import opened
from cx_kpi.render.view.judgement_words import (
    ability_of,
    change_of,
    judged_facts,
    sign_of,
    usual_of,
    verdict_of,
)
from cx_kpi.render.view.lead_period import NAMES, OF_WINDOW, STOCK
from cx_kpi.wording.units import ABOUT, Words

CALENDAR = "calendar"  # the detail of what is counted in business hours
TOP = 4  # rows of a breakdown that are reported in one line


@dataclass(frozen=True, slots=True)
class About:
    """A metric: its id, its reading over the window, the grain of the report, what the window is called, and what it covers of it."""

    metric: str
    reading: Reading
    grain: str = "month"
    length: str = ""
    span: str = ""

    @property
    def named(self) -> str:
        """What its figures over the window are called."""
        return self.span or self.length


def row(lead: Reading, past: list[float | None], words: Words, about: About) -> Row:
    """A metric by the figures that lead, its values in past periods, and its other fields."""
    reading = about.reading
    currency = reading.details.get("currency", "")
    more = facts_of(reading, reading, words, Place.ROW)
    beside = [*_listed(lead, words), *facts(lead, words)]
    usual = reading.latest.usual if reading.latest else None
    return Row(
        id=about.metric,
        title=reading.title,
        about=reading.about,
        value=value_of(lead, reading, words),
        known=lead.value is not None,
        n=words.numerals.decimal(lead.n),
        interval=words.interval(lead.interval, reading.unit, currency),
        target=words.target(lead.target, reading.unit, currency),
        status=_status(lead, words),
        change=change_of(reading.latest, reading, words),
        sign=sign_of(reading.latest, reading.better),
        verdict=verdict_of(reading.latest, words),
        compared=_compared(reading.compared, reading, words) if reading.compared else "",
        between=_between(reading.compared, reading, words) if reading.compared else "",
        history=past,
        history_text=_history_text(past, reading, words),
        definition=_definition(reading, about.named, words),
        facts=[*more, *beside, *_of_window(lead, about, words)],
        tables=tables(reading, words),
        under=_under(reading, words),
        more=more,
        whole=_whole(lead, about, words),
        span=about.span,
        median=_median(lead, words),
        usual=usual_of(reading, words),
        wide=usual is not None and usual.wide,
        band=(usual.low, usual.high) if usual else None,
        able=ability_of(reading.latest, words),
        judged=judged_facts(reading, about.grain, words),
        over=_over(about, words) if lead is not reading else [],
        opened=opened(reading.account, reading, words),
    )


def _whole(lead: Reading, about: About, words: Words) -> str:
    """The value over the window, but of a level that is the same at the end of the latest period."""
    reading, latest = about.reading, about.reading.latest
    if lead is reading or reading.of_length:
        return ""
    text = value_of(reading, reading, words)
    level = reading.cohort == STOCK and latest is not None
    return "" if level and lead.value is not None and text == value_of(lead, reading, words) else text


def _median(lead: Reading, words: Words) -> str:
    median = lead.details.get("median")
    known = lead.unit is Unit.SECONDS and median is not None
    about = ABOUT if is_approximate(lead.details, "median") else ""
    return about + words.value(median, Unit.SECONDS) if known else ""


def _of_window(lead: Reading, about: About, words: Words) -> list[Fact]:
    """Fields that exist only over the window, which is named where another period leads."""
    reading = about.reading
    if lead is reading:
        return _breakdown(reading, words)
    lists = {
        name: each
        for name, each in reading.details.items()
        if name in OF_WINDOW or (isinstance(each, list) and name not in NAMES)
    }
    longer = Fact(
        "", words.language("together {value}", value=value_of(reading, reading, words)), beside=True
    )
    known = [
        *([longer] if reading.of_length else []),
        *_breakdown(reading, words),
        *(fact for fact in facts(replace(reading, details=lists), words) if fact.beside),
    ]
    return [replace(fact, label=", ".join(filter(None, (about.named, fact.label)))) for fact in known]


def _over(about: About, words: Words) -> list[Fact]:
    """The figures of the window, the value first."""
    _, reading = words.language, about.reading
    currency = reading.details.get("currency", "")
    every = [
        Fact(_("Value"), value_of(reading, reading, words)),
        Fact(_("95% interval"), words.interval(reading.interval, reading.unit, currency)),
        Fact(_("n"), words.numerals.decimal(reading.n)),
        Fact(_("Target"), words.target(reading.target, reading.unit, currency)),
        Fact(_("Status"), _status(reading, words).text),
        *_listed(reading, words),
        *facts(reading, words),
    ]
    return [fact for fact in every if fact.text]


def _under(reading: Reading, words: Words) -> str:
    """How it differs from the variant it is shown under."""
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
    """Each metric's value in every full period of the series, in order of time; gaps and lower bounds are None."""
    points = [point for point in report.series if not point.partial]
    places = {start: place for place, start in enumerate(sorted({point.start for point in points}))}
    found: dict[str, list[float | None]] = {metric: [None] * len(places) for metric in report.metrics}
    for point in points:
        if point.metric in found and isinstance(point.value, int | float) and not is_bound(point):
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


def _definition(reading: Reading, length: str, words: Words) -> list[Fact]:
    here = ", ".join(filter(None, (words.language("Here"), length)))
    cohort = words.language(labels.COHORT.get(reading.cohort, reading.cohort))
    lines = {
        words.language("Formula"): reading.formula,
        here: reading.worked or "",
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
