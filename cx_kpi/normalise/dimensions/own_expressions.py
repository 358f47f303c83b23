"""The expressions of a metric of the user's own, checked and compiled before any file is read.

A field has the type of our vocabulary. Any other column holds words; where a number is needed, the numbers in it are.
"""

from collections.abc import Iterable, Iterator, Mapping

import polars as pl

from cx_kpi.model.errors import MetricProblem, UsageProblem
from cx_kpi.model.frozen import dataclass
from cx_kpi.model.options import Config, OwnMetric
from cx_kpi.model.schema import TABLES, Kind
from cx_kpi.normalise.dimensions.compiled import problem, start
from cx_kpi.normalise.dimensions.condition import Where, parse_where
from cx_kpi.normalise.mapping.naming import column_hint
from cx_kpi.normalise.vocabulary.rules import AS_NUMBER

NEEDS = {  # by kind: the expressions it cannot do without, and those it may have
    "count": ((), ("where",)),
    "share": (("hit",), ("of", "where")),
    "mean": (("value",), ("where",)),
    "median": (("value",), ("where",)),
    "quantile": (("value",), ("where",)),
    "ratio": (("value", "of"), ("where",)),
    "net": (("hit", "miss"), ("of", "where")),
}
CONDITIONS = ("where", "hit", "miss")
EVERY = ("where", "value", "hit", "miss", "of")
_TYPES: Mapping[Kind, pl.DataType] = {
    Kind.KEY: pl.UInt64(),
    Kind.TIME: pl.Datetime("us", "UTC"),
    Kind.SECONDS: pl.Float64(),
    Kind.CATEGORY: pl.Categorical(),
    Kind.FLAG: pl.Boolean(),
    Kind.COUNT: pl.Int64(),
    Kind.NUMBER: pl.Float64(),
    Kind.TEXT: pl.String(),
}
COMPUTED: Mapping[str, frozenset[str]] = {  # by table: lengths of time that we compute, and a metric may name
    "tickets": frozenset({"first_response_business_seconds", "resolution_business_seconds"}),
    "ticket_events": frozenset({"next_response_business_seconds"}),
}
_WORDS = {"tags": pl.Categorical(), "satisfaction_score": pl.Float64()}  # read as no text
Expressions = Mapping[str, pl.Expr]


@dataclass(frozen=True, slots=True)
class _Said:
    """One expression of a metric: where it is written, and what it holds."""

    metric: OwnMetric
    key: str
    text: str

    def parsed(self) -> Where:
        try:
            return parse_where(self.text)
        except UsageProblem as refused:
            raise self.problem(refused) from None

    def compiled(self, timezone: str) -> pl.Expr:
        parsed = self.parsed()
        schema = _schema(self.metric.table, parsed.columns)
        try:
            if self.is_condition:
                return parsed.compile_condition(schema, timezone)
            return parsed.compile_number(schema, timezone)
        except UsageProblem as refused:
            raise self.problem(refused) from None

    @property
    def is_condition(self) -> bool:
        return self.key in CONDITIONS or (self.key == "of" and self.metric.kind != "ratio")

    def problem(self, refused: UsageProblem) -> MetricProblem:
        what = str(refused).removeprefix("condition: ")
        return MetricProblem(f"metric {self.metric.id}, {self.key}: {what}", self.metric.id, self.key)

    def refuse_unknown(self, known: frozenset[str]) -> None:
        """Raises `MetricProblem` for a column that neither our vocabulary nor any of those known is."""
        from sqlglot import exp

        parsed, ours = self.parsed(), _ours(self.metric.table)
        for column in parsed.tree.find_all(exp.Column):
            if column.name not in known and column.name not in ours:
                quoted = f"; if it is a text, quote it: '{column.name}'"
                hint = quoted if column.name in parsed.bare else column_hint(column.name, known)
                raise self.problem(problem(self.text, start(column), f"no column {column.name!r}{hint}"))


def expressions(metric: OwnMetric, timezone: str = "UTC") -> Expressions:
    """What the metric says of a row, by key; dates written out are of this time zone. `UsageProblem`: what is wrong."""
    return {said.key: said.compiled(timezone) for said in _said(metric)}


def own_names(metric: OwnMetric) -> frozenset[str]:
    """The columns of files that a metric reads, by the names they are loaded under."""
    names = {name for expr in expressions(metric).values() for name in expr.meta.root_names()}
    return frozenset(names - COMPUTED.get(metric.table, frozenset()))


def columns_read(config: Config, table: str | None = None) -> frozenset[str]:
    """The columns that all metrics of the user's own read, or those of one table."""
    metrics = (each for each in config.metric if table in (None, each.table))
    return frozenset[str]().union(*map(own_names, metrics))


def refuse_unknown(metric: OwnMetric, known: frozenset[str]) -> None:
    """Raises `MetricProblem` where an expression names a column that its table lacks."""
    for said in _said(metric):
        said.refuse_unknown(known)


def _said(metric: OwnMetric) -> Iterator[_Said]:
    for key in EVERY:
        text = getattr(metric, key)
        if text is not None:
            yield _Said(metric, key, text)


def _ours(table: str) -> frozenset[str]:
    """The fields of a table, and what we compute of its rows."""
    return frozenset(TABLES[table].fields) | COMPUTED.get(table, frozenset())


def _schema(table: str, names: Iterable[str]) -> dict[str, pl.DataType]:
    """The types of these columns of a table; of words, the numbers in them too."""
    fields, schema = TABLES[table].fields, dict[str, pl.DataType]()
    for name in names:
        if name in COMPUTED.get(table, ()):
            schema[name] = _TYPES[Kind.SECONDS]
        elif name in fields:
            schema[name] = _WORDS.get(name, _TYPES[fields[name]])
        else:
            schema |= {name: pl.Categorical(), name + AS_NUMBER: pl.Float64()}
    return schema
