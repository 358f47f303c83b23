"""The formula of a figure with its own numbers put in, as one line for people."""

from cx_kpi.model.figures import Figure
from cx_kpi.model.values import Unit
from cx_kpi.wording.units import LENGTHS, MINUTE, SPACE, Words

_EXACT = 2  # decimals of seconds, which make the sum come out


def worked_formula(figure: Figure, unit: Unit, words: Words, currency: str = "") -> str | None:
    """`4,692 ÷ 4,969 = 94.4%`, `Σ 54,000 s ÷ 800 = 67.5 s → 1 min 8 s`; None where nothing was computed."""
    if figure.worked is None or not isinstance(figure.value, (int, float)):
        return None
    of = figure.worked.unit or unit
    parts = {name: _part(number, of, words, currency) for name, number in figure.worked.parts.items()}
    left = words.language(figure.worked.pattern, **parts)
    return left if figure.worked.states else f"{left} = {_result(figure.value, unit, words, currency)}"


def _part(number: float, unit: Unit, words: Words, currency: str) -> str:
    if isinstance(number, int):
        return words.value(number, Unit.COUNT)
    if unit is Unit.SECONDS:
        return _seconds(number, words)
    return words.value(number, unit, currency, trim=True)


def _result(value: float, unit: Unit, words: Words, currency: str) -> str:
    text = words.value(value, unit, currency)
    if unit is not Unit.SECONDS:
        return text
    exact = _seconds(value, words)
    return exact if value < MINUTE or exact == text else f"{exact} → {text}"


def _seconds(seconds: float, words: Words) -> str:
    number = words.numerals.decimal(seconds, _EXACT, trim=True)
    return words.language(LENGTHS[1], n=number).replace(" ", SPACE)
