import pytest

from cx_kpi.judge.statistics.intervals import wilson
from cx_kpi.judge.statistics.usual_range import more_rows, prospect
from cx_kpi.model.values import Capability, Target

HIGH, LOW = Target(">=", 0.9), Target("<=", 3600)


@pytest.mark.parametrize(
    ("target", "limits", "says"),
    [
        (HIGH, (0.91, 0.97), Capability.RELIABLY),
        (HIGH, (0.85, 0.93), Capability.BY_LUCK),
        (HIGH, (0.75, 0.89), Capability.NOT),
        (LOW, (1000, 3000), Capability.RELIABLY),
        (LOW, (3000, 4000), Capability.BY_LUCK),
        (LOW, (4000, 5000), Capability.NOT),
        (HIGH, None, Capability.CANNOT_TELL),
    ],
)
def test_what_is_usual_meets_the_target_or_not(target, limits, says):
    assert prospect(target, limits, 0.8, 0.16, 20).capability is says


def test_how_many_more_rows_would_tell():
    more = prospect(HIGH, None, 0.85, 0.85 * 0.15, 40).more
    low, high = wilson(round(0.85 * (40 + more)), 40 + more)
    assert low < 0.85 < high < 0.905
    assert more_rows(0.9, 0.9, 0.09, 40) is None
    assert more_rows(0.9, 0.8, 0.0, 40) is None
    assert more_rows(0.9, 0.2, 0.16, 40) == 0


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ((0.7, None, 0.8), Capability.NOT),
        ((0.7, 0.9, 0.8), Capability.BY_LUCK),
        ((None,), Capability.BY_LUCK),
    ],
)
def test_what_no_period_has_met_is_not_met_by_luck(values, says):
    assert prospect(HIGH, (0.6, 0.95), 0.8, 0.16, 20, values).capability is says
