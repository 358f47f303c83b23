"""Which segments stand out: by their rows against all other rows, within one budget, and only for the worse."""

import random
from dataclasses import replace
from statistics import fmean, variance

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cx_kpi.api import make_report
from cx_kpi.judge.statistics.change import compare
from cx_kpi.judge.statistics.distributions import overdispersed, two_sided
from cx_kpi.judge.verdicts.standing_out import rest_of_all, standing_out
from cx_kpi.model.assets import folder
from cx_kpi.model.figures import Mean, Net, Ordered, Proportion
from cx_kpi.model.options import Options
from cx_kpi.model.report import Segment
from cx_kpi.model.values import Better, Status
from cx_kpi.render.view.hot_spots import spots
from cx_kpi.wording.units import words_of


def mean_of(values):
    return Mean(len(values), fmean(values), variance(values))


def net_of(values):
    return Net(sum(value > 8 for value in values), sum(value < 7 for value in values), len(values))


def share_of(values):
    return Proportion(sum(value > 5 for value in values), len(values))


@pytest.mark.parametrize("kind", [mean_of, net_of, share_of])
def test_all_others_together_are_all_other_rows(kind):
    rng = random.Random(5)
    groups = [[rng.gauss(7, 3) for _ in range(n)] for n in (30, 7, 90)]
    rest_of = rest_of_all([kind(values) for values in groups])
    for place, values in enumerate(groups):
        others = [value for at, group in enumerate(groups) if at != place for value in group]
        found, right = (compare(kind(values), each) for each in (rest_of(kind(values)), kind(others)))
        assert (found.change, found.p) == pytest.approx((right.change, right.p))


def segments(samples, better, status=Status.MISSED, unlike=1.0):
    rows = [
        (Segment("m", {"team": name}, 0.5, each.n, status=status), each) for name, each in samples.items()
    ]
    found = standing_out({"m": tuple(zip(*rows, strict=True))}, {"m": better}, {"m": unlike}, dated=True)
    return {each.by["team"] for each in found if each.stands_out}


APART = {"a": Proportion(40, 100), "b": Proportion(80, 100), "c": Proportion(80, 100)}


@pytest.mark.parametrize(
    ("better", "named"), [(Better.HIGHER, {"a"}), (Better.LOWER, {"b", "c"}), (Better.NEITHER, set())]
)
def test_only_the_worse_stand_out(better, named):
    assert segments(APART, better) == named


def test_nothing_is_asked_where_no_segment_misses_a_target():
    assert segments(APART, Better.HIGHER, status=Status.INCONCLUSIVE) == set()


def test_where_weeks_are_unlike_it_takes_more_to_stand_out():
    assert segments(APART, Better.HIGHER, unlike=4.0) == {"a"}
    assert segments(APART, Better.HIGHER, unlike=9.0) == set()


@given(st.floats(0.0, 6.0), st.floats(1.0, 36.0))
def test_a_larger_variance_is_that_of_rows_that_count_less(z, factor):
    assert overdispersed(two_sided(z * factor**0.5), factor) == pytest.approx(two_sided(z), rel=1e-6)


def test_what_is_too_sure_for_a_number_is_still_sure():
    assert overdispersed(0.0, 4.0) == pytest.approx(overdispersed(1e-300, 4.0))
    assert overdispersed(1.0, 4.0) == 1.0


def test_what_is_unknown_has_few_rows_or_no_rest_does_not_stand_out():
    few = {"a": Proportion(0, 4), None: Proportion(0, 90), "c": Proportion(99, 100)}
    assert segments(few, Better.HIGHER) == set()
    assert segments({"a": Ordered(50, 1.0), "b": Ordered(50, 9.0)}, Better.LOWER) == set()
    assert segments({"a": Proportion(1, 100)}, Better.HIGHER) == set()


@pytest.mark.usefixtures("kept_runs")
def test_one_report_never_says_that_nobody_stands_out_and_where_to_look():
    found = make_report(Options(paths=(str(folder("sample_data")),)))
    looked = {(spot.metric, spot.segment) for spot in spots(found, words_of(found))}
    out = {each.metric for each in found.segments if each.stands_out}
    assert looked
    assert {metric for metric, _ in looked} <= out
    calm = replace(found, segments=[replace(each, stands_out=False) for each in found.segments])
    assert spots(calm, words_of(calm)) == []
    (where,) = (
        each for each in found.findings if "in E-mail, " in each.text and "of the misses" in each.text
    )
    assert (where.metric, "E-mail") not in looked
    silent = replace(found, findings=[])
    assert (where.metric, "E-mail") in {
        (spot.metric, spot.segment) for spot in spots(silent, words_of(silent))
    }
