"""Counted values: the same order statistics as sorted ones, and by seven bits as near as is said."""

from dataclasses import asdict, replace

import polars as pl
import pytest
from canonical import differences, report
from hypothesis import given
from hypothesis import strategies as st

from cx_kpi.engine.aggregation.apart import ascent
from cx_kpi.engine.aggregation.apart.counted import (
    ERROR,
    NUMBER,
    VALUE,
    counted_lengths,
    counted_numbers,
    rounded,
    rounded_number,
)
from cx_kpi.engine.aggregation.apart.groups import Groups, Met, prepare
from cx_kpi.engine.aggregation.apart.order_statistics import (
    OrderStatistics,
    milliseconds,
    order_statistics_of,
    packed,
)
from cx_kpi.engine.ranks.quantile_ranks import ranked_values
from cx_kpi.metrics.definition.metric import Quantiles, Ranked
from cx_kpi.model.figures import Ordered

lengths = st.lists(st.one_of(st.none(), st.integers(0, 40), st.integers(0, 10**9)), max_size=60)
NEARLY = ERROR * (1 + 1e-9)  # a value may be off by just so much, and a double by a little more
numbers = st.lists(st.floats(-1e12, 1e12, allow_subnormal=False), max_size=60)


def seconds(values):
    return pl.Series([None if value is None else value / 1000 for value in values], dtype=pl.Float64)


def found(done, still, *, fast, at_once=1_000_000):
    zeros = pl.zeros(len(done), dtype=pl.Int32, eager=True)
    table = counted_lengths(done, still, fast=fast)(zeros)
    return told(Quantiles(pl.col("v"), None), table, at_once) or OrderStatistics()


def told(measure, table, at_once):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ascent, "_AT_ONCE", at_once)
        patch.setattr(ascent, "_FEW", at_once)
        return dict(ascent.statistics_by_place(measure, table.lazy(), [NUMBER])).get((0,))


def in_order(values):
    column = values.alias("v").to_frame().lazy().select(milliseconds(pl.col("v"))).collect().to_series()
    return packed(column)


def test_a_range_is_about_as_long_as_it_may_be_where_each_part_comes_in_order(monkeypatch):
    monkeypatch.setattr(ascent, "_AT_ONCE", 1_000)
    parts = [pl.DataFrame({VALUE: range(start, 40_000, 4)}) for start in range(4)]
    ranges = ascent._ranges(pl.concat(parts).lazy())
    assert max(each.collect().height for each in ranges) < 2_000


at_once = st.sampled_from([1_000_000, 20, 3, 1])


@given(lengths, lengths, at_once)
def test_the_order_statistics_of_sorted_lengths(done, still, at_once):
    size = max(len(done), len(still))
    done, still = (seconds(values + [None] * (size - len(values))) for values in (done, still))
    (expected,) = order_statistics_of(in_order(done), in_order(still), 1)
    assert asdict(found(done, still, fast=False, at_once=at_once)) == asdict(expected)


@given(lengths)
def test_seven_bits_are_as_near_as_is_said_and_the_longest_is_exact(values):
    done = seconds(values)
    exact, fast = (found(done, seconds([None] * len(values)), fast=fast) for fast in (False, True))
    assert (fast.n, fast.maximum) == (exact.n, exact.maximum)
    assert [*differences(asdict(fast), asdict(exact), tolerance=NEARLY)] == []
    assert fast.median is None or abs(fast.median - exact.median) <= NEARLY * exact.median


@given(lengths, lengths)
def test_sorted_lengths_rounded_when_found_are_the_same_as_counted_by_seven_bits(done, still):
    size = max(len(done), len(still))
    done, still = (seconds(values + [None] * (size - len(values))) for values in (done, still))
    rows = pl.DataFrame({"done": done, "still": still}).lazy()
    fold = prepare(Quantiles(pl.col("done"), pl.col("still")), rows, Met(), fast=True)
    expected = found(done, still, fast=True)
    nobody = done.null_count() + still.null_count() == 2 * size
    assert fold(Groups(None, 1)) == [replace(expected, error=0.0 if nobody else ERROR)]


@given(numbers, st.sampled_from([0.1, 0.5, 0.9]))
def test_so_are_any_numbers(values, q):
    column, zeros = pl.Series(values, dtype=pl.Float64), pl.zeros(len(values), dtype=pl.Int32, eager=True)
    fold = prepare(Ranked(pl.col("v"), q), column.alias("v").to_frame().lazy(), Met(), fast=True)
    expected = told(Ranked(pl.col("v"), q), counted_numbers(column, fast=True)(zeros), 1_000_000)
    assert fold(Groups(None, 1)) == [replace(expected, error=ERROR) if expected else Ordered(0)]


@given(st.lists(st.integers(0, 2**40 - 1), max_size=40))
def test_numbers_of_seven_bits_stay_and_others_keep_their_order(values):
    near = pl.DataFrame({"v": values}, {"v": pl.Int64}).select(rounded(pl.col("v"))).to_series().to_list()
    assert all(one == value for one, value in zip(near, values, strict=True) if value < 128)
    assert all(abs(one - value) <= ERROR * value for one, value in zip(near, values, strict=True))
    assert sorted(near) == [one for _, one in sorted(zip(values, near, strict=True))]


@given(numbers)
def test_any_numbers_likewise(values):
    column = pl.DataFrame({"v": values}, {"v": pl.Float64})
    near = column.select(rounded_number(pl.col("v"))).to_series().to_list()
    assert all(abs(one - value) <= ERROR * abs(value) for one, value in zip(near, values, strict=True))


@given(numbers, st.sampled_from([0.1, 0.5, 0.9]), at_once)
def test_a_quantile_of_any_numbers(values, q, at_once):
    column = pl.Series(values, dtype=pl.Float64)
    zeros = pl.zeros(len(values), dtype=pl.Int32, eager=True)
    table = counted_numbers(column, fast=False)(zeros)
    assert (told(Ranked(pl.col("v"), q), table, at_once) or Ordered(0)) == ranked_values(column, zeros, 1, q)[
        0
    ]


ROWS = "\n".join(
    ["ticket_id | created_at | first_response_at | solved_at | channel"]
    + [f"t{n} | 2026-03-{1 + n % 28:02d} | 2026-03-{1 + n % 28:02d}T00:{n % 60:02d}:{n % 59:02d} | "
       f"2026-04-0{1 + n % 9}T0{n % 10}:00:01 | email" for n in range(200)]
)  # fmt: skip


def test_a_report_says_what_is_approximate():
    exact, fast = (
        report({"tickets": ROWS}, config={"quantiles": way}).as_dict()["metrics"] for way in ("exact", "fast")
    )
    told = fast["first_response_time"]
    assert told["value"] == exact["first_response_time"]["value"]
    assert told["details"]["approximate"] is True
    assert told["details"]["error"] == 2**-7
    near, true = told["details"]["median"], exact["first_response_time"]["details"]["median"]
    assert near != true
    assert abs(near - true) <= 2**-7 * true
    assert "approximate" not in exact["first_response_time"]["details"]
    assert "approximate" not in fast["tickets_created"]["details"]


@pytest.mark.parametrize("fast", [False, True])
def test_rows_in_no_group_are_counted_nowhere(fast):
    values = pl.Series([1.0, 2.0, None, 3.0, 4.0])
    groups = pl.Series([1, -1, 0, 0, -1], dtype=pl.Int32)
    for count in (counted_lengths(values, None, fast=fast), counted_numbers(values, fast=fast)):
        assert {*count(groups)[NUMBER]} == {0, 1}
