"""The columns of an export that a method of a metric reads."""

from collections.abc import Iterable, Iterator

from cx_kpi.engine.planning.plan import FACTS, FROM_THE_CLOCK, clock_columns
from cx_kpi.metrics.definition.metric import Method
from cx_kpi.model.schema import TABLES
from cx_kpi.normalise.mapping.available import ORIGINS
from cx_kpi.normalise.vocabulary.rules import AS_NUMBER

_MADE = {"activity": ("orders", ["customer_id", "ordered_at"])}  # tables that follow from others


def needs_of(method: Method) -> tuple[str, list[str]]:
    """The table, and the fields needed of it: each once, `a or b` where one is enough."""
    table = method.clock.table
    if table in _MADE:
        return _MADE[table]
    columns = sorted(method.aggregation.columns | clock_columns(method.clock))
    return table, list(dict.fromkeys(field for column in columns for field in _fields(table, column)))


def _fields(table: str, column: str) -> Iterator[str]:
    """The fields a column follows from; those of another table with its name before them."""
    other, _, name = column.rpartition(".")
    fact = FACTS[other or table].get(name)
    if fact is None:
        yield from _field(other or table, name, f"{other}." if other else "")
        return
    if fact.setting_name:
        yield f"[{fact.setting_name}]"
    prefix = f"{other}." if other else ""
    for need in fact.needs:
        if isinstance(need, str):
            yield from _fields(table, prefix + need)
        else:
            yield _either(" and ".join(_fields(table, prefix + each)) for each in need)


def _either(ways: Iterable[str]) -> str:
    """`a or b`, each once, though a part may be such a choice itself."""
    return " or ".join(dict.fromkeys(" or ".join(ways).split(" or ")))


def _field(table: str, name: str, prefix: str) -> Iterator[str]:
    """A field of the vocabulary, or the fields that a derived column is made of."""
    if name in TABLES[table].fields:
        yield prefix + name
    elif name not in FROM_THE_CLOCK:
        origins = ORIGINS.get(table, {}).get(
            name, (name.removesuffix(AS_NUMBER),)
        )  # else a column of the files
        yield " or ".join(prefix + each for each in origins)
