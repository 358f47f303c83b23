"""Figures of others beside ours: which is theirs, and which is nearest."""

from types import SimpleNamespace

import pytest

from cx_kpi.judge.additions.rules_of_others import Theirs, tried
from cx_kpi.metrics.registry import PUBLIC


def report(**values):
    read = {name: SimpleNamespace(value=value, n=9, title=name) for name, value in values.items()}
    return SimpleNamespace(
        metrics=read, left_out=[SimpleNamespace(metric="none", by=None, why="no dates", title="None")]
    )


@pytest.mark.parametrize(
    ("value", "exact"), [(0.923, True), (0.9235, True), (0.92249, False), (0.9238, False)]
)
def test_a_figure_is_theirs_within_half_their_last_digit(value, exact):
    (found,) = tried(report(csat=value), PUBLIC["csat"], {"csat": "Ours"}, [], Theirs(0.923, 0.0005))
    assert (found.exact, found.n, found.title) == (exact, 9, "Ours")
    assert found.away == pytest.approx(abs(value - 0.923))


def test_the_nearest_comes_first_and_what_cannot_be_computed_last():
    ours = dict.fromkeys(("far", "none", "near"), "")
    found = tried(report(far=0.5, near=0.9), PUBLIC["csat"], ours, [], Theirs(0.923, 0.0005))
    assert [(each.id, each.why) for each in found] == [("near", ""), ("far", ""), ("none", "no dates")]
