"""The details of a reading, whatever they are: facts with labels, and tables."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, TypeVar

from cx_kpi.model.figures import LOWER_BOUND, is_approximate
from cx_kpi.model.report import Point, Reading, Segment
from cx_kpi.model.values import Unit, Value
from cx_kpi.render.elements.labels import DETAIL, SILENT, VALUE
from cx_kpi.render.elements.report_view import Cell, Fact, Table
from cx_kpi.wording.units import ABOUT, DASH, Words, short

T = TypeVar("T")
CERTAIN, GAP = "certain", "gap"
PENDING_TOO = "censored_median"
STARTS = {"share": Unit.SHARE, "mean": Unit.SCORE, "per_": Unit.RATIO}
ENDS = {
    "share": Unit.SHARE,
    "rate": Unit.SHARE,
    "seconds": Unit.SECONDS,
    "mean": Unit.SCORE,
    "score": Unit.SCORE,
}
EITHER_END = 40  # rows of a long table that are shown at its beginning and at its end


def facts(reading: Reading, words: Words) -> list[Fact]:
    """Each plain detail as a label and a text; empty ones are left out."""
    shown = [
        _fact(key, value, reading, words)
        for key, value in reading.details.items()
        if key not in SILENT and value is not None and not _rows(value) and _differs(key, reading)
    ]
    return [fact for fact in shown if fact.text]


def _differs(key: str, reading: Reading) -> bool:
    """Whether a detail tells more: of too few rows it says nothing, and the pending count where there are any."""
    if key in DETAIL and reading.n < DETAIL[key].fewest:
        return False
    return key != PENDING_TOO or bool(reading.details.get("pending"))


def _fact(key: str, value: Any, reading: Reading, words: Words) -> Fact:
    if key == CERTAIN:
        return Fact(_label(key, words), ", ".join(_sized(value, reading, words)), beside=True)
    unit = _unit(key, value, reading)
    counts = reading.unit is Unit.SECONDS or "overdue" in reading.details
    beside = key in DETAIL and DETAIL[key].beside and (unit is not Unit.COUNT or counts)
    about = ABOUT if is_approximate(reading.details, key) else ""
    return Fact(_label(key, words), about + _text(value, unit, words), beside)


def _sized(names: Iterable[str], reading: Reading, words: Words) -> Iterator[str]:
    """Names of rows with the differences that are more than chance."""
    sizes = {row["name"]: row.get(GAP) for row in reading.details.get("table", ())}
    for each in names:
        yield f"{each} {words.change(sizes.get(each), Unit.SCORE)}".strip()


def _unit(key: str, value: Any, reading: Reading) -> Unit:
    return (DETAIL[key].unit or reading.unit) if key in DETAIL else unit_of(key, value)


def _text(value: Any, unit: Unit, words: Words) -> str:
    if isinstance(value, bool):
        return words.language("yes") if value else words.language("no")
    if isinstance(value, list | tuple):
        numbers = all(isinstance(item, int | float) for item in value)
        parts = [words.value(item, unit, trim=True) for item in value if item is not None]
        return (DASH if numbers else ", ").join(parts)
    return words.value(value, unit)


def unit_of(key: str, value: Any) -> Unit:
    """The unit by the words of a key; whole numbers are counts."""
    for start, unit in STARTS.items():
        if key.startswith(start):
            return unit
    for end, unit in ENDS.items():
        if key.endswith(end):
            return unit
    return Unit.COUNT if isinstance(value, int) else Unit.RATIO


def tables(reading: Reading, words: Words) -> list[Table]:
    """Each list of rows among the details, and each dict as a table of names and counts."""
    found = ((key, _rows(value)) for key, value in reading.details.items() if key not in SILENT)
    return [_table(key, rows, reading, words) for key, rows in found if rows]


def _rows(value: Any) -> list[dict[str, Any]]:
    """The rows of a detail that is a table; none where it is not."""
    if isinstance(value, dict):
        return [{"name": name, "n": n} for name, n in value.items()]
    return value if isinstance(value, list) and value and isinstance(value[0], dict) else []


def _table(key: str, rows: list[dict[str, Any]], reading: Reading, words: Words) -> Table:
    caption = reading.title if key == "table" else f"{reading.title}: {_label(key, words)}"
    keys = list(rows[0])
    known = vocabulary(row.get(keys[0]) for row in rows)
    labels = [_label(key, words) for key in keys]

    def shown(row: dict[str, Any]) -> list[Cell]:
        cells = (Cell(_cell(key, row.get(key), reading, words)) for key in keys[1:])
        return [Cell(_first(row.get(keys[0]), known, reading, words)), *cells]

    return Table(caption, labels, shortened(rows, shown, words, EITHER_END, EITHER_END))


def _first(value: Any, known: dict[str, str], reading: Reading, words: Words) -> str:
    """What a row is about; of a metric that lists words, one of these."""
    is_word = reading.unit is Unit.LIST and isinstance(value, str)
    return words.value([str(value)], Unit.LIST) if is_word else name(value, known, words)


def shortened(
    rows: Sequence[T], shown: Callable[[T], list[Cell]], words: Words, first: int, last: int = 0
) -> list[list[Cell]]:
    """The first and the last rows of a long table, and how many others there are: the data outputs have all."""
    left = len(rows) - first - last
    if left <= 0:
        return [*map(shown, rows)]
    head, tail = ([*map(shown, part)] for part in (rows[:first], rows[len(rows) - last :]))
    others = Cell(words.language("and {n} more", n=words.numerals.decimal(left)))
    return [*head, [others, *[Cell("")] * (len(head[0]) - 1)], *tail]


def _cell(key: str, value: Any, reading: Reading, words: Words) -> str:
    return "" if value is None else _text(value, _unit(key, value, reading), words)


def said(value: Value, reading: Reading, words: Words) -> str:
    """A value of this metric, in one short text."""
    value = first_of(value)
    if isinstance(value, str):
        return name(value, vocabulary([value]), words)
    return words.value(value, reading.unit, reading.details.get("currency", ""))


def read(of: Reading | Point | Segment, reading: Reading, words: Words) -> str:
    """A value of this metric as it was read, in one short text: `≥ 243` where it is a lower bound."""
    if isinstance(first_of(of.value), str):
        return said(of.value, reading, words)
    details = {**of.details, "currency": reading.details.get("currency", "")}
    return words.read(first_of(of.value), reading.unit, details)


def is_bound(of: Reading | Point | Segment) -> bool:
    """Whether a value is a lower bound: those show no direction."""
    return bool(of.details.get(LOWER_BOUND))


def first_of(value: Value) -> Value:
    """The first of a list, for places with little room."""
    return (value[0] if value else None) if isinstance(value, list) else value


def vocabulary(names: Iterable[Any]) -> dict[str, str]:
    """The closed vocabulary that all of these names belong to, else an empty one."""
    seen = {name for name in names if name is not None}
    return next((known for known in VALUE.values() if seen and seen <= known.keys()), {})


def name(value: Any, known: dict[str, str], words: Words) -> str:
    """A name as it is shown: in words where it is one of ours, `unknown` where there is none."""
    if value is None:
        return words.language("unknown")
    return words.language(known[value]) if value in known else short(str(value))


def _label(key: str, words: Words) -> str:
    """What a key is called; one we do not know, by its own words."""
    return words.language(DETAIL[key].label) if key in DETAIL else key.replace("_", " ")
