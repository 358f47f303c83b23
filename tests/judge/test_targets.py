import pytest
from hypothesis import given
from hypothesis import strategies as st

from cx_kpi.judge.statistics.intervals import wilson
from cx_kpi.judge.statistics.target_status import judge
from cx_kpi.model.values import Status, Target

values = st.floats(0, 1)


def test_nineteen_of_twenty_against_95_percent():
    assert judge(19 / 20, wilson(19, 20), 20, Target(">=", 0.95)) is Status.INCONCLUSIVE


@pytest.mark.parametrize(
    ("n", "status"), [(0, Status.NO_DATA), (1, None), (4, None), (5, Status.MET), (6, Status.MET)]
)
def test_few_rows(n, status):
    assert judge(0.9, (0.85, 0.95), n, Target(">=", 0.8)) is status


@pytest.mark.parametrize("value", [None, "email", ["email"]])
def test_no_number_no_verdict(value):
    assert judge(value, None, 9, Target(">=", 0.8)) is None


@pytest.mark.parametrize(
    ("operator", "target", "status"),
    [
        (">=", 0.7, "met"),
        (">=", 0.8, "met"),
        (">=", 0.85, "inconclusive"),
        (">=", 0.91, "missed"),
        ("<=", 0.79, "missed"),
        ("<=", 0.85, "inconclusive"),
        ("<=", 0.9, "met"),
    ],
)
def test_the_whole_interval_decides(operator, target, status):
    assert judge(0.85, (0.8, 0.9), 50, Target(operator, target)) == status


@given(values, values, st.sampled_from([">=", "<="]))
def test_a_value_alone_is_met_or_missed(value, target, operator):
    met = value >= target if operator == ">=" else value <= target
    assert judge(value, None, 5, Target(operator, target)) is (Status.MET if met else Status.MISSED)
