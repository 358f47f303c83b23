"""The first screen's metrics: few, of every theme there is, never two clocks of one wait."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from cx_kpi.judge.sentences.headlines import FEWEST, MOST, headlines
from cx_kpi.metrics.registry import HEADLINES, METRICS, PUBLIC
from cx_kpi.model.report import Reading
from cx_kpi.model.values import Better, Status, Unit
from cx_kpi.wording.language import Language

READING = Reading(
    "", "", Unit.COUNT, Better.HIGHER, 1.0, 9, None, "", "", "", "", None, None, None, None, None, None
)


def chosen(names):
    found = headlines(dict.fromkeys(names, READING), Language())
    return {each.title: each.metrics for each in found}


@given(st.sets(st.sampled_from(sorted(PUBLIC))))
def test_six_to_eight_or_all_there_are(names):
    shown = [name for each in chosen(names).values() for name in each]
    assert len(shown) == len(set(shown))
    assert set(shown) <= names
    assert min(len(names), FEWEST) <= len(shown) <= MOST


@given(st.sets(st.sampled_from(sorted(PUBLIC))))
def test_each_theme_leads_with_its_first(names):
    found = chosen(names)
    for theme, title in HEADLINES.items():
        there = [n for n in names if METRICS[n].headline and METRICS[n].headline.title == theme]
        first = min(there, key=lambda name: METRICS[name].headline.rank, default=None)
        assert found.get(title, [None])[0] in {first, *(n for n in there if _rank(n) == _rank(first))}


def _rank(name):
    return METRICS[name].headline.rank


def test_only_two_clocks_of_one_wait_share_a_rank():
    for theme in HEADLINES:
        shown = [m for m in METRICS.values() if m.headline and m.headline.title == theme and not m.twin_of]
        assert sorted(m.headline.rank for m in shown) == [*range(1, len(shown) + 1)]


def test_the_whole_company():
    assert chosen(name for name in PUBLIC if not METRICS[name].twin_of) == {
        "Customers": ["csat", "nps", "retention_rate"],
        "Speed": ["first_response_within_target", "resolution_time", "backlog"],
        "Complaints and cost": ["complaint_within_target", "cost_per_complaint"],
    }


def test_a_figure_under_its_twin_and_one_that_is_no_number_are_none():
    under = replace(READING, twin_of="resolution_time_business")
    nothing = replace(READING, value=None)
    readings = {"resolution_time": under, "resolution_time_business": READING, "csat": nothing}
    (only,) = headlines(readings, Language())
    assert only.metrics == ["resolution_time_business"]


@given(st.sets(st.sampled_from(sorted(PUBLIC))))
def test_a_metric_of_ones_own_that_missed_its_target_is_among_the_first(names):
    missed = replace(READING, status=Status.MISSED)
    own = {"ours": missed, "fine": READING, "second": missed}
    found = headlines(dict.fromkeys(names, READING) | own, Language())
    shown = [name for each in found for name in each.metrics]
    assert {"ours", "second"} <= set(shown)
    assert len(shown) == len(set(shown)) <= MOST


def test_those_of_ones_own_leave_two_of_each_theme():
    missed = replace(READING, status=Status.MISSED)
    ours = [name for name in PUBLIC if not METRICS[name].twin_of]
    for own in ({"one": missed}, {"one": missed, "two": missed}, dict.fromkeys("abcd", missed)):
        found = headlines(dict.fromkeys(ours, READING) | own, Language())
        assert [len(each.metrics) for each in found] == [2, 2, 2, min(len(own), 2)]
