"""The judgement of the latest period in words: sign, change, baseline, usual range, and what the process can do."""

from collections.abc import Iterator

from cx_kpi.model.report import Latest, Point, Reading, Usual
from cx_kpi.model.values import Better, Capability, Verdict
from cx_kpi.render.elements import labels
from cx_kpi.render.elements.report_view import Cell, Fact, Tone
from cx_kpi.wording.language import mark
from cx_kpi.wording.units import Words

NEITHER_WAY = {Verdict.UNCHANGED: "○", Verdict.CHANGED: "≠"}
TOO_WIDE = mark("too wide to tell")
RISING = {Verdict.ROSE: True, Verdict.FELL: False}


def sign_of(latest: Latest | Point | None, better: Better) -> str:
    """The sign of the direction, where a change is shown; that it is unknown; nothing where nothing was judged."""
    if latest is None or latest.verdict is None:
        return ""
    if latest.verdict in NEITHER_WAY:
        return NEITHER_WAY[latest.verdict]
    better_if = (latest.verdict is Verdict.IMPROVED) == (better is Better.HIGHER)
    return "▲" if RISING.get(latest.verdict, better_if) else "▼"


def verdict_of(latest: Latest | Point | None, words: Words) -> Cell:
    """The verdict with its tone."""
    if latest is None or latest.verdict is None:
        return Cell("")
    text = words.language(labels.VERDICT[latest.verdict])
    return Cell(text, labels.VERDICT_TONE.get(latest.verdict, Tone.PLAIN))


def change_of(latest: Latest | Point | None, reading: Reading, words: Words) -> str:
    """The change against the baseline: ratios in percent, differences in the unit."""
    return _size(latest.change, reading, words) if latest and latest.change is not None else ""


def usual_of(reading: Reading, words: Words) -> str:
    """The usual range of the latest period: `81.6–90.6%`."""
    return said_usual(reading.latest.usual if reading.latest else None, reading, words)


def said_usual(usual: Usual | None, reading: Reading, words: Words) -> str:
    """A usual range; of one that tells little, that."""
    if usual is None:
        return ""
    return words.language(TOO_WIDE) if usual.wide else _range(usual, reading, words)


def _range(usual: Usual, reading: Reading, words: Words) -> str:
    return words.interval((usual.low, usual.high), reading.unit, reading.details.get("currency", ""))


def ability_of(latest: Latest | None, words: Words) -> Cell:
    """Whether the process as it is can meet the target."""
    if latest is None or latest.can_meet is None:
        return Cell("")
    _, tone = words.language, labels.CAPABILITY_TONE[latest.can_meet]
    if latest.can_meet is Capability.CANNOT_TELL and latest.more_rows:
        n = words.numerals.decimal(latest.more_rows)
        return Cell(_.plural("cannot tell: about {n} more row would", "cannot tell: about {n} more rows would", latest.more_rows, n=n), tone)  # fmt: skip
    return Cell(_(labels.CAPABILITY[latest.can_meet]), tone)


def judged_facts(reading: Reading, grain: str, words: Words) -> list[Fact]:
    """How the latest period was judged, a line for each part."""
    return [fact for fact in _facts(reading, grain, words) if fact.text] if reading.latest else []


def _facts(reading: Reading, grain: str, words: Words) -> Iterator[Fact]:
    latest, _ = reading.latest, words.language
    if latest is None:
        return
    yield Fact(_("Change"), _changed(latest, reading, words))
    yield Fact(_("Against"), _baseline(latest, grain, words))
    yield Fact(_("Out of the history"), _recorded(latest, words))
    yield Fact(_("Usual range"), _usual(latest, reading, words))
    yield Fact(
        _("So since"),
        words.dates.period(latest.since, grain) if latest.since and latest.since < latest.start else "",
    )
    yield Fact(_("Can meet the target"), ability_of(latest, words).text)


def _changed(latest: Latest, reading: Reading, words: Words) -> str:
    """`+1.3 pp (−2.7 pp … +6.6 pp), no change can be shown`."""
    change, bounds = change_of(latest, reading, words), latest.change_interval or ()
    between = " … ".join(_size(bound, reading, words) for bound in bounds)
    return ", ".join(
        filter(None, (f"{change} ({between})" if between else change, verdict_of(latest, words).text))
    )


def _size(change: float, reading: Reading, words: Words) -> str:
    if reading.latest and reading.latest.relative:
        return words.numerals.signed(100 * change, 0) + words.numerals.percent
    return words.change(change, reading.unit, None, reading.details.get("currency", ""))


def _baseline(latest: Latest, grain: str, words: Words) -> str:
    """`March 2025 – February 2026, n = 3,341, without January 2026 (outside the usual range)`."""
    if latest.baseline is None:
        return ""
    _, found = words.language, latest.baseline
    parts = [words.dates.span(found.start, found.end), _("n = {n}", n=words.numerals.decimal(found.n))]
    if latest.baseline_without:
        names = ", ".join(words.dates.period(start, grain) for start in latest.baseline_without)
        parts.append(_("without {periods} (outside the usual range)", periods=names))
    return ", ".join(parts)


def _recorded(latest: Latest, words: Words) -> str:
    """`October 2024 – February 2026, n = 3,841`."""
    found = latest.recorded
    if found is None:
        return ""
    n = words.language("n = {n}", n=words.numerals.decimal(found.n))
    return f"{words.dates.span(found.start, found.end)}, {n}"


def _usual(latest: Latest, reading: Reading, words: Words) -> str:
    usual = latest.usual
    if usual is None:
        return ""
    text = _range(usual, reading, words)
    text = words.language("{range}, too wide to tell much", range=text) if usual.wide else text
    return words.language("{range}, on trial: fewer than 12 periods", range=text) if usual.trial else text
