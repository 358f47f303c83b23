"""Customers whose end is later than the moment of the report: they count as customers, with a notice."""

from collections.abc import Mapping

import polars as pl

from cx_kpi.engine.facts.fact import moment
from cx_kpi.engine.time.windows import Windows
from cx_kpi.model.report import Notice
from cx_kpi.normalise.vocabulary.notices import notice
from cx_kpi.wording.language import Language

ENDED = "ended_at"


def ends_to_come(
    tables: Mapping[str, pl.DataFrame], windows: Windows | None, language: Language
) -> list[Notice]:
    """The notice about customers with an end to come: how many, as of when."""
    customers = tables.get("customers")
    if windows is None or customers is None or ENDED not in customers.columns:
        return []
    rows = int(customers.select((pl.col(ENDED) > moment(windows.as_of)).sum()).item())
    day = windows.as_of.date().isoformat()
    said = notice("ends_to_come", language, table="customers", field=ENDED, rows=rows, example=day)
    return [said] if rows else []
