import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from cx_kpi.judge.statistics.budget import combined, survivors

chances = st.dictionaries(st.text(min_size=1, max_size=3), st.floats(1e-12, 1), min_size=1, max_size=30)


@given(chances, st.floats(0.01, 0.2))
def test_survivors_are_those_of_scipy(found, q):
    adjusted = dict(zip(found, stats.false_discovery_control([*found.values()]), strict=True))
    for name in survivors(found, q) ^ {name for name, p in adjusted.items() if p <= q}:
        assert adjusted[name] == pytest.approx(q)


def test_twins_count_once():
    found = {"csat": 0.02, "csat_score": 0.9, "nps": 0.9}
    assert survivors(found, 0.05) == set()
    assert survivors({"csat": 0.02, "nps": 0.9}, 0.05) == {"csat"}
    families = {"csat": "csat", "csat_score": "csat", "nps": "nps"}
    assert survivors({**found, "csat": 0.012}, 0.05, families) == {"csat"}  # 0.012 × 2 ≤ 0.05 ÷ 2
    assert survivors({**found, "csat": 0.013}, 0.05, families) == set()
    assert survivors({**found, "csat": 0.02, "csat_score": 0.024}, 0.05, families) == {"csat", "csat_score"}
    assert survivors({**found, "csat": 0.02, "csat_score": 0.026}, 0.05, families) == set()
    assert survivors({**found, "csat": 0.001, "csat_score": 0.002}, 0.05, families) == {"csat", "csat_score"}


def test_a_twin_needs_to_be_no_surer_than_the_first():
    families = {"csat": "csat", "csat_score": "csat", "nps": "nps"}
    found = {"csat": 1e-6, "csat_score": 1e-4, "nps": 0.9}
    assert survivors(found, 0.05, families) == {"csat", "csat_score"}
    assert survivors({**found, "csat_score": 0.03}, 0.05, families) == {"csat"}


def test_weights_move_the_budget_and_do_not_enlarge_it():
    found = {"csat": 0.03, "hold": 0.03}
    assert survivors(found, 0.04, weights={"csat": 3, "hold": 1}) == {"csat"}
    assert survivors(found, 0.04) == {"csat", "hold"}
    one = {"csat": 0.03, "hold": 0.9}
    assert survivors(one, 0.04) == set()
    assert survivors(one, 0.04, weights={"csat": 3, "hold": 1}) == {"csat"}
    assert survivors({"csat": 0.9, "hold": 0.015}, 0.04, weights={"csat": 3, "hold": 1}) == set()


def test_nothing_survives_of_nothing():
    assert survivors({}, 0.05) == set()


def test_several_tests_of_one_thing_share_its_budget():
    assert combined({"subject": 0.01, "recent": 0.5}, {"subject": 0.8, "recent": 0.2}) == pytest.approx(
        0.0125
    )
    assert combined({"recent": 0.5}, {"recent": 0.2}) == 1
