"""From Spark's tables to a report: tickets and their events are read and folded by the workers, the rest here."""

from typing import TYPE_CHECKING, Any

from cx_kpi.model.errors import UsageProblem, nearest
from cx_kpi.model.schema import TABLES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pyspark.sql import DataFrame, SparkSession

    from cx_kpi.notebook.report_object import Report
    from cx_kpi.read.raw.source import TextFrame

TICKETS = "tickets"
SPREAD = (TICKETS, "ticket_events")  # the tables that its workers read


def report(tables: "Mapping[str, DataFrame | str]", **options: Any) -> "Report":
    """The report on Spark's DataFrames or names of tables, by what they hold: `{"tickets": df, "surveys": "crm.answers"}`.

    The options are those of `cx_kpi.report`. Raises `CxkpiError`.
    """
    from cx_kpi.notebook import reporting
    from cx_kpi.notebook.given_inputs import Inputs
    from cx_kpi.spark.on_spark import OnSpark

    frames = _frames(tables)
    given = {name: _here(name, frame, whole=name not in SPREAD) for name, frame in frames.items()}
    tables_of = {name: [frame.path] for name, frame in given.items()}
    spread = {name: frames[name] for name in SPREAD if name in frames}
    found = Inputs([], tables_of, [*given.values()], lambda spill: OnSpark(spread, spill))
    return reporting.report(found, **options)


def _frames(tables: "Mapping[str, DataFrame | str]") -> "dict[str, DataFrame]":
    """The table of each name; raises `UsageProblem`."""
    for name in tables:
        if name not in TABLES:
            raise UsageProblem(f"spark.report: no table {name!r}{nearest(str(name), TABLES)}")
    if TICKETS not in tables:
        raise UsageProblem(
            "spark.report: no tickets, and nothing else is spread over workers; use cx_kpi.report"
        )
    return {name: _session().table(each) if isinstance(each, str) else each for name, each in tables.items()}


def _session() -> "SparkSession":
    from pyspark.sql import SparkSession

    return SparkSession.builder.getOrCreate()


def _here(name: str, frame: "DataFrame", *, whole: bool) -> "TextFrame":
    """A table in memory, or a sample of it."""
    import polars as pl

    from cx_kpi.read.containers.in_memory import open_frame
    from cx_kpi.read.raw.source import SAMPLE

    return open_frame(name, pl.DataFrame((frame if whole else frame.limit(SAMPLE)).toArrow()))
