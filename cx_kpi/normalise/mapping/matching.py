"""Which fields of a table a file has, by configuration, then preset, then words any export may use."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field, replace

from cx_kpi.model.frozen import dataclass
from cx_kpi.model.options import Column, Question, TableConfig
from cx_kpi.model.schema import TABLES, Kind
from cx_kpi.normalise.preset.presets import GENERIC, Preset, generic
from cx_kpi.normalise.vocabulary.dictionaries import units
from cx_kpi.normalise.vocabulary.headers import Header, Headers, unit_of_work
from cx_kpi.normalise.vocabulary.rules import Rule, Values, as_column, names_of
from cx_kpi.normalise.vocabulary.scale_words import scale_of

SCORES = ("score", "satisfaction_score")
TWINS = {"first_response_at": "first_response_seconds", "solved_at": "resolution_seconds"}
LENGTHS = {length: stamp for stamp, length in TWINS.items()}


@dataclass(frozen=True)
class Match:
    """A file read as one table."""

    table: str
    preset: str
    fields: Mapping[str, Rule]
    questions: tuple[Question, ...] = ()
    business: frozenset[str] = field(default_factory=frozenset)
    refused: str = ""  # why no such file can be used
    guessed: tuple[str, ...] = ()  # fields whose header is not exactly a known word
    coerced: bool = False  # configuration or preset say which questions there are
    told: tuple[Question, ...] = ()  # those of the questions that only their words tell
    configured: bool = False  # the configuration says a column that is there
    strange: tuple[str, ...] = ()  # columns called a status whose words are none
    lone: tuple[str, ...] = ()  # columns called the customer's that hold one id nearly everywhere

    @property
    def missing(self) -> list[str]:
        """The required fields that are not there."""
        table = TABLES[self.table]
        asked = {"kind", "score"} if self.questions else set()
        asked |= {name for name, other in table.stand_ins.items() if other in self.fields}
        return [name for name in table.required if name not in self.fields and name not in asked]

    @property
    def size(self) -> int:
        """How many headers it explains."""
        return len({rule.header for rule in self.fields.values()} | {each.column for each in self.questions})

    @property
    def fits(self) -> bool:
        """Whether it has all it needs; one column alone is too little, unless it names a survey."""
        return not self.missing and (self.size > 1 or bool(self.questions))


def match(headers: Headers, table: str, config: TableConfig, preset: Preset | None) -> Match:
    """The file read as this table; nothing of it where the preset refuses such files."""
    if preset and preset.refuse:
        return Match(table, preset.name, {}, refused=preset.refuse)
    said = {name: as_column(each) for name, each in config.columns.items()}
    values: dict[str, Values] = {**(preset.values if preset else {}), **config.values}
    chosen = dict(_mapped(headers, table, said, values))
    fields = _told_twins(_unasked(headers, table, values, preset), chosen) | chosen
    asked = [*config.questions] or [*(preset.questions if preset else ())]
    questioned = questions(headers, asked, fields) if table == "surveys" else ()
    business = preset.business & set(fields) - set(chosen) if preset else frozenset[str]()
    return Match(
        table,
        preset.name if preset else GENERIC,
        fields,
        questioned,
        business,
        coerced=bool(asked),
        configured=bool(chosen),
    )


def _unasked(
    headers: Headers, table: str, values: Mapping[str, Values], preset: Preset | None
) -> dict[str, Rule]:
    """The fields by the preset, then by the words of headers that it does not leave alone."""
    fields = dict(_mapped(headers, table, preset.columns if preset else {}, values))
    leave = {header.text for name in (preset.leave if preset else ()) if (header := headers.find([name]))}
    for name, rule in _worded(headers, table, values):
        if rule.header not in leave:
            fields.setdefault(name, rule)
    return fields


def _told_twins(fields: dict[str, Rule], chosen: Mapping[str, Rule]) -> dict[str, Rule]:
    """The fields without the date of a wait whose length the user chose, and the other way round."""
    pairs = [*TWINS.items(), *((length, stamp) for stamp, length in TWINS.items())]
    beaten = {one for one, other in pairs if other in chosen and one not in chosen}
    return {name: rule for name, rule in fields.items() if name not in beaten}


def _mapped(
    headers: Headers, table: str, columns: Mapping[str, Column], values: Mapping[str, Values]
) -> Iterator[tuple[str, Rule]]:
    """The fields whose mapping names a header that is there."""
    for name, column in columns.items():
        header = headers.find(names_of(column))
        if header:
            yield name, rule_of(table, name, column, header, values)


def _worded(headers: Headers, table: str, values: Mapping[str, Values]) -> Iterator[tuple[str, Rule]]:
    """The fields some header names in words any export may use."""
    kinds, known = TABLES[table].fields, generic().tables[table]
    for name, words in known.items():
        header = headers.find(words, timed=kinds[name] is Kind.SECONDS)
        if header is None and (stamp := LENGTHS.get(name)):
            header = headers.measured(known.get(stamp, ()))
        if header and not (name in TWINS and header.unit):
            yield name, rule_of(table, name, Column(header.text), header, values)
    for name, words in generic().present.get(table, {}).items():
        if header := headers.find(words):
            yield name, rule_of(table, name, Column(header.text, present=True), header, values)


def rule_of(table: str, name: str, column: Column, header: Header, values: Mapping[str, Values]) -> Rule:
    """The rule for a column that is there; what the mapping leaves open may be in the header."""
    told = header.unit if header.aside else unit_of_work(header.text) or header.unit
    said = units().get(column.unit) if column.unit else told
    unit = said if TABLES[table].fields.get(name) is Kind.SECONDS else None
    zone = column.zone or header.zone
    scale = scale_of(header.text) if name in SCORES else None
    return Rule(header.text, unit, column.format, zone, column.present, values.get(name, {}), scale)


def questions(headers: Headers, said: Sequence[Question], fields: Mapping[str, Rule]) -> tuple[Question, ...]:
    """The columns of a wide survey file: as configured or preset, or those whose header names their kind."""
    if said:
        return tuple(
            replace(each, column=header.text, scale=each.scale or scale_of(header.text))
            for each in said
            if (header := headers.find([each.column]))
        )
    if "kind" in fields and "score" in fields:
        return ()
    found = {kind: headers.find(words) for kind, words in generic().kinds.items()}
    return tuple(
        Question(header.text, kind, scale_of(header.text))
        for kind, header in found.items()
        if isinstance(header, Header)
    )
