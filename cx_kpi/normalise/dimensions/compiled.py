"""From the checked tree of a condition or a number to a polars expression, given the types of the columns."""

import operator
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import polars as pl

from cx_kpi.model.errors import UsageProblem, nearest
from cx_kpi.model.frozen import dataclass
from cx_kpi.normalise.vocabulary.rules import AS_NUMBER

if TYPE_CHECKING:
    from sqlglot import exp

Operation = Callable[[Any, Any], Any]

COMPARE: dict[str, Operation] = {
    "EQ": operator.eq,
    "NEQ": operator.ne,
    "LT": operator.lt,
    "LTE": operator.le,
    "GT": operator.gt,
    "GTE": operator.ge,
}
LOGIC: dict[str, Operation] = {"And": operator.and_, "Or": operator.or_}
ARITHMETIC: dict[str, Operation] = {
    "Add": operator.add,
    "Sub": operator.sub,
    "Mul": operator.mul,
    "Div": lambda top, bottom: pl.when(bottom != 0).then(top / bottom),
}
_WILD = {"%": ".*", "_": "."}
_SAME = (operator.eq, operator.ne)


def compile_condition(
    text: str, tree: "exp.Expr", schema: Mapping[str, pl.DataType], timezone: str
) -> pl.Expr:
    """The condition as an expression over columns of these types; `UsageProblem` where a part cannot be one."""
    return _Binder(text, schema, ZoneInfo(timezone)).flag(tree)


def compile_number(text: str, tree: "exp.Expr", schema: Mapping[str, pl.DataType], timezone: str) -> pl.Expr:
    """The same of a number, as Float64."""
    return _Binder(text, schema, ZoneInfo(timezone)).number(tree)


def problem(text: str, where: int, what: str) -> UsageProblem:
    """What is wrong at an offset into the condition."""
    line = text.count("\n", 0, where) + 1
    column = where - text.rfind("\n", 0, where)
    return UsageProblem(f"condition: line {line}, column {column}: {what}")


def start(node: "exp.Expr") -> int:
    """The offset of the first word under a node that knows its place."""
    return min((part.meta["start"] for part in node.walk() if "start" in part.meta), default=0)


class _Kind(StrEnum):
    """What a part of a condition is, in the words of a message."""

    NUMBER = "a number"
    TEXT = "text"
    TIME = "a time"
    FLAG = "true or false"
    KEY = "an id"
    NULL = "null"


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of a condition in polars; `words` is a text written out in the condition."""

    expr: pl.Expr
    kind: _Kind
    words: str | None = None


@dataclass(frozen=True, slots=True)
class _Binder:
    """Translates the nodes of a checked tree, given the types of the columns."""

    text: str
    schema: Mapping[str, pl.DataType]
    zone: ZoneInfo

    def flag(self, node: "exp.Expr") -> pl.Expr:
        return self.only(_Kind.FLAG, node, pl.Boolean())

    def number(self, node: "exp.Expr") -> pl.Expr:
        return self.only(_Kind.NUMBER, node, pl.Float64())

    def only(self, kind: _Kind, node: "exp.Expr", dtype: pl.DataType) -> pl.Expr:
        """The node where it is of this kind or null."""
        part = self.part(node)
        return self.checked(kind, node, self.as_number(node, part) if kind is _Kind.NUMBER else part, dtype)

    def checked(self, kind: _Kind, node: "exp.Expr", part: _Part, dtype: pl.DataType) -> pl.Expr:
        """The part where it is of this kind or null."""
        if part.kind is _Kind.NULL:
            return pl.lit(None, dtype)
        if part.kind is not kind:
            raise self.problem(node, f"{part.kind} where {kind} is needed; compare it or leave it out")
        return part.expr

    def part(self, node: "exp.Expr") -> _Part:
        name = type(node).__name__
        if name in COMPARE:
            return self.compared(COMPARE[name], node.this, node.expression)
        if name in LOGIC:
            return _Part(LOGIC[name](self.flag(node.this), self.flag(node.expression)), _Kind.FLAG)
        if name in ARITHMETIC:
            return self.arithmetic(name, (node.this, node.expression))
        return _RULES[name](self, node)

    def compared(self, how: Operation, left: "exp.Expr", right: "exp.Expr") -> _Part:
        one, other = self.part(left), self.part(right)
        kinds = {one.kind, other.kind}
        if _Kind.NULL in kinds:
            return _Part(pl.lit(None, pl.Boolean()), _Kind.FLAG)
        if kinds == {_Kind.TIME, _Kind.TEXT}:
            one, other = self.instant(left, one), self.instant(right, other)
        elif kinds == {_Kind.NUMBER, _Kind.TEXT}:
            one, other = self.as_number(left, one), self.as_number(right, other)
        elif kinds == {_Kind.KEY, _Kind.TEXT} and how in _SAME:
            one, other = _as_key(one), _as_key(other)
        if one.kind is not other.kind:
            raise self.problem(
                right, f"{one.kind} is compared with {other.kind}; texts need 'quotes', numbers none"
            )
        return _Part(how(one.expr, other.expr), _Kind.FLAG)

    def as_number(self, node: "exp.Expr", part: _Part) -> _Part:
        """The numbers in a column of words, where they were read; any other part stays as it is."""
        name = node.unnest().name + AS_NUMBER
        if part.kind is _Kind.TEXT and part.words is None and name in self.schema:
            return _Part(pl.col(name), _Kind.NUMBER)
        return part

    def arithmetic(self, name: str, nodes: "Sequence[exp.Expr]") -> _Part:
        """Numbers; the difference of two times is in seconds."""
        parts = [self.as_number(node, self.part(node)) for node in nodes]
        if name == "Sub" and all(part.kind is _Kind.TIME for part in parts):
            until, since = (part.expr for part in parts)
            return _Part((until - since).dt.total_microseconds() / 1_000_000, _Kind.NUMBER)
        left, right = (
            self.checked(_Kind.NUMBER, *each, pl.Float64()) for each in zip(nodes, parts, strict=True)
        )
        return _Part(ARITHMETIC[name](left, right), _Kind.NUMBER)

    def alike(self, nodes: "Sequence[exp.Expr]") -> tuple[list[pl.Expr], _Kind]:
        """Parts of one kind, nulls aside, and that kind; words are numbers where others of them are."""
        parts = [self.part(each) for each in nodes]
        if _Kind.NUMBER in {part.kind for part in parts}:
            parts = [self.as_number(node, part) for node, part in zip(nodes, parts, strict=True)]
        kinds = list(dict.fromkeys(part.kind for part in parts if part.kind is not _Kind.NULL))
        if len(kinds) > 1:
            raise self.problem(nodes[0], f"{kinds[0]} in one place and {kinds[1]} in another; keep to one")
        return [part.expr for part in parts], kinds[0] if kinds else _Kind.NULL

    def case(self, node: "exp.Expr") -> _Part:
        """The value of the first branch whose condition holds."""
        branches, otherwise = node.args["ifs"], node.args.get("default")
        values = [branch.args["true"] for branch in branches] + ([otherwise] if otherwise else [])
        found, kind = self.alike(values)
        chain = found[-1] if otherwise else pl.lit(None)
        for branch, value in reversed(list(zip(branches, found, strict=False))):
            chain = pl.when(self.flag(branch.this)).then(value).otherwise(chain)
        return _Part(chain, kind)

    def coalesce(self, node: "exp.Expr") -> _Part:
        found, kind = self.alike([node.this, *node.expressions])
        return _Part(pl.coalesce(found), kind)

    def instant(self, node: "exp.Expr", part: _Part) -> _Part:
        """The instant that a text written out in the condition names; a time stays as it is."""
        if part.kind is _Kind.TIME:
            return part
        try:
            moment = datetime.fromisoformat(part.words or "")
            moment = (moment if moment.tzinfo else moment.replace(tzinfo=self.zone)).astimezone(UTC)
        except (ValueError, OverflowError):
            raise self.problem(node, "not a date; write 'YYYY-MM-DD' or 'YYYY-MM-DD HH:MM'") from None
        return _Part(pl.lit(moment, pl.Datetime("us", "UTC")), _Kind.TIME)

    def column(self, node: "exp.Expr") -> _Part:
        dtype = self.schema.get(node.name)
        if dtype is None:
            raise self.problem(node, f"no column {node.name}{nearest(node.name, self.schema)}")
        expr = pl.col(node.name)
        if isinstance(dtype, pl.UInt64):
            return _Part(expr, _Kind.KEY)
        if dtype.is_numeric():
            return _Part(expr.cast(pl.Float64), _Kind.NUMBER)
        if isinstance(dtype, pl.String | pl.Categorical | pl.Enum):
            return _Part(expr.cast(pl.String), _Kind.TEXT)
        if isinstance(dtype, pl.Datetime) and dtype.time_zone:
            return _Part(expr, _Kind.TIME)
        if isinstance(dtype, pl.Boolean):
            return _Part(expr, _Kind.FLAG)
        raise self.problem(node, f"column {node.name} cannot be used in a condition; leave it out")

    def literal(self, node: "exp.Expr") -> _Part:
        if node.is_string:
            return _Part(pl.lit(node.name), _Kind.TEXT, node.name)
        try:
            number = float(node.name)
        except ValueError:  # 1E, which the grammar lets through
            raise self.problem(node, f"{node.name} is no number; write it as 4.27") from None
        return _Part(pl.lit(number, pl.Float64()), _Kind.NUMBER)

    def like(self, node: "exp.Expr") -> _Part:
        pattern = "".join(_WILD.get(letter) or pl.escape_regex(letter) for letter in node.expression.name)
        found = self.only(_Kind.TEXT, node.this, pl.String()).str.contains(rf"(?is)\A{pattern}\z")
        return _Part(~found if node.args.get("negate") else found, _Kind.FLAG)

    def contained(self, node: "exp.Expr") -> _Part:
        equal = [self.compared(operator.eq, node.this, value).expr for value in node.expressions]
        return _Part(pl.any_horizontal(equal), _Kind.FLAG)

    def between(self, node: "exp.Expr") -> _Part:
        low = self.compared(operator.ge, node.this, node.args["low"])
        high = self.compared(operator.le, node.this, node.args["high"])
        return _Part(low.expr & high.expr, _Kind.FLAG)

    def problem(self, node: "exp.Expr", what: str) -> UsageProblem:
        return problem(self.text, start(node), what)


def _as_key(part: _Part) -> _Part:
    """A written text as the id it spells; ids are kept as hashes."""
    return part if part.words is None else _Part(pl.lit(part.words.strip()).hash(seed=0), _Kind.KEY)


_RULES: dict[str, Callable[[_Binder, Any], _Part]] = {
    "Column": _Binder.column,
    "Literal": _Binder.literal,
    "Boolean": lambda _, node: _Part(pl.lit(node.this), _Kind.FLAG),
    "Null": lambda _, __: _Part(pl.lit(None), _Kind.NULL),
    "Cast": lambda binder, node: binder.instant(node, binder.literal(node.this)),
    "Paren": lambda binder, node: binder.part(node.this),
    "Neg": lambda binder, node: _Part(-binder.number(node.this), _Kind.NUMBER),
    "Not": lambda binder, node: _Part(~binder.flag(node.this), _Kind.FLAG),
    "Is": lambda binder, node: _Part(binder.part(node.this).expr.is_null(), _Kind.FLAG),
    "Like": _Binder.like,
    "ILike": _Binder.like,
    "In": _Binder.contained,
    "Between": _Binder.between,
    "Case": _Binder.case,
    "Coalesce": _Binder.coalesce,
}
