"""How one field is read from one column, and how one file is read as a table."""

from collections.abc import Mapping
from dataclasses import field

from cx_kpi.model.documents.quality import TableChoice
from cx_kpi.model.frozen import dataclass
from cx_kpi.model.options import Column, Question
from cx_kpi.read.raw.source import TextFrame

AS_NUMBER = ":number"  # behind the name of a column of words, of which the numbers are read
Values = Mapping[str, str | int | float | bool]


@dataclass(frozen=True, slots=True)
class Rule:
    """Where a field comes from, and how its cells are to be read."""

    header: str
    unit: float | None = None  # seconds in one unit, of a duration
    format: str | None = None  # strptime directives, of a date
    zone: str | None = None  # of dates without one
    present: bool = False  # filled or not is all that counts
    values: Values = field(default_factory=dict)  # word: canonical
    scale: tuple[float, float] | None = None  # of bare answers: the worst and the best
    beside: str | None = None  # a column whose word counts where this one's is not known
    made: bool = False  # a column of ours, not of the file
    blank: bool = False  # an empty cell says no
    grouped: bool | None = None  # whether `1.234` is a thousand, where no cell tells


@dataclass(frozen=True, slots=True)
class Mapped:
    """One file, the table it is, and where each field and dimension comes from."""

    source: TextFrame
    table: str
    preset: str
    fields: Mapping[str, Rule]
    available: frozenset[str]  # fields there will be after derivation
    dimensions: Mapping[str, str]  # name or header of any other column: header
    questions: tuple[Question, ...] = ()  # of a survey file with a column for each question
    scales: Mapping[str, tuple[float, float]] = field(default_factory=dict)  # said of kinds of survey
    business: frozenset[str] = frozenset()  # durations that count business hours only
    borrowed: frozenset[str] = frozenset()  # times of day that took the day from the beginning of their row
    reading: TableChoice | None = None  # what spoke for this table
    next_best: TableChoice | None = None


def as_column(said: str | list[str] | Column) -> Column:
    """A mapping in its long form."""
    return said if isinstance(said, Column) else Column(said)


def names_of(column: Column) -> list[str]:
    """The headers a mapping names, the preferred one first."""
    return [column.column] if isinstance(column.column, str) else column.column
