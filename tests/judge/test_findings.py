"""Findings say of what a change is: the period before, or the same one of the year before."""

from dataclasses import replace

import pytest

from cx_kpi.judge.sentences.findings import findings
from cx_kpi.model.report import Compared, Reading
from cx_kpi.model.values import Better, Span, Unit, Verdict
from cx_kpi.wording.language import Language

READING = Reading(
    "Quality", "quality", Unit.SHARE, Better.HIGHER, 0.7, 900, None, "created", "created", "", "", None, None,
    0.6, 0.1, Verdict.IMPROVED, None,
)  # fmt: skip


@pytest.mark.parametrize(
    ("before", "says"),
    [
        (("2026-02-01", "2026-03-01"), "on the period before (February 2026)"),
        (("2025-03-01", "2025-04-01"), "on the year before (March 2025)"),
    ],
)
@pytest.mark.parametrize("said", [each for each in Verdict if each is not Verdict.UNCHANGED])
def test_a_change_names_what_it_is_on(before: tuple[str, str], says: str, said: Verdict) -> None:
    spans = Span("2026-03-01", "2026-04-01", 0.7, 400), Span(*before, 0.6, 400)
    reading = replace(READING, verdict=said, compared=Compared(*spans, 0.1, (0.02, 0.18), 0.01))
    (found,) = findings({"quality": reading}, Language("en"))
    assert says in found.text
