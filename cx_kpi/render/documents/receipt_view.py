"""The receipt of a number in words: sections of facts and tables, in the order to read them."""

from collections.abc import Iterator, Sequence
from dataclasses import field, replace

from cx_kpi.model.documents.receipt import Behind, Choice, Part, Receipt
from cx_kpi.model.frozen import dataclass
from cx_kpi.model.report import Reading
from cx_kpi.model.values import Unit
from cx_kpi.render.elements import labels
from cx_kpi.render.elements.reading_fields import value_of
from cx_kpi.render.elements.report_view import Cell, Fact, Table
from cx_kpi.render.view.account_words import opened
from cx_kpi.render.view.cut_tables import segment_name
from cx_kpi.render.view.judgement_words import judged_facts
from cx_kpi.render.view.metric_rows import About, row
from cx_kpi.render.view.present import condition
from cx_kpi.wording.language import mark
from cx_kpi.wording.names import DIMENSION
from cx_kpi.wording.units import Words

SIGN = {True: "+", False: "−"}
TARGET = {"higher": "≥", "lower": "≤"}
NOTE = mark("a segment's pull is its share of the rows × (its value − the whole)")


@dataclass(frozen=True, slots=True)
class Section:
    """A heading, the text under it, and tables."""

    title: str
    facts: list[Fact] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Sheet:
    """The whole receipt in words."""

    title: str
    value: str
    about: str
    sections: list[Section]


def sheet(receipt: Receipt, words: Words) -> Sheet:
    """The receipt for people."""
    reading, _ = receipt.reading, words.language
    shown = row(reading, [], words, About(receipt.metric, reading))
    span = words.dates.span(receipt.window.start, receipt.window.end) if receipt.window else ""
    moment = ""
    if receipt.as_of:
        at = words.dates.moment(receipt.as_of)
        moment = _("as of {moment} ({timezone})", moment=at, timezone=receipt.timezone)
    only = condition(receipt.where, _)
    made = [_formula, _counted, _rows, _judged, _latest, _account, _told, _changed, _worst, _parts]
    sections = [section for make in made for section in make(receipt, words)]
    title = " · ".join(filter(None, (reading.title, receipt.metric, span, moment, only)))
    return Sheet(title, shown.value, reading.about, sections)


def _formula(receipt: Receipt, words: Words) -> Iterator[Section]:
    reading, _ = receipt.reading, words.language
    facts = [Fact(_("Formula"), reading.formula), Fact(_("Here"), reading.worked or "")]
    shown = row(reading, [], words, About(receipt.metric, reading))
    taken = next(each.method for each in receipt.ways if each.taken)
    facts += [fact for fact in shown.facts if fact.label and fact.text != taken]
    yield Section(_("Formula"), [fact for fact in facts if fact.text])


def _counted(receipt: Receipt, words: Words) -> Iterator[Section]:
    _ = words.language
    taken = next(each for each in receipt.ways if each.taken)
    cohort = _(labels.COHORT.get(taken.cohort, taken.cohort))
    facts = [
        Fact(_("Method"), taken.method),
        Fact(_("Counts by"), f"{taken.clock} ({cohort})"),
        Fact(_("Columns"), f"{_(labels.TABLE.get(taken.table, taken.table))}: {', '.join(taken.needs)}"),
        Fact(_("Time"), receipt.time),
    ]
    facts += [Fact(_("Not taken"), _other(each, words)) for each in receipt.ways if not each.taken]
    yield Section(_("How it is counted"), [fact for fact in facts if fact.text])


def _other(choice: Choice, words: Words) -> str:
    _ = words.language
    name = choice.method or f"{_(labels.TABLE.get(choice.table, choice.table))}, {choice.clock}"
    why = choice.lacks or _("possible too, but the first that the files allow is taken")
    return f"{name}: {why}"


def _rows(receipt: Receipt, words: Words) -> Iterator[Section]:
    _, count = words.language, words.numerals.decimal
    first, *rest = receipt.steps
    body = [[Cell(first.reason), Cell(""), Cell(count(first.left))]]
    body += [
        [Cell(s.reason), Cell(f"{SIGN[s.rows > 0]}{count(abs(s.rows))}"), Cell(count(s.left))] for s in rest
    ]
    body.append([Cell(_("rows that count")), Cell(""), Cell(count(receipt.steps[-1].left))])
    yield Section(_("From the files to the figure"), tables=[Table("", ["", _("Out"), _("Left")], body)])


def _judged(receipt: Receipt, words: Words) -> Iterator[Section]:
    _, reading = words.language, receipt.reading
    shown = row(reading, [], words, About(receipt.metric, reading))
    interval = f"{shown.interval} ({receipt.interval_by})" if shown.interval else ""
    target = f"{shown.target} ({receipt.target_from})" if shown.target else _("none for the whole")
    facts = [
        Fact(_("95% interval"), interval),
        Fact(_("Target"), target),
        Fact(_("Of segments"), receipt.segment_targets),
        Fact(_("Status"), shown.status.text),
    ]
    heads = [_("Target of a row"), _("rows"), _("kept")]
    body = [
        [
            Cell(_("deadline") if goal.seconds is None else f"≤ {words.duration(goal.seconds)}"),
            Cell(words.value(goal.rows, Unit.COUNT)),
            Cell(words.value(goal.hits / goal.rows, Unit.SHARE)),
        ]
        for goal in receipt.row_goals
    ]
    tables = [Table("", heads, body)] if body else []
    yield Section(_("Target and interval"), [fact for fact in facts if fact.text], tables)


def _latest(receipt: Receipt, words: Words) -> Iterator[Section]:
    """The latest full period, or the window that was chosen, and how it was judged."""
    reading, _ = receipt.reading, words.language
    latest = reading.latest
    if latest is None:
        return
    currency = reading.details.get("currency", "")
    status = _(labels.STATUS[latest.status]) if latest.status else ""
    facts = [
        Fact(_("Value"), value_of(latest, reading, words)),
        Fact(_("n"), words.numerals.decimal(latest.n)),
        Fact(_("95% interval"), words.interval(latest.interval, reading.unit, currency)),
        Fact(_("Status"), status),
        *judged_facts(reading, receipt.window.grain if receipt.window else "month", words),
        Fact(_("History"), receipt.history or ""),
    ]
    title = _("Judged: {period}", period=words.dates.span(latest.start, latest.end))
    yield Section(title, [fact for fact in facts if fact.text])


def _account(receipt: Receipt, words: Words) -> Iterator[Section]:
    """What the change is made of."""
    made = opened(receipt.reading.account, receipt.reading, words)
    if made:
        said = filter(None, (*made.named, made.none, made.reversed))
        facts = [*made.parts, *(Fact("", text) for text in said)]
        yield Section(made.title, facts, [replace(made.table, caption="")])


def _told(receipt: Receipt, words: Words) -> Iterator[Section]:
    """What is said of the metric, and what past changes were made of."""
    reading = receipt.reading
    for finding in receipt.findings:
        known = finding.account is None or finding.account == reading.account
        made = None if known else opened(finding.account, reading, words)
        facts = [Fact("", finding.text)]
        if made:
            said = ": ".join([made.title, "; ".join(made.named or [made.none])])
            facts += [
                Fact("", said),
                *(Fact("", text) for text in filter(None, [made.reversed])),
                *made.parts,
            ]
        yield Section(
            words.language("What is said of it"), facts, [replace(made.table, caption="")] if made else []
        )


def _changed(receipt: Receipt, words: Words) -> Iterator[Section]:
    """Two neighbouring periods, described and not judged."""
    _, reading = words.language, receipt.reading
    shown = row(reading, [], words, About(receipt.metric, reading))
    compared = reading.compared
    if compared is None:
        return
    latest, currency = reading.latest, reading.details.get("currency", "")
    in_percent = latest is None or latest.change is None or latest.relative
    before = compared.previous.value if in_percent else None  # else in the unit of the change that is judged
    bounds = compared.interval or ()
    between = " … ".join(words.change(bound, reading.unit, before, currency) for bound in bounds)
    facts = [
        Fact(_("Compared"), shown.compared),
        Fact(_("Change"), words.change(compared.change, reading.unit, before, currency)),
        Fact(_("95% interval"), f"{between} ({receipt.change_by})" if between else ""),
    ]
    yield Section(_("Two periods, not judged"), [fact for fact in facts if fact.text])


def _worst(receipt: Receipt, words: Words) -> Iterator[Section]:
    _, worst = words.language, receipt.worst
    if not worst.rows:
        return
    currency = receipt.reading.details.get("currency", "")
    more = list(dict.fromkeys(name for each in worst.rows for name in each.values))
    heads = [_("id"), _("date"), _("value"), _("target"), *more]
    body = [
        [
            Cell(each.id or "–", link=each.link or ""),
            Cell(words.dates.moment(each.at[:16]) if each.at else ""),
            Cell(words.value(each.value, worst.unit, currency) if _tells(each.value) else ""),
            Cell(_held_to(each, words)),
            *(Cell(_said(each.values.get(name))) for name in more),
        ]
        for each in worst.rows
    ]
    title = _("Rows behind it")
    yield Section(f"{title}: {worst.order}", tables=[Table("", heads, body)])


def _held_to(each: Behind, words: Words) -> str:
    if each.due:
        return words.language("by {moment}", moment=words.dates.moment(each.due[:16]))
    return f"≤ {words.duration(each.target)}" if each.target is not None else ""


def _tells(value: object) -> bool:
    return value is not None and not isinstance(value, bool)


def _said(value: object) -> str:
    return "" if value is None else str(value)


def _title_of(cut: Sequence[str], words: Words) -> str:
    return " · ".join(words.language(DIMENSION.get(each, each)) for each in cut)


def _parts(receipt: Receipt, words: Words) -> Iterator[Section]:
    _ = words.language
    for cut in dict.fromkeys(tuple(part.by) for part in receipt.parts):
        found = [part for part in receipt.parts if tuple(part.by) == cut]
        pulls = any(part.pull is not None for part in found)
        heads = ["", _("value"), _("rows"), _("share of rows"), *([_("pull")] if pulls else [])]
        body = [_cells(part, receipt.reading, words, pulls=pulls) for part in found]
        title = _title_of(cut, words)
        facts = [Fact("", _(NOTE))] if pulls else []
        yield Section(_("By {dimension}", dimension=title), facts, [Table("", heads, body)])
    if receipt.uncut:
        yield Section(_("Left out"), [Fact("", left.why) for left in receipt.uncut])


def _cells(part: Part, reading: Reading, words: Words, *, pulls: bool) -> list[Cell]:
    """One segment in the whole: its value, rows, share of them and, where known, its pull."""
    currency = reading.details.get("currency", "")
    pull = [Cell(words.change(part.pull, reading.unit, None, currency))] if pulls else []
    return [
        Cell(segment_name(tuple(part.by), tuple(part.by.values()), words)),
        Cell("" if part.value is None else words.read(part.value, reading.unit, reading.details)),
        Cell(words.value(part.n, Unit.COUNT)),
        Cell(words.value(part.share, Unit.SHARE)),
        *pull,
    ]
