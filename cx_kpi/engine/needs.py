"""The columns of an export that a way of computing a metric reads."""

from cx_kpi.engine.plan import FACTS, FROM_THE_CLOCK, clock_columns
from cx_kpi.metrics.metric import Way


def columns_of(way: Way) -> list[str]:
    """The fields needed, `a or b` where one is enough; each once, in order."""
    table = way.clock.table
    found: list[str] = []
    for column in sorted(way.shape.columns() | clock_columns(way.clock)):
        _visit(table, column, found)
    return list(dict.fromkeys(found))


def _visit(table: str, column: str, found: list[str]) -> None:
    if "." in column:
        table, column = column.split(".")
    fact = FACTS[table].get(column)
    if column in FROM_THE_CLOCK:
        return
    if fact is None:
        found.append(column)
        return
    for need in fact.needs:
        if isinstance(need, tuple):
            found.append(" or ".join(need))
        else:
            _visit(table, need, found)
