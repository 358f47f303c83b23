"""Problems in the settings of one table, by a configuration or a preset."""

from collections.abc import Iterator, Mapping

from cx_kpi.model.errors import nearest
from cx_kpi.model.options import Column, TableConfig
from cx_kpi.model.schema import TABLES, Kind
from cx_kpi.normalise.values.date_formats import is_format
from cx_kpi.normalise.vocabulary.dictionaries import OPEN_WORDS, meanings, plain, units
from cx_kpi.normalise.vocabulary.rules import Values, as_column
from cx_kpi.normalise.vocabulary.zones import is_zone

_AMOUNTS = (Kind.COUNT, Kind.NUMBER, Kind.SECONDS)
_SCORES = ("score", "satisfaction_score")


def table_problems(table: str, config: TableConfig) -> Iterator[str]:
    """What is wrong in the settings of one table, one line each."""
    for field in config.columns:
        yield from _field(f"{table}.columns", table, field)
    for field, said in config.columns.items():
        yield from _column(f"{table}.columns.{field}", as_column(said))
    for field, values in config.values.items():
        yield from _field(f"{table}.values", table, field)
        yield from _values(table, field, values)
    if config.complete and table != "tickets":
        yield f"{table}.complete: only tickets can be complete; write it under [tickets]"
    if config.questions and table != "surveys":
        yield f"{table}.questions: only surveys have questions; write [[surveys.questions]]"
    yield from _survey(table, config)


def _column(name: str, column: Column) -> Iterator[str]:
    """What is wrong in how a column is to be read."""
    if column.unit and column.unit not in units():
        yield f"{name}.unit: no unit {column.unit}; seconds, minutes, hours, days or ms"
    if column.format and not is_format(column.format):
        yield f"{name}.format: no format of dates; write for example %d.%m.%Y %H:%M"
    if column.zone and not is_zone(column.zone):
        yield f"{name}.zone: no time zone {column.zone}; a name such as Europe/Moscow"


def _survey(table: str, config: TableConfig) -> Iterator[str]:
    """Scales and questions, which only surveys have."""
    if config.scales and table != "surveys":
        yield f"{table}.scales: only surveys have scales; write [surveys.scales]"
    for kind, (low, high) in config.scales.items():
        if kind not in TABLES["surveys"].words["kind"]:
            yield f"{table}.scales: no kind {kind}{nearest(kind, TABLES['surveys'].words['kind'])}"
        if low == high:
            yield f"{table}.scales.{kind}: the worst answer, then the best, as in [0, 10]"
    for question in config.questions:
        if plain(question.kind) not in meanings("kind"):
            yield f"{table}.questions.kind: no kind {question.kind}{nearest(question.kind, TABLES['surveys'].words['kind'])}"


def _field(place: str, table: str, field: str) -> Iterator[str]:
    if field not in TABLES[table].fields:
        yield f"{place}.{field}: no such field{nearest(field, TABLES[table].fields)}"


def _values(table: str, field: str, values: Values) -> Iterator[str]:
    """Words of closed vocabularies, numbers where numbers are meant, yes and no for flags."""
    kind, words = TABLES[table].fields.get(field), _closed(table).get(field)
    for word, value in values.items():
        place = f"{table}.values.{field}.{word}"
        if words and value not in words:
            yield f"{place}: no word {value}{nearest(str(value), words)}"
        elif (kind in _AMOUNTS or field in _SCORES) and isinstance(value, str):
            yield f"{place}: has to be a number"
        elif kind is Kind.FLAG and not isinstance(value, bool):
            yield f"{place}: has to be true or false"


def _closed(table: str) -> Mapping[str, tuple[str, ...]]:
    listed = {name: words for name, words in TABLES[table].words.items() if name not in OPEN_WORDS}
    return {name: (*words, "escalated") if name == "status" else words for name, words in listed.items()}
