"""The details of a reading: which are shown, and which would only repeat another."""

from dataclasses import replace

import pytest

from cx_kpi.render.elements.details import facts
from cx_kpi.wording.language import Language
from cx_kpi.wording.units import Words

from .company import LATER, company

WORDS = Words(Language("en"))


@pytest.mark.parametrize(("pending", "shown"), [(0, False), (1, True)])
def test_the_median_with_pending_stands_where_there_are_any(pending: int, shown: bool) -> None:
    reading = replace(company().metrics["first_response_time"], details={**LATER, "pending": pending})
    assert ("median with pending" in {fact.label for fact in facts(reading, WORDS)}) is shown
