import random
from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cx_kpi.judge.verdicts.decomposition import Contrast, SegmentWeeks, decompose, decompose_each, standings
from cx_kpi.model.sums import Sums


def hits(n, k):
    return Sums(n, k, k)


def segments(before, now):
    return [
        SegmentWeeks(str(i), {0: hits(*b)}, {1: hits(*n)})
        for i, (b, n) in enumerate(zip(before, now, strict=True))
    ]


WORKED = segments([(200, 180), (300, 246), (500, 350)], [(120, 110), (230, 192), (850, 612)])


def test_every_segment_up_and_the_whole_down():
    found = decompose(WORKED)
    assert 100 * found.change == pytest.approx(-1.4333, abs=5e-5)
    assert 100 * sum(cause.rate for cause in found.causes) == pytest.approx(1.82, abs=5e-3)
    assert 100 * found.mix == pytest.approx(-3.26, abs=1e-2)
    assert all(cause.change > 0 for cause in found.causes)
    assert not found.reversed  # the signs are only estimated


def test_a_reversal_is_told_where_it_is_shown():
    grown = segments([(20_000, 18_000), (50_000, 35_000)], [(8_000, 7_400), (85_000, 61_200)])
    assert decompose(grown, whole_changed=True).reversed
    assert not decompose(grown).reversed
    assert not decompose(WORKED, whole_changed=True).reversed


cells = st.tuples(st.integers(0, 500), st.floats(0, 1)).map(lambda pair: (pair[0], round(pair[0] * pair[1])))


@given(st.lists(st.tuples(cells, cells), min_size=1, max_size=8))
def test_the_parts_add_up(pairs):
    before, now = zip(*pairs, strict=True)
    assume(sum(n for n, _ in before) and sum(n for n, _ in now))
    found = decompose(segments(before, now))
    whole = sum(k for _, k in now) / sum(n for n, _ in now) - sum(k for _, k in before) / sum(
        n for n, _ in before
    )
    assert found.change == pytest.approx(whole, abs=1e-12)
    assert found.rate + found.mix + found.chance == pytest.approx(whole, abs=1e-9)
    assert sum(cause.rate for cause in found.named) + found.remainder == pytest.approx(whole, abs=1e-9)
    assert len(found.named) <= 3


def test_a_new_segment_changes_the_mix_alone():
    found = decompose(segments([(100, 80), (0, 0)], [(100, 80), (100, 20)]))
    assert [cause.rate for cause in found.causes] == [0, 0]
    assert found.mix == pytest.approx(found.change) == pytest.approx(-0.3)


def weekly(chance, rates, weeks, rows=60, shift=0.0):
    """Weeks of answers of a segment, each good or bad for all segments."""
    return {
        week: hits(rows, sum(chance.random() < rates + shift * (week % 3 - 1) for _ in range(rows)))
        for week in weeks
    }


@pytest.mark.parametrize("shift", [0.0, 0.1])
def test_the_segment_that_fell_is_named_though_weeks_differ(shift):
    chance = random.Random(5)
    slices = [
        SegmentWeeks(
            name,
            weekly(chance, 0.8, range(48), shift=shift),
            weekly(chance, after, range(48, 52), shift=shift),
        )
        for name, after in (("phone", 0.8), ("mail", 0.8), ("chat", 0.55), ("social", 0.8))
    ]
    found = decompose(slices)
    assert [cause.name for cause in found.named] == ["chat"]
    assert abs(found.chance) < abs(found.rate)


def test_no_segment_stands_out_where_all_fall():
    chance = random.Random(8)
    slices = [
        SegmentWeeks(name, weekly(chance, 0.8, range(48)), weekly(chance, 0.6, range(48, 52)))
        for name in ("phone", "mail", "chat")
    ]
    assert decompose(slices).named == ()


def test_nothing_to_decompose():
    assert decompose([]) is None
    assert decompose(segments([(0, 0)], [(10, 5)])) is None
    assert decompose(segments([(10, 5)], [(10, 5)])).named == ()


def stable(chance, name):
    """A segment in which nothing changes."""
    return SegmentWeeks(
        name, weekly(chance, 0.8, range(24), rows=20), weekly(chance, 0.8, range(24, 28), rows=20)
    )


def test_all_dimensions_share_one_budget():
    chance = random.Random(3)
    fell = SegmentWeeks(
        "chat", weekly(chance, 0.8, range(24), rows=20), weekly(chance, 0.62, range(24, 28), rows=20)
    )
    channels = [fell, *(stable(chance, name) for name in ("phone", "mail"))]
    assert [cause.name for cause in decompose(channels).named] == ["chat"]
    others = {f"column {i}": [stable(chance, str(j)) for j in range(8)] for i in range(12)}
    found = decompose_each({"channel": channels, **others})
    assert found.keys() == {"channel", *others}
    assert not any(each.named for each in found.values())


def test_the_sign_of_a_whole_that_may_be_chance_tells_nothing():
    fell, rest = (
        SegmentWeeks(name, {week: hits(100, before) for week in range(8)}, {8: hits(n, now)})
        for name, before, n, now in (("social", 80, 100, 62), ("others", 80, 1900, 1530))
    )
    slices = [fell, replace(rest, before={week: hits(1900, 1520) for week in range(8)})]
    assert decompose(slices).change < 0  # by chance
    slices[1] = replace(slices[1], now={8: hits(1900, 1545)})
    assert decompose(slices).change > 0
    assert "social" in [cause.name for cause in decompose(slices).named]
    assert "social" not in [cause.name for cause in decompose(slices, whole_changed=True).named]


def test_weeks_that_are_far_more_unlike_than_those_of_others_keep_their_doubt():
    """The unlikeness of the third, nine times that of the others, is drawn to their mean by a thirtieth."""
    alike, unlike = Contrast(0.1, 0.001, 1.0, 40), Contrast(0.1, 0.001, 9.0, 40)
    told = standings({0: alike, 1: alike, 2: unlike})
    assert told[0] == told[1]
    assert told[0][1] == pytest.approx(0.004371, abs=1e-6)
    assert told[2][1] == pytest.approx(0.29, abs=0.01)
