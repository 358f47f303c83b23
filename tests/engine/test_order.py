"""Order statistics of packed groups, against numpy and a naive Kaplan–Meier."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cx_kpi.engine.aggregation.apart import order_statistics
from cx_kpi.engine.aggregation.apart.order_statistics import (
    EMPTY,
    in_units,
    longest,
    milliseconds,
    order_statistics_of,
    packed,
    packing,
)
from cx_kpi.engine.ranks.quantile_ranks import quantile_ranks

# few different values, so that ties are common; now and then the longest that is kept
lengths = st.one_of(st.integers(0, 8), st.integers(0, 10**6), st.just(2**40 - 1))
rows = st.lists(st.tuples(st.integers(-1, 3), lengths, st.booleans()), max_size=60)


def folded(rows, groups=4):
    """The orders of rows (group, milliseconds, finished)."""
    sides = []
    for side in (True, False):
        mine = [(group, length if done is side else None) for group, length, done in rows]
        frame = pl.DataFrame(mine, {"group": pl.Int64, "length": pl.Int64}, orient="row")
        sides.append(packed(frame["length"], frame["group"]))
    return order_statistics_of(*sides, groups)


def survival_quantile(done, waiting, survival):
    """First of the finished at which the share still waiting is at most `survival`, one event at a time."""
    share, left = 1.0, len(done) + len(waiting)
    for length in sorted({*done, *waiting}):
        finished = done.count(length)
        share *= 1 - finished / left
        if finished and share <= survival + 1e-12:
            return length / 1000
        left -= finished + waiting.count(length)
    return None


@given(rows)
def test_same_as_the_textbook(rows):
    for group, found in enumerate(folded(rows)):
        done = [length for at, length, finished in rows if at == group and finished]
        waiting = [length for at, length, finished in rows if at == group and not finished]
        assert (found.n, found.censored) == (len(done), len(waiting))
        if waiting:
            assert found.censored_median == survival_quantile(done, waiting, 0.5)
            assert found.censored_p90 == survival_quantile(done, waiting, 0.1)
        if done:
            expected = np.quantile(np.array(done) / 1000, [0.5, 0.9, 1.0])
            assert [found.median, found.p90, found.maximum] == pytest.approx(expected, rel=1e-12)
        else:
            assert (found.median, found.p90, found.maximum) == (None, None, None)


@given(st.lists(st.integers(0, 10**7), max_size=200))
def test_with_none_unfinished_both_medians_are_the_same(values):
    found = order_statistics_of(
        packed(pl.Series(values, dtype=pl.Int64)), packed(pl.Series([], dtype=pl.Int64)), 1
    )[0]
    assert (found.censored_median, found.censored_p90) == (found.median, found.p90)


def narrowed(rows, groups=4):
    """The orders of the same rows, in seconds, as narrow as they can be kept."""
    sides = [
        pl.Series(
            name, [length / 1000 if done is side else None for _, length, done in rows], dtype=pl.Float64
        )
        for side, name in ((True, "done"), (False, "still"))
    ]
    unit, values = in_units(pl.DataFrame(sides).lazy(), [pl.col(each.name) for each in sides])
    by = packing(unit, longest(values), groups)
    numbers = pl.Series([group for group, _, _ in rows], dtype=pl.Int32)
    return order_statistics_of(*(packed(each, numbers, by=by) for each in values), groups, by), by


seconds = st.one_of(st.integers(0, 8), st.integers(0, 10**7), st.just(2**30), st.just(2**29 - 1))
of_whole_seconds = st.lists(st.tuples(st.integers(-1, 3), seconds.map(lambda n: n * 1000), st.booleans()))


@given(st.one_of(rows, of_whole_seconds))
def test_narrow_packings_come_to_the_same(rows):
    found, by = narrowed(rows)
    assert found == folded(rows)
    whole = all(length % 1000 == 0 for _, length, _ in rows)
    most = max((length // (1000 if whole else 1) for _, length, _ in rows), default=0)
    assert (by.dtype == pl.Int32) == ((most + 1) * 4 < 2**31)


def test_open_tickets_of_the_catalogue():
    hour = 3_600_000
    found = folded([(0, h * hour, True) for h in range(1, 7)] + [(0, 8 * hour, False)] * 4)[0]
    assert (found.median, found.censored_median, found.censored_p90) == (3.5 * 3600, 5 * 3600, None)


def test_nothing_at_all():
    assert folded([]) == [EMPTY] * 4


@pytest.mark.parametrize(
    ("seconds", "expected"), [(0.0, 0), (0.0014, 1), (1.5, 1500), (None, None), (1e12, 2**40 - 1)]
)
def test_durations_are_kept_to_the_millisecond(seconds, expected):
    frame = pl.DataFrame({"x": [seconds]}, {"x": pl.Float64})
    assert frame.select(milliseconds(pl.col("x"))).item() == expected


@pytest.mark.parametrize("seconds", [[-5.0, 3.0, None], [-5, 3, None]])
def test_a_length_below_nothing_is_none_of_an_earlier_group(seconds):
    unit, (side,) = in_units(pl.LazyFrame({"length": seconds}), [pl.col("length")])
    assert (unit, side.to_list()) == (1, [0, 3000, None])


@given(rows)
def test_few_rows_are_ordered_as_many(rows):
    few = folded(rows), narrowed(rows)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(order_statistics, "FEW", 0)  # by queries instead of lists
        assert (folded(rows), narrowed(rows)) == few


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=130), st.integers(0, 2))
def test_intervals_are_between_the_values_of_their_ranks(lengths, group):
    found = folded([(group, length, True) for length in lengths])[group]
    ordered, at = np.sort(lengths) / 1000, np.arange(1, len(lengths) + 1)
    for q, bounds in ((0.5, found.median_interval), (0.9, found.p90_interval)):
        ranks = quantile_ranks(len(lengths), q)
        assert (bounds is None) == (ranks is None)
        if ranks:
            assert bounds == pytest.approx(np.interp(ranks, at, ordered), abs=1e-9)
            assert bounds[0] <= np.quantile(ordered, q) <= bounds[1]


def test_a_median_needs_six_rows_and_a_ninth_decile_fifty():
    few, enough, many = (folded([(0, 1000 * i, True) for i in range(n)])[0] for n in (5, 6, 50))
    assert (few.median_interval, few.p90_interval) == (None, None)
    assert enough.median_interval[0] < enough.median < enough.median_interval[1]
    assert (enough.p90_interval is None, many.p90_interval is None) == (True, False)


def test_rows_that_wait_do_not_widen_the_interval_of_the_finished():
    done = [(0, 1000 * i, True) for i in range(30)]
    alone, beside = folded(done)[0], folded([*done, (0, 500, False)])[0]
    assert alone.median_interval == beside.median_interval


@pytest.mark.parametrize("more", [1, 2, 3])
def test_groups_that_just_fit_into_the_narrow_packing(more):
    groups = 3
    by = packing(1000, 2**31 // groups - more, groups)
    assert by.dtype is pl.Int32
    lengths = pl.Series([number % 1000 for number in range(3_000)], dtype=pl.Int64)
    found = order_statistics_of(packed(lengths, lengths % groups, by=by), None, groups, by)
    assert [each.n for each in found] == [
        lengths.filter(lengths % groups == group).len() for group in range(groups)
    ]
    assert [each.maximum for each in found] == [999.0, 997.0, 998.0]
