"""Different keys and favourites of groups, against counting one row at a time."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import polars as pl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cx_kpi.engine import packing
from cx_kpi.engine.aggregation.apart import foremost
from cx_kpi.engine.aggregation.apart.groups import Groups, Met, prepare
from cx_kpi.metrics.definition.metric import Distinct, Foremost, Mode

START = datetime(2026, 3, 1, tzinfo=UTC)
SIZE = 3
rows = st.lists(
    st.tuples(
        st.integers(-1, SIZE - 1),
        st.sampled_from([None, "ann", "bob", "cid"]),
        st.sampled_from([None, "chat", "email", "web"]),
        st.integers(0, 4),
    ),
    max_size=40,
)
BUSIEST = Foremost("customer", "name", pl.col("weight"), 2, "customer {n}")
FAVOURITE, KEYS = Mode("channel", "customer", "at"), Distinct(pl.col("customer"))


def table(rows):
    columns = {
        "n": [n for n, *_ in rows],
        "customer": [customer for _, customer, *_ in rows],
        "channel": [channel for *_, channel, _ in rows],
        "at": [START + timedelta(milliseconds=at) for *_, at in rows],
    }
    schema = {"n": pl.Int32, "customer": pl.String, "channel": pl.Categorical, "at": pl.Datetime("us", "UTC")}
    key = pl.when(pl.col("customer").is_not_null()).then(pl.col("customer").hash(seed=0))
    return pl.DataFrame(columns, schema).with_columns(customer=key)


at_once = st.sampled_from([1_000_000, 5, 1])  # rows


def named(rows):
    """With what the busiest are told by."""
    who = pl.Series("name", [customer for _, customer, *_ in rows], pl.String)
    return table(rows).with_columns(who, weight=pl.Series([float(at) for *_, at in rows], dtype=pl.Float64))


def favourites(rows):
    """Channel to number of customers who use it most; a tie goes to the latest, then to the last by name."""
    best = {}
    for customer in {customer for _, customer, channel, _ in rows if customer and channel}:
        used = Counter(channel for _, who, channel, _ in rows if who == customer and channel)
        latest = {c: max(at for _, who, channel, at in rows if (who, channel) == (customer, c)) for c in used}
        best[customer] = max(used, key=lambda c: (used[c], latest[c], c))
    return dict(sorted(Counter(best.values()).items(), key=lambda pair: (-pair[1], pair[0])))


@given(rows, st.booleans(), at_once)
def test_each_customers_favourite(rows, whole, at_once):
    frame = table(rows)
    groups = Groups(None, 1) if whole else Groups(frame["n"], SIZE, partial=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(packing, "AT_ONCE", at_once)
        found = prepare(FAVOURITE, frame.lazy(), Met())(groups)
    expected = [favourites([row for row in rows if whole or row[0] == n]) for n in range(groups.size)]
    assert [list(each.items()) for each in found] == [list(each.items()) for each in expected]


def test_more_values_than_two_bytes_count():
    """Each value has its number, which takes no part in the customer's."""
    size, met = 70_000, Met()
    channel = pl.select(pl.format("c{}", pl.int_range(size))).to_series().rename("channel")
    at = pl.Series([START]).dt.cast_time_unit("us").extend_constant(START, size - 1)
    frame = pl.DataFrame([channel, pl.Series("at", at)]).with_columns(customer=pl.lit(2**60, pl.UInt64))
    favourite, counted = (prepare(each, frame.lazy(), met)(Groups(None, 1)) for each in (FAVOURITE, KEYS))
    assert favourite == [{"c9999": 1}]  # the last by name of those that come once, at once
    assert counted == [1]


@given(rows, st.booleans(), st.booleans())
def test_different_customers_alone_or_met_on_the_way(rows, whole, met):
    frame = table(rows)
    groups = Groups(None, 1) if whole else Groups(frame["n"], SIZE, partial=True)
    on_the_way = Met()
    if met:
        prepare(FAVOURITE, frame.lazy(), on_the_way)(groups)
        assert on_the_way.runs
    found = prepare(KEYS, frame.lazy(), on_the_way)(groups)
    expected = [{who for n, who, *_ in rows if who and (whole or n == group)} for group in range(groups.size)]
    assert found == [len(each) for each in expected]


@given(rows, st.booleans(), st.sampled_from([0, foremost.FEW]))
def test_different_customers_met_where_the_busiest_are_found(rows, whole, few):
    frame = named(rows)
    groups = Groups(None, 1) if whole else Groups(frame["n"], SIZE, partial=True)
    met = Met()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(foremost, "FEW", few)
        prepare(BUSIEST, frame.lazy(), met)(groups)
    expected = [
        len({who for n, who, *_ in rows if who and (whole or n == group)}) for group in range(groups.size)
    ]
    assert [*met.keys.values()] == [expected]
    assert prepare(KEYS, frame.lazy(), met)(groups) == expected
    met.keys[next(iter(met.keys))] = [-1] * groups.size  # they are not counted again
    assert prepare(KEYS, frame.lazy(), met)(groups) == [-1] * groups.size


@example(
    rows=[(0, who, None, 0) for who in ("ann", "ann", "ann", "bob", "bob", "cid")], whole=False, adds_up=False
)
@given(rows, st.booleans(), st.booleans())
def test_how_many_rows_the_busiest_have_without_their_names(rows, whole, adds_up):
    """One group alone names them where nothing is weighed; what adds up needs them to be added."""
    frame = named(rows).with_columns(weight=pl.lit(None, pl.Float64))
    groups = Groups(None, 1) if whole else Groups(frame["n"], SIZE, partial=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(foremost, "FEW", 0)
        found = prepare(BUSIEST, frame.lazy(), Met(), adds_up=adds_up)(groups)
        patch.setattr(foremost, "FEW", len(rows) + 1)
        one_by_one = prepare(BUSIEST, frame.lazy(), Met())(groups)
    assert [each.unnamed() for each in found] == [each.unnamed() for each in one_by_one]
    listed = whole or adds_up
    assert [each.first for each in found] == [each.first if listed else () for each in one_by_one]


@given(rows, st.booleans(), st.sampled_from([0, foremost.FEW]), st.booleans())
def test_the_busiest_customers_by_name_where_they_are_equal(rows, whole, few, after):
    frame, met = named(rows), Met()
    groups = Groups(None, 1) if whole else Groups(frame["n"], SIZE, partial=True)
    if after:
        prepare(FAVOURITE, frame.lazy(), met)(groups)  # leaves the runs of its keys
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(foremost, "FEW", few)  # one by one, and by the runs of sorted keys
        found = prepare(BUSIEST, frame.lazy(), met)(groups)
    for number, top in enumerate(found):
        inside = [(who, at) for n, who, _, at in rows if who and (whole or n == number)]
        times = Counter(who for who, _ in inside)
        ordered = sorted(times, key=lambda who: (-times[who], who))[:2]
        weights = [sum(at for each, at in inside if each == who) for who in ordered]
        assert [(each.name, each.n, each.weight) for each in top.first] == [
            (who, times[who], weight) for who, weight in zip(ordered, weights, strict=True)
        ]
        assert (top.n_ahead, top.weight_ahead) == (sum(times[who] for who in ordered), sum(weights))
        assert (top.keys, top.n, top.weight) == (len(times), len(inside), sum(at for _, at in inside))
