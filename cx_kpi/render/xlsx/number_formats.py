"""Numbers as a spreadsheet holds them, with formats that show them as every other output does: `3 d 4 h`, `88.3%`."""

from cx_kpi.model.frozen import dataclass
from cx_kpi.model.report import Point, Reading, Segment
from cx_kpi.model.values import Unit
from cx_kpi.render.elements.details import first_of, is_bound
from cx_kpi.render.elements.reading_fields import signs, value_of
from cx_kpi.wording.language import Language
from cx_kpi.wording.numerals import DECIMALS, MOST_DECIMALS
from cx_kpi.wording.units import DAY, HOUR, LENGTHS, LONG, MINUTE, SIGNS, SPACE, TEN_SECONDS, Words, two_units

AXES = {
    Unit.COUNT: "#,##0",
    Unit.SECONDS: "[h]:mm",
    Unit.SHARE: "0%",
    Unit.POINTS: "+0;-0;0",
    Unit.SCORE: "0.0",
    Unit.RATIO: "0.0",
    Unit.CURRENCY: "#,##0",
}
PLACES = {DAY: "{n}", HOUR: "h", MINUTE: "m", 1: "s"}  # in a format, of the smaller of two units
THOUSAND = 1_000
HAIR = (
    1 + 1e-9
)  # programs cut off below the smallest unit, and a cell holds ten digits: 9.999999 h is not 9 h


@dataclass(frozen=True, slots=True)
class Figure:
    """A number in its unit, what is written before it (`≥`), and its currency."""

    value: float
    unit: Unit
    lead: str = ""
    currency: str = ""
    trim: bool = False  # without decimals that are zero


def figure(read: Reading | Point | Segment, reading: Reading, words: Words) -> Figure | str:
    """The value of a metric as a number to calculate with; where it is none, in words; nothing where there is none."""
    value = first_of(read.value)
    if value is None:
        return ""
    if not isinstance(value, int | float) or (reading.unit is Unit.SECONDS and value < 0):
        return value_of(read, reading, words)
    lead = signs(read) or (SIGNS[">="] if is_bound(read) else "")
    return Figure(value, reading.unit, lead, str(reading.details.get("currency", "")))


def written(of: Figure, language: Language) -> tuple[float, str]:
    """The number of a cell, and its format. Lengths of time are in days, rounded as they are shown."""
    if of.unit is Unit.SECONDS:
        number, shape = _length(of.value, language)
        number *= HAIR
    else:
        number, shape = float(of.value), _plain(of)
    lead = _literal(f"{of.lead}{SPACE}") if of.lead else ""
    return number, ";".join(lead + each for each in shape.split(";"))


def _plain(of: Figure) -> str:
    match of.unit:
        case Unit.SHARE:
            most = _share_decimals(of.value)
            return f"{_decimals(_kept(of, 100, most))}%"
        case Unit.POINTS:
            digits = _decimals(0 if of.value == int(of.value) else 1)
            return f"+{digits};-{digits};0"
        case Unit.SCORE | Unit.RATIO:
            return _decimals(_kept(of, 1, 2))
        case Unit.CURRENCY:
            digits = "#,##0.00" if abs(of.value) < THOUSAND else "#,##0"
            return digits + _literal(SPACE + of.currency) if of.currency else digits
        case _:
            return "#,##0"


def _decimals(n: int) -> str:
    return f"0.{'0' * n}" if n else "0"


def _kept(of: Figure, times: int, most: int) -> int:
    """How many decimals the number has, so many times as large; trimmed, those that are not zero."""
    number = of.value * times
    if not of.trim:
        return most
    return next(n for n in range(most + 1) if n == most or round(number, n) == round(number, most))


def _share_decimals(share: float) -> int:
    """As many as it takes not to show 0% or 100% for what is neither."""
    if share in (0, 1):
        return 0
    enough = (n for n in range(DECIMALS, MOST_DECIMALS) if round(share * 100, n) not in (0, 100))
    return next(enough, MOST_DECIMALS)


def _length(seconds: float, language: Language) -> tuple[float, str]:
    """A length of time in its two largest units.

    Days are text, as the `d` of a format is a day of the calendar, and not the same in all programs. Where the number is
    changed and the text no longer holds, hours are shown.
    """
    if seconds < MINUTE - 0.5:
        unit = _unit(1, language)
        fine = f"[<{MINUTE / DAY:.6f}]s.0{unit};" if seconds < TEN_SECONDS and seconds != int(seconds) else ""
        return seconds / DAY, f"{fine}[s]{unit}"  # decimals of all seconds, LibreOffice does not read
    large, small = two_units(seconds)
    whole, rest = divmod(round(seconds / small), large // small)
    number = (whole * large + (rest * small if large != small else 0)) / DAY
    last = PLACES[small] + _unit(small, language) if rest and large != small else ""
    if large < DAY:
        return number, " ".join(filter(None, [f"[{PLACES[large]}]{_unit(large, language)}", last]))
    if seconds >= LONG:
        return number, f"#,##0{_unit(DAY, language)}"
    hours = f"[h]{_unit(HOUR, language)}"
    held = " ".join(filter(None, [_literal(str(whole)) + _unit(DAY, language), last]))
    return number, f"[<{whole}]{hours};[>={whole + 1}]{hours};{held}"


def _unit(seconds: int, language: Language) -> str:
    """What follows the number of a unit of time: `" h"`."""
    return _literal(language(LENGTHS[seconds], n="").replace(" ", SPACE))


def _literal(text: str) -> str:
    return '"' + text.replace('"', "").replace(";", ",") + '"'
