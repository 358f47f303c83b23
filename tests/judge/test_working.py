"""The worked formula of a figure: both sides of the equals sign are the same."""

import re
from datetime import UTC, datetime

import pytest
from canonical import report
from hypothesis import given
from hypothesis import strategies as st
from random_tables import Company

from cx_kpi.judge.sentences.worked_formula import worked_formula
from cx_kpi.metrics.definition.aggregations import averaged, divided, one_of
from cx_kpi.model.figures import Figure
from cx_kpi.model.values import Unit
from cx_kpi.wording.language import Language
from cx_kpi.wording.units import Words

ENGLISH, RUSSIAN = Words(Language()), Words(Language("ru"))
SPOKEN = {Unit.NAME, Unit.LIST}  # units without arithmetic
SLACK = {Unit.SHARE: 0.0006, Unit.POINTS: 0.06}  # what rounding for people takes


def said(figure, unit, words=ENGLISH, currency=""):
    """The line, with plain blanks."""
    return re.sub(r"\s", " ", worked_formula(figure, unit, words, currency))


@pytest.mark.parametrize(
    ("figure", "unit", "line"),
    [
        (
            Figure(67.5, 800, worked=averaged(54_000, 800)),
            Unit.SECONDS,
            "Σ 54,000 s ÷ 800 = 67.5 s → 1 min 8 s",
        ),
        (Figure(10.0, 4, worked=averaged(40, 4)), Unit.SECONDS, "Σ 40 s ÷ 4 = 10 s"),
        (Figure(4692 / 4969, 4969, worked=divided(4692, 4969)), Unit.SHARE, "4,692 ÷ 4,969 = 94.4%"),
        (Figure(383, 383, worked=one_of(383, 4866)), Unit.COUNT, "383 of 4,866"),
        (Figure(383, 383, worked=one_of(383, 383)), Unit.COUNT, "383"),
    ],
)
def test_worked_cases(figure, unit, line):
    assert said(figure, unit) == line


def test_in_russian():
    figure = Figure(67.5, 800, worked=averaged(54_000, 800))
    assert said(figure, Unit.SECONDS, RUSSIAN) == "Σ 54 000 с ÷ 800 = 67,5 с → 1 мин 8 с"


def test_nothing_is_said_of_nothing():
    assert worked_formula(Figure(None, 0, worked=divided(0, 0)), Unit.SHARE, ENGLISH) is None
    assert worked_formula(Figure(3, 3), Unit.COUNT, ENGLISH) is None


def comes_to(text):
    """What a side of the line comes to."""
    plain = re.sub(r"\s|Σ|USD|,|s$", "", text.replace("\u00a0s", "").replace("−", "-"))
    factor = 0.01 if plain.endswith("%") else 1
    return eval(plain.rstrip("%").lstrip("+").replace("÷", "/").replace("×", "*")) * factor


@given(st.integers(0, 10**9), st.integers(1, 10**6))
def test_a_quotient_is_what_it_says(total, n):
    left, right = worked_formula(Figure(total / n, n, worked=averaged(total, n)), Unit.RATIO, ENGLISH).split(
        " = "
    )
    assert comes_to(left) == pytest.approx(comes_to(right), abs=0.005000001)


@pytest.mark.parametrize("seed", [13, 15])
def test_every_metric_is_worked_and_comes_out(seed):
    frames = Company(seed, 200).frames()
    metrics = report(frames, config={"inactivity_days": 30, "costs": {"hourly_rate": 30.0}}).metrics
    assert len(metrics) > 30
    for name, reading in metrics.items():
        known = reading.value is not None and reading.unit not in SPOKEN
        assert bool(reading.worked) == known, name
        if known and " = " in reading.worked and not reading.worked.startswith("median"):
            left, right = reading.worked.split(" → ")[0].split(" = ")
            near = SLACK.get(reading.unit, 0.011)
            assert comes_to(left) == pytest.approx(comes_to(right), abs=near), name
            assert comes_to(left) == pytest.approx(reading.value, abs=near), name


def test_totals_that_are_zero_are_written_as_zero():
    start, end = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC)
    row = {"period_start": start, "period_end": end, "start_count": 1000, "end_count": 1000, "lost_count": 0}
    found = report({"customer_counts": [row]}).metrics
    assert {found[name].worked.replace("\u00a0", " ") for name in ("churn_rate", "retention_rate")} == {
        "0 ÷ 1,000 = 0%",
        "(1,000 − 0) ÷ 1,000 = 100%",
    }
