"""The mapping found, as configuration that finds the same again."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field, replace
from typing import Any

from cx_kpi.model.frozen import dataclass
from cx_kpi.model.options import Column, Config, Options, Question, TableConfig
from cx_kpi.model.schema import TABLES, Kind
from cx_kpi.normalise.choice.recognise import recognise
from cx_kpi.normalise.mapping.matching import TWINS
from cx_kpi.normalise.vocabulary.dictionaries import dictionary
from cx_kpi.normalise.vocabulary.headers import read_header
from cx_kpi.normalise.vocabulary.rules import Mapped, Rule, Values
from cx_kpi.read.raw.source import TextFrame

QUESTIONS = "questions"
Place = tuple[str, str]  # a table and a field, or its questions


@dataclass(frozen=True, slots=True)
class Found:
    """How each field was found, by table. `left` are those that a configuration cannot express."""

    columns: Mapping[Place, Column]
    values: Mapping[Place, Values]
    questions: tuple[Question, ...]
    left: frozenset[Place] = field(default_factory=frozenset)

    def table(self, name: str) -> TableConfig:
        """One table as it is configured."""
        return TableConfig(
            {place[1]: each for place, each in self.columns.items() if self._says(place, name)},
            {place[1]: dict(each) for place, each in self.values.items() if self._says(place, name)},
            [*self.questions] if name == "surveys" and (name, QUESTIONS) not in self.left else [],
        )

    def _says(self, place: Place, table: str) -> bool:
        return place[0] == table and place not in self.left


def found(
    mapped: Sequence[Mapped], frames: Sequence[TextFrame], options: Options, explicit: Mapping[str, str]
) -> Found:
    """What was found; what the same files would be read otherwise by is left."""
    said = Found(
        columns=_columns(mapped),
        values=_values(mapped),
        questions=tuple(dict.fromkeys(asked for each in mapped for asked in _asked(each))),
    )
    every = {*said.columns, *said.values, ("surveys", QUESTIONS)}
    while True:
        tables: dict[str, Any] = {name: said.table(name) for name in TABLES}
        again = recognise(frames, replace(options, config=Config(**tables)), explicit).mapped
        wrong = set(_otherwise(mapped, again)) - said.left
        if not wrong or said.left == every:
            return said
        said = replace(said, left=said.left | (wrong & every or every))


def _values(mapped: Iterable[Mapped]) -> dict[Place, Values]:
    """What words of a field mean, where it is known."""
    said = {(each.table, name): rule.values for each in mapped for name, rule in each.fields.items()}
    return {place: values for place, values in said.items() if values}


def _columns(mapped: Sequence[Mapped]) -> dict[Place, Column]:
    rules: dict[Place, list[Rule]] = {}
    for each in mapped:
        for name, rule in each.fields.items():
            if rule.made:
                continue
            rules.setdefault((each.table, name), []).append(rule)
    return {place: _column(TABLES[place[0]].fields[place[1]], each) for place, each in rules.items()}


def _column(kind: Kind, rules: Sequence[Rule]) -> Column:
    """One mapping for all files, without what their headers show already."""
    rule, header = rules[0], read_header(rules[0].header)
    headers = list(dict.fromkeys(each.header for each in rules))
    return Column(
        headers[0] if len(headers) == 1 else headers,
        unit=_unit(rule.unit) if kind is Kind.SECONDS and rule.unit and rule.unit != header.unit else None,
        format=rule.format,
        present=rule.present,
        zone=rule.zone if rule.zone != header.zone else None,
    )


def _unit(seconds: float) -> str | None:
    return next((name for name, unit in dictionary("units").items() if unit["seconds"] == seconds), None)


def _otherwise(mapped: Iterable[Mapped], again: Iterable[Mapped]) -> Iterator[Place]:
    """What of the first reading is another in the second."""
    second = {each.source.path: each for each in again}
    for one in mapped:
        other = second.get(one.source.path)
        if other is None or other.table != one.table:
            tables = {one.table, other.table if other else one.table}
            yield from ((table, name) for table in tables for name in TABLES[table].fields)
            continue
        for name in one.business ^ other.business | _guessed(one) ^ _guessed(other) | _unlike(one, other):
            yield from ((one.table, each) for each in (name, *_twin(name)))
        if _asked(one) != _asked(other) or _noticed(one, "told_question") != _noticed(other, "told_question"):
            yield one.table, QUESTIONS


def _guessed(mapped: Mapped) -> set[str]:
    """The fields whose header is nearly a known word; a line for them would hide that."""
    return _noticed(mapped, "guessed_column")


def _noticed(mapped: Mapped, code: str) -> set[str]:
    return {each.field or "" for each in mapped.source.notices if each.code == code}


def _asked(mapped: Mapped) -> tuple[Question, ...]:
    """The questions of a file, from a preset or the configuration."""
    return tuple(
        replace(each, scale=(each.scale[0], each.scale[1]) if each.scale else None)
        for each in mapped.questions
    )


def _unlike(one: Mapped, other: Mapped) -> set[str]:
    return {name for name in {*one.fields, *other.fields} if one.fields.get(name) != other.fields.get(name)}


def _twin(name: str) -> Iterator[str]:
    for pair in TWINS.items():
        if name in pair:
            yield from pair
