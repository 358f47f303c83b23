import math

import pytest

from cx_kpi.judge.statistics.usual_range import Signal, UsualRange, moving_range, usual_range
from cx_kpi.model.sums import Quantity

LINE = [82, 85, 84, 88, 83, 86, 81, 87, 85, 84, 86, 83]


def test_the_range_of_the_worked_case():
    found = usual_range(LINE)
    assert found.middle == 84.5
    assert moving_range(LINE) == pytest.approx(3.1818, abs=5e-5)
    assert found.latest == pytest.approx((76.036, 92.964), abs=5e-4)
    assert not found.trial
    assert found.signals == {}


@pytest.mark.parametrize(("points", "is_trial"), [(7, None), (8, True), (11, True), (12, False)])
def test_few_points_make_a_trial_range_or_none(points, is_trial):
    found = usual_range(LINE[:points])
    assert (found and found.trial) == is_trial


def test_a_collapse_does_not_widen_its_own_range():
    found = usual_range([*LINE, 40, *LINE])
    assert found.signals[12] is Signal.OUTSIDE
    assert found.outside == {12}
    assert moving_range([*LINE, 40, *LINE]) == pytest.approx(moving_range([*LINE, *LINE]), rel=0.1)


def test_empty_periods_keep_their_places():
    found = usual_range([None, *LINE, None, 40, *LINE])
    assert found.outside == {14}
    assert [place for place, limits in enumerate(found.limits) if limits is None] == [0, 13]


def test_a_shift_is_a_run():
    shifted = usual_range([*[80, 81] * 6, *[83, 84] * 4])
    assert shifted.signals[19] is Signal.RUN


@pytest.mark.parametrize(
    ("last", "is_near"),
    [
        ((84.9, 81, 84.9, 84.9), True),
        ((77.1, 81, 77.1, 77.1), True),
        ((84.9, 81, 83, 84.9), False),
        ((84.9, 77.1, 81, 84.9), False),
    ],
)
def test_three_of_four_points_near_one_limit_are_told(last, is_near):
    near = usual_range([*[80, 82] * 6, *last])
    assert near.signals.get(15) is (Signal.NEAR if is_near else None)


def test_logs_make_ratios():
    found = usual_range([10 ** (each / 40) for each in LINE], logs=True)
    plain = usual_range(LINE)
    assert found.middle == pytest.approx(10 ** (plain.middle / 40))
    assert found.latest == pytest.approx(tuple(10 ** (each / 40) for each in plain.latest))
    assert usual_range([0.0, *LINE], logs=True).limits[0] is None


def test_limits_are_as_wide_as_each_point_is_uncertain():
    """Laney's p′: of equal errors, XmR; of few rows, wider."""
    assert usual_range(LINE, [2.0] * 12).latest == pytest.approx(usual_range(LINE).latest)
    few = usual_range(LINE, [1.0] * 11 + [3.0])
    low, high = few.limits[0]
    assert few.latest[1] - few.latest[0] == pytest.approx(3 * (high - low))


def test_a_range_stays_on_its_scale():
    found = usual_range([0.99, 1.0, 0.97, 1.0, 0.98, 1.0, 0.96, 1.0], bounds=(0, 1))
    assert found.latest[1] == 1


def test_a_line_without_noise_has_its_own_value_as_range():
    found = usual_range([3.0] * 12)
    assert found.latest == (3, 3)
    assert found.signals == {}
    assert math.isclose(found.middle, 3)


@pytest.mark.parametrize(
    ("quantity", "bounds", "limits", "is_wide"),
    [
        (Quantity.SHARE, (0.0, 1.0), (0.3, 0.81), True),
        (Quantity.SHARE, (0.0, 1.0), (0.3, 0.79), False),
        (Quantity.NET, (-100.0, 100.0), (-20.9, 93.1), True),
        (Quantity.DURATION, None, (10.0, 26.0), True),
        (Quantity.DURATION, None, (10.0, 24.0), False),
        (Quantity.COUNT, None, (0.0, 9.0), False),
        (Quantity.COUNT, None, (4.0, 40.0), True),
    ],
)
def test_a_range_of_half_a_scale_or_more_than_its_middle_tells_little(quantity, bounds, limits, is_wide):
    found = UsualRange(middle=10.0, limits=(limits,), trial=False, signals={})
    assert found.is_wide(0, quantity, bounds) is is_wide
    assert not UsualRange(10.0, (None,), False, {}).is_wide(0, quantity, bounds)


def test_one_very_odd_point_makes_no_other_odd():
    calm = [90.0, 90.2, 89.9, 90.1, 89.8, 90.0, 90.1, 89.9, 90.2, 90.0, 89.9, 90.1]
    found = usual_range([*calm, 50, *calm])
    assert found.outside == {12}
    assert found.middle == pytest.approx(sum(calm) / 12)


def test_of_two_levels_neither_is_odd_by_the_other_alone():
    """Where not even half of the points are alike, the mean of all stays."""
    found = usual_range([70, 80, 90, 100] * 4)
    assert found.middle == 85
