"""What to try where a condition holds for no row: values that its columns have."""

from collections.abc import Iterable, Iterator, Sequence
from difflib import get_close_matches

import polars as pl

from cx_kpi.model.schema import TABLES
from cx_kpi.normalise.dimensions.condition import Where
from cx_kpi.normalise.vocabulary.rules import Mapped

_FEW = 20


def value_hint(where: Where, mapped: Sequence[Mapped]) -> str:
    """`; did you mean 'email'?` or what the column holds, for the first text that no row of a few values has."""
    for column, word in _asked(where):
        known = _values(column, mapped)
        if 0 < len(known) <= _FEW and word not in known:
            names = {each.casefold(): each for each in sorted(known)}
            close = get_close_matches(word.casefold(), names, n=1)
            quoted = ", ".join(f"'{each}'" for each in sorted(known))
            return f"; did you mean '{names[close[0]]}'?" if close else f"; {column} holds {quoted}"
    return ""


def _asked(where: Where) -> Iterator[tuple[str, str]]:
    """Each column that is compared with a text, and the text."""
    from sqlglot import exp

    for node in where.tree.find_all(exp.EQ, exp.In):
        values: Iterable[exp.Expr] = node.expressions or [node.expression]
        for value in values:
            if isinstance(node.this, exp.Column) and isinstance(value, exp.Literal) and value.is_string:
                yield node.this.name, value.name


def _values(column: str, mapped: Sequence[Mapped]) -> set[str]:
    """The values a column may have: those of our vocabulary, else what the first rows hold."""
    own = next(
        (TABLES[each.table].words[column] for each in mapped if column in TABLES[each.table].words), None
    )
    return set(own) if own else set().union(*(_held(column, each) for each in mapped))


def _held(column: str, file: Mapped) -> set[str]:
    rule = file.fields.get(column)
    header = rule.header if rule else file.dimensions.get(column)
    return set(file.source.sample[header].drop_nulls().cast(pl.String).unique()) if header else set()
