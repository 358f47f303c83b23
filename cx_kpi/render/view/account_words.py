"""The account of a change in words: its parts, the segments that stand out, and all segments."""

from cx_kpi.model.report import Account, Cause, Reading
from cx_kpi.model.values import Unit
from cx_kpi.render.elements.details import shortened
from cx_kpi.render.elements.report_view import Cell, Fact, Opened, Table
from cx_kpi.render.view.cut_tables import segment_name
from cx_kpi.wording.names import DIMENSION
from cx_kpi.wording.units import Words

STEPS = {  # to which parts of a change are rounded, as they are shown
    Unit.SHARE: 0.001,
    Unit.POINTS: 0.1,
    Unit.SCORE: 0.01,
    Unit.RATIO: 0.01,
    Unit.CURRENCY: 0.01,
    Unit.SECONDS: 0.01,
}
MOST = 30  # segments in the table of a change, the largest parts of it; the data outputs have all


def opened(account: Account | None, reading: Reading, words: Words) -> Opened | None:
    """The account of a change of a metric; None where none was made."""
    _ = words.language
    if account is None:
        return None
    dimension = _dimension(account.dimension, words)
    stands_out = any(cause.named for cause in account.causes)
    parts, none = _parts(account, reading, words), "" if stands_out else _none(account, words)
    return Opened(
        title=_("The change by {dimension}", dimension=dimension) if stands_out else _("Where"),
        parts=parts,
        named=_named(account, reading, words),
        none=none,
        table=_table(account, reading, words, dimension),
        reversed=_reversed(account, words),
        summed=none or _summed(parts, account, reading, words),
    )


def _parts(account: Account, reading: Reading, words: Words) -> list[Fact]:
    """The segments that stand out, the mix, and all the rest: rounded so that they add up to the change that is shown."""
    _, step = words.language, STEPS.get(reading.unit, 1.0)
    if reading.unit is Unit.SECONDS:
        step *= abs(account.change) or 1.0
    known = {_name(cause, words): cause.rate for cause in account.causes if cause.named}
    if reading.unit is not Unit.COUNT:
        known[_("another mix of segments")] = account.mix
    rounded = {label: round(size / step) for label, size in known.items()}
    rounded[_("all others together")] = round(account.change / step) - sum(rounded.values())
    return [Fact(label, _part(step * size, account, reading, words)) for label, size in rounded.items()]


def _summed(parts: list[Fact], account: Account, reading: Reading, words: Words) -> str:
    """`of +209 (466, where 257 was usual), app +115 (more than chance); all others together +94`."""
    many = sum(cause.named for cause in account.causes)
    named, rest = (", ".join(fact.said for fact in some) for some in (parts[:many], parts[many:]))
    whole = _part(account.change, account, reading, words)
    if reading.unit is Unit.COUNT:
        now, change = sum(cause.n for cause in account.causes), round(account.change)
        counts = {"now": words.numerals.decimal(now), "before": words.numerals.decimal(now - change)}
        instead = words.language("{now}, where {before} was usual", **counts)
        whole = f"{whole} ({instead})"
    return words.language(
        "of {whole}, {named} (more than chance); {rest}", whole=whole, named=named, rest=rest
    )


def _none(account: Account, words: Words) -> str:
    """That no segment stands out, and where it was looked for."""
    looked_at = ", ".join(_dimension(each, words) for each in account.looked_at)
    if not looked_at:
        return words.language("no segment changed clearly more than the others")
    return words.language(
        "no segment changed clearly more than the others, by {dimensions}", dimensions=looked_at
    )


def _dimension(name: str, words: Words) -> str:
    return words.language(DIMENSION.get(name, name))


def _named(account: Account, reading: Reading, words: Words) -> list[str]:
    """The segments that stand out, and by how much."""
    return [
        words.language(
            "{segment}: {before} → {now}, {part} of the change",
            segment=_name(cause, words),
            before=_value(cause.previous, reading, words),
            now=_value(cause.value, reading, words),
            part=_part(cause.rate, account, reading, words),
        )
        for cause in account.causes
        if cause.named
    ]


def _reversed(account: Account, words: Words) -> str:
    if not account.reversed:
        return ""
    return words.language(
        "Every segment went the other way than the whole: the whole changed because the mix of segments did."
    )


def _table(account: Account, reading: Reading, words: Words, dimension: str) -> Table:
    _ = words.language
    was, now = _("before"), _("now")
    if reading.unit is Unit.SECONDS:
        was, now = _("before (geometric mean)"), _("now (geometric mean)")
    heads = [dimension, was, now, _("n"), _("by its own change"), _("by its share")]
    rows = shortened(account.causes, lambda cause: _row(cause, account, reading, words), words, MOST)
    title = _("The change by {dimension}", dimension=dimension)
    return Table(f"{reading.title}: {title}", heads, rows)


def _row(cause: Cause, account: Account, reading: Reading, words: Words) -> list[Cell]:
    texts = (
        _name(cause, words),
        _value(cause.previous, reading, words),
        _value(cause.value, reading, words),
        words.numerals.decimal(cause.n),
        _part(cause.rate, account, reading, words),
        _part(cause.mix, account, reading, words),
    )
    return [Cell(text) for text in texts]


def _name(cause: Cause, words: Words) -> str:
    return segment_name(tuple(cause.by), tuple(cause.by.values()), words)


def _value(value: object, reading: Reading, words: Words) -> str:
    if not isinstance(value, int | float):
        return "–"
    return words.value(value, reading.unit, reading.details.get("currency", ""))


def _part(size: float, account: Account, reading: Reading, words: Words) -> str:
    """A part of the change: of lengths of time, which change by ratios, in percent of all of it."""
    if reading.unit is Unit.COUNT:
        return words.numerals.signed(size, 0)
    if reading.unit is Unit.SECONDS:
        return words.numerals.decimal(100 * size / (account.change or 1.0)) + words.numerals.percent
    return words.change(size, reading.unit, None, reading.details.get("currency", ""))
