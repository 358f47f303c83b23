"""What nothing reads any more once all facts are built."""

from collections.abc import Mapping

import polars as pl

from cx_kpi.engine.facts.fact import Rows
from cx_kpi.engine.planning.plan import Plan
from cx_kpi.metrics.definition.metric import Clock
from cx_kpi.model.schema import TABLES, Kind


def without_spent_ids(rows: Mapping[str, Rows], plan: Plan) -> Mapping[str, Rows]:
    """A table without the id of its own that only facts read; where there are others, these may name its rows."""
    return {name: _without_spent(name, each, plan) for name, each in rows.items()} if len(rows) == 1 else rows


def _without_spent(table: str, rows: Rows, plan: Plan) -> Rows:
    known = TABLES[table]
    ids = {name for name in known.required if known.fields[name] is Kind.KEY}
    methods = [job.method for job in plan.jobs if job.method.clock.table == table]
    read = set[str]().union(*(method.aggregation.columns | _of(method.clock) for method in methods))
    for fact in rows.facts.values():
        read.update(fact.meta.root_names())
    kept = [column for column in rows.base if column.name not in ids - read]
    return Rows(pl.DataFrame(kept), rows.facts)  # `drop` would copy columns that are not in equal pieces


def _of(clock: Clock) -> set[str]:
    """The columns that place rows in time, and tell whose they are."""
    return {name for name in (clock.at, clock.until, clock.who, clock.spells) if name}
