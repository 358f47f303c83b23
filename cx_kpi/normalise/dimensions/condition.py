"""A condition such as `--where "channel = 'email'"`, or a number: parsed as SQL and held to what is allowed.

The text never reaches an engine: polars' own SQL reads files. Every token and every node of the parsed tree has to be
in the tables below; `compiled` translates them one by one.
"""

from collections.abc import Mapping
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from cx_kpi.model.errors import UsageProblem
from cx_kpi.model.frozen import dataclass
from cx_kpi.normalise.dimensions.compiled import (
    ARITHMETIC,
    COMPARE,
    LOGIC,
    compile_condition,
    compile_number,
    problem,
    start,
)

if TYPE_CHECKING:
    import polars as pl
    from sqlglot import exp

MAX_CHARACTERS = 10_000
MAX_DEPTH = 100  # of the tree
MAX_NESTING = 100  # parentheses, `not` and minus signs in all

_MAY = (
    'a condition takes columns (in "double quotes" where need be), values, = <> < <= > >=, in, between, like, is null, '
    "and, or, not, + - * /, case, coalesce(…)"
)
_WHOLE = "write a whole condition, such as channel = 'email'"
_NAMES = {"VAR", "IDENTIFIER", "COMMENT"}  # `comment` is a word of SQL and one of our columns
_DATES = {"DATE", "DATETIME", "TIMESTAMP", "TIMESTAMPTZ"}
_CASE = {"CASE", "WHEN", "THEN", "ELSE", "END"}
_FUNCTIONS = {"coalesce"}
_NESTING = {"L_PAREN", "NOT", "DASH", "CASE"}
_TOKENS = {
    *_NAMES, *_DATES, *_NESTING, *_CASE, "R_PAREN", "COMMA", "STRING", "NUMBER", "TRUE", "FALSE", "NULL", "AND", "OR", "IN",
    "BETWEEN", "LIKE", "ILIKE", "IS", "EQ", "NEQ", "LT", "LTE", "GT", "GTE", "PLUS", "STAR", "SLASH",
}  # fmt: skip
_NODES: dict[str, set[str]] = {  # nodes of the tree, and which of their arguments may be filled
    **{name: {"this", "expression"} for name in (*COMPARE, *LOGIC, *ARITHMETIC, "Is")},
    **{name: {"this", "expression", "negate"} for name in ("Like", "ILike")},
    **{name: {"this"} for name in ("Column", "Not", "Neg", "Paren", "Boolean")},
    "Identifier": {"this", "quoted"},
    "Literal": {"this", "is_string"},
    "Null": set(),
    "In": {"this", "expressions"},
    "Between": {"this", "low", "high"},
    "Cast": {"this", "to"},
    "Case": {"ifs", "default"},
    "If": {"this", "true"},
    "Coalesce": {"this", "expressions"},
    "DataType": {"this", "nested"},
}


@dataclass(frozen=True, slots=True)
class Where:
    """A condition, or a number, that holds nothing but what is allowed, and the columns it reads."""

    text: str
    tree: "exp.Expr"
    columns: frozenset[str]

    @property
    def bare(self) -> frozenset[str]:
        """The names in the place of a value: texts that lack their quotes, if they are no columns."""
        from sqlglot import exp

        columns = self.tree.find_all(exp.Column)
        valued = (each for each in columns if type(each.parent).__name__ not in ARITHMETIC)
        return frozenset(each.name for each in valued if each.arg_key != "this")

    def compile_condition(self, schema: Mapping[str, "pl.DataType"], timezone: str = "UTC") -> "pl.Expr":
        """The condition over columns of these types, null where SQL gives null; dates in it are of this time zone.

        `UsageProblem` for an unknown column, or kinds that cannot be compared.
        """
        return compile_condition(self.text, self.tree, schema, timezone)

    def compile_number(self, schema: Mapping[str, "pl.DataType"], timezone: str = "UTC") -> "pl.Expr":
        """The same of a number, as Float64; a length of time, such as solved_at - created_at, is in seconds."""
        return compile_number(self.text, self.tree, schema, timezone)


@lru_cache(maxsize=512)
def parse_where(text: str) -> Where:
    """The condition in this text; `UsageProblem` names what is not allowed, and where it is."""
    from sqlglot import exp, parse_one
    from sqlglot.errors import ParseError

    _check_tokens(text)
    try:
        tree = parse_one(text, into=exp.Condition)
    except ParseError as error:
        raise _unread(text, error.errors) from None
    except RecursionError:
        raise UsageProblem("condition: nested too deeply; use fewer parentheses") from None
    _check_nodes(text, tree)
    return Where(text, tree, frozenset(column.name for column in tree.find_all(exp.Column)))


def _check_tokens(text: str) -> None:
    tokens = _tokens(text)
    for token in tokens:
        if token.token_type.name not in _TOKENS:
            raise _refused(text, token.start, token.text)
    for name, token in pairwise(tokens):
        called = token.token_type.name == "L_PAREN" and name.token_type.name in _NAMES | _DATES
        if called and name.text.lower() not in _FUNCTIONS:
            raise _refused(text, name.start, f"{name.text}(")
    if sum(token.token_type.name in _NESTING for token in tokens) > MAX_NESTING:
        raise UsageProblem("condition: nested too deeply; use fewer parentheses")


def _tokens(text: str) -> list[Any]:
    from sqlglot import tokenize
    from sqlglot.errors import TokenError

    if len(text) > MAX_CHARACTERS:
        raise UsageProblem(f"condition: {len(text)} characters; {MAX_CHARACTERS} at most")
    try:
        return tokenize(text)
    except TokenError:
        raise UsageProblem("condition: a quote is not closed; close it") from None


def _check_nodes(text: str, tree: "exp.Expr") -> None:
    for node in tree.walk():
        filled = {name for name, value in node.args.items() if value}
        if not filled <= _NODES.get(type(node).__name__, set()) or not _well_formed(node):
            raise _refused(text, start(node), _shortened(node.sql()))
        if node.depth > MAX_DEPTH:
            raise UsageProblem("condition: nested too deeply; for many values use in (…)")


def _well_formed(node: "exp.Expr") -> bool:
    """Whether a node is known, and the parts of it are of the kind it takes."""
    match type(node).__name__:
        case "Like" | "ILike":
            return bool(node.expression.is_string)
        case "Is":
            return type(node.expression).__name__ == "Null"
        case "In":
            return bool(node.expressions)
        case "Case":
            return bool(node.args.get("ifs"))
        case "Cast":
            return bool(node.this.is_string) and node.args["to"].this.name in _DATES
        case name:
            return name in _NODES


def _unread(text: str, errors: list[dict[str, Any]]) -> UsageProblem:
    """The message about a text that is no condition; the parser gives the place where its word ends."""
    if not errors:
        return UsageProblem(f"condition: nothing there; {_WHOLE}")
    first = errors[0]
    above = sum(len(line) + 1 for line in text.split("\n")[: first["line"] - 1])
    word = first["highlight"]
    return problem(text, above + first["col"] - len(word), f"lost at {_shortened(word)}; {_WHOLE}")


def _refused(text: str, where: int, what: str) -> UsageProblem:
    return problem(text, where, f"{what} is not allowed; {_MAY}")


def _shortened(text: str, size: int = 60) -> str:
    return text if len(text) <= size else text[: size - 1] + "…"
