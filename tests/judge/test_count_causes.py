"""More rows, taken apart: how many each segment brings, and which grew beyond the others."""

from functools import partial

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cx_kpi.judge.verdicts.count_causes import opened_counts
from cx_kpi.judge.verdicts.decomposition import SegmentWeeks, decompose_each
from cx_kpi.model.sums import Sums


def segment(name, before, now):
    weeks = [{week: Sums(n, n, n) for week, n in enumerate(counts) if n} for counts in (before, now)]
    return SegmentWeeks(name, *weeks)


def decomposed(slices, length):
    return decompose_each(
        {"": slices}, whole_changed=True, opening=partial(opened_counts, length=length)
    ).get("")


counts = st.lists(st.integers(0, 50), min_size=1, max_size=4)


@given(st.lists(st.tuples(counts, counts), min_size=1, max_size=5), st.floats(0.05, 2))
def test_the_rows_of_segments_add_up_to_those_of_the_whole(pairs, length):
    slices = [segment(str(i), *pair) for i, pair in enumerate(pairs)]
    before, now = (sum(sum(pair[side]) for pair in pairs) for side in (0, 1))
    assume(before and now)
    found = decomposed(slices, length)
    assert found.change == pytest.approx(now - before * length)
    assert sum(cause.rate for cause in found.causes) == pytest.approx(found.change)
    assert found.rate + found.chance == pytest.approx(found.change)
    assert sum(cause.share for cause in found.causes) == pytest.approx(1)
    assert found.mix == 0
    rows = {str(i): sum(pair[0]) for i, pair in enumerate(pairs)}
    squares = {str(i): sum(n * length for n in pair[0]) for i, pair in enumerate(pairs)}
    for cause in found.causes:
        told = cause.before
        assert (told.n, told.squares) == pytest.approx((rows[cause.name] * length, squares[cause.name]))


def test_the_segment_that_grew_beyond_the_others_is_named():
    slices = [
        segment("app", [40] * 12, [150] * 4),
        segment("refund", [60] * 12, [70] * 4),
        segment("setup", [100] * 12, [110] * 4),
    ]
    found = decomposed(slices, 4 / 12)
    assert [cause.name for cause in found.named] == ["app"]
    assert found.named[0].rate == pytest.approx(4 * 150 - 4 * 40)


def test_growth_that_is_everywhere_alike_names_nobody():
    rng = np.random.default_rng(5)
    wrong = 0
    for _ in range(200):
        slices = [
            segment(str(part), rng.poisson(part, 40), rng.poisson(1.5 * part, 4)) for part in (5, 10, 20, 40)
        ]
        wrong += bool(decomposed(slices, 0.1).named)
    assert wrong <= 20


def test_no_rows_on_one_side_are_taken_apart_by_nothing():
    assert decomposed([segment("a", [], [5])], 1.0) is None
