"""The parts of a sentence about a judgement: figures, periods, usual ranges, changes and places in words."""

from cx_kpi.judge.sentences.stories.told import Told
from cx_kpi.model.sums import Quantity
from cx_kpi.model.values import Better, Unit, Value
from cx_kpi.wording.language import mark
from cx_kpi.wording.units import Words

USUAL = mark("usual {range}")
BEFORE = mark("before: {value}")
OTHERWISE = mark("otherwise {value}")
WORST = mark(", worst in {segment} ({value})")
BEST = mark(", best in {segment} ({value})")
MOSTLY = mark(", most of it in {segment} ({value})")
ROWS_MOSTLY = mark(", most of the change in {segment} ({before} → {value})")
ROWS_ABOVE_ALL = mark(", above all in {segment} ({before} → {value})")


def step_words(told: Told, weekly: float, words: Words) -> str:
    """The step of a week, with its sign."""
    if told.unit is Unit.COUNT:
        return words.numerals.signed(weekly, 0 if abs(weekly) >= 10 else 1)
    return words.change(weekly, told.unit, None, told.currency)


def value_words(told: Told, value: Value, words: Words) -> str:
    """A figure of the metric; a count as a whole number."""
    rounded = round(value) if told.unit is Unit.COUNT and isinstance(value, float) else value
    return words.value(rounded, told.unit, told.currency)


def named_words(told: Told, period: int, words: Words) -> str:
    """A period by its name."""
    return words.dates.span(*told.periods[period])


def usual_words(told: Told, period: int, words: Words) -> str:
    """The usual range, the same in all sentences and tables: that of the latest period.

    With too few periods, the value before; of a past period that is within it, what is usual otherwise.
    """
    last = told.judgement.subject[-1]
    usual = told.judgement.usual
    limits = usual.limits[last] if usual else None
    wide = _is_wide(told, last)
    if limits is None or (wide and period == last):
        return words.language(BEFORE, value=value_words(told, _before(told), words))
    value = told.figures[period] if period != last else None
    if isinstance(value, int | float) and (wide or limits[0] <= value <= limits[1]):
        return words.language(OTHERWISE, value=value_words(told, _others(told, period, value), words))
    if told.unit is Unit.COUNT:
        limits = (round(limits[0]), round(limits[1]))
    return words.language(USUAL, range=words.interval(limits, told.unit, told.currency))


def _is_wide(told: Told, period: int) -> bool:
    """Whether the usual range of a period tells little."""
    usual = told.judgement.usual
    return usual is not None and usual.is_wide(period, told.quantity, told.scale)


def _before(told: Told) -> Value:
    """The value before the subject, as far as it is known."""
    first, effect = min(told.judgement.subject), told.judgement.effect
    before = told.figures[first - 1] if first else None
    if before is None and effect and isinstance(told.value, int | float):
        return told.value - effect.size  # of what takes time, which is not printed as it stood
    return before


def _others(told: Told, period: int, value: float) -> float:
    """The value of the other periods, by how much a past one differs from them."""
    size = next((each.effect.size for each in told.judgement.events if each.period == period), 0.0)
    return value / (1 + size) if told.quantity in (Quantity.DURATION, Quantity.COUNT) else value - size


def change_words(told: Told, size: float, words: Words) -> str:
    """A difference in the unit of the metric, or a ratio in percent."""
    if told.quantity in (Quantity.DURATION, Quantity.COUNT):
        return f"{words.numerals.signed(100 * size, 0)}{words.numerals.percent}"
    return words.change(size, told.unit, None, told.currency)


def where_words(told: Told, period: int, words: Words, *, rises: bool) -> str:
    """The segment that stands out in a period; nothing where none does."""
    place = told.place(period)
    if place is None:
        return ""
    if told.quantity is Quantity.COUNT:
        text = ROWS_MOSTLY if place.is_most else ROWS_ABOVE_ALL
    elif told.better is Better.NEITHER:
        text = MOSTLY
    else:
        text = BEST if rises == (told.better is Better.HIGHER) else WORST
    before, value = (value_words(told, each, words) for each in (place.before, place.value))
    return words.language(text, segment=place.segment, value=value, before=before)
