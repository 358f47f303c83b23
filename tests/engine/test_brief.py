"""What segments show is the figure of the whole without its table."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cx_kpi.metrics.registry import METRICS

NAMES = st.sampled_from([None, "chat", "email", "web"])
COUNTS = st.dictionaries(NAMES, st.integers(0, 5), max_size=4)
BRIEF = {
    metric.id: method.aggregation
    for metric in METRICS.values()
    for method in metric.methods
    if method.aggregation.brief
}


def without_table(figure):
    return replace(figure, details={name: told for name, told in figure.details.items() if name != "table"})


def test_which_are_brief():
    assert BRIEF.keys() >= {"channel_share", "preferred_channel", "complaint_density_by_channel"}


@pytest.mark.parametrize("name", BRIEF)
@given(counts=COUNTS)
def test_the_same_without_a_table(name, counts):
    aggregation = BRIEF[name]
    if aggregation.within:
        measured = [(value, dict.fromkeys(aggregation.measures, n)) for value, n in counts.items()]
    else:
        wins = {value: n for value, n in sorted(counts.items(), key=lambda each: -each[1]) if value and n}
        measured = {"wins": wins}
    assert without_table(aggregation.brief(measured)) == without_table(aggregation.finish(measured))
