"""What the facts found odd, as notices: answers off their scale, no year before, no pause known."""

from collections.abc import Callable

import polars as pl

from cx_kpi.engine.facts.row_targets import PAUSES
from cx_kpi.engine.results import Work
from cx_kpi.model.report import Notice
from cx_kpi.normalise.vocabulary.notices import notice
from cx_kpi.wording.language import Language

TO_THE_SOLUTION = ("resolution_judged_seconds", "complaint_judged_seconds")


def _off_scale(work: Work) -> Notice | None:
    """Answers that lie outside their scale."""
    surveys = work.rows.get("surveys")
    if surveys is None or "answer" not in surveys.columns:
        return None
    slips = pl.all_horizontal(pl.col("score", "scale_low").is_not_null()) & pl.col("answer").is_null()
    n = int(surveys.lazy().select(slips.sum()).collect().item())
    language = Language(work.options.language)
    return notice("off_scale", language, table="surveys", field="score", rows=n) if n else None


def _no_year_before(work: Work) -> Notice | None:
    """The year before was asked for, and the data does not reach back to it."""
    lone = work.windows is not None and work.windows.yearly and work.windows.compared() is None
    return notice("not_compared", Language(work.options.language)) if lone else None


def _no_pauses(work: Work) -> Notice | None:
    """Targets that judge tickets leave pauses out, and none is known."""
    tickets = work.rows.get("tickets")
    if tickets is None or tickets.columns.isdisjoint(TO_THE_SOLUTION):
        return None
    asked = any(rule.pauses == "subtract" for rule in work.options.config.target)
    lacks = asked and tickets.columns.isdisjoint(PAUSES)
    return notice("no_pauses", Language(work.options.language), table="tickets") if lacks else None


ODDITIES: tuple[Callable[[Work], Notice | None], ...] = (_off_scale, _no_year_before, _no_pauses)


def oddities(work: Work) -> tuple[Notice, ...]:
    """One notice for each thing that is odd."""
    return tuple(found for odd in ODDITIES if (found := odd(work)))
