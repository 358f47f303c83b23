"""Where to look, and names of places on a page."""

import re
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from cx_kpi.model.report import Segment
from cx_kpi.model.values import Status, Target
from cx_kpi.render.elements.anchors import anchor, segment
from cx_kpi.render.view.hot_spots import spots
from cx_kpi.wording.units import words_of

from .company import company

PARTS = st.lists(st.none() | st.text(max_size=9), min_size=1, max_size=3)


@given(PARTS, PARTS)
def test_a_place_quotes_nothing_and_is_one_of_a_kind(some, others):
    places = [anchor("segment", *parts) for parts in (some, others)]
    assert all(re.fullmatch(r"segment(-[a-z0-9_]+)+", place) for place in places)
    assert (places[0] == places[1]) == (some == others)


def test_our_own_words_stay_readable():
    assert segment({"channel": "email"}) == "segment-channel-email"
    assert segment({"a": "b-c-d"}) != segment({"a": "b", "c": "d"})
    assert segment({"channel": None}) != segment({"channel": ""})


def missed(metric: str, channel: str, value: float, n: int) -> Segment:
    return Segment(
        metric, {"channel": channel}, value, n, None, Target(">=", 0.9), Status.MISSED, stands_out=True
    )


def test_of_the_segments_that_stand_out_the_worst_of_each_metric_once():
    report = replace(
        company(),
        segments=[
            missed("csat", "email", 0.85, 300),
            missed("csat", "chat", 0.3, 300),
            missed("resolution_within_target", "chat", 0.1, 9000),
            missed("first_response_within_target", "phone", 0.8, 5000),
            replace(missed("one_touch_rate", "web", 0.0, 9999), stands_out=False),
            replace(missed("complaints", "web", 0.0, 9999), status=Status.MET),
        ],
    )
    found = [(spot.metric, spot.anchor) for spot in spots(report, words_of(report))]
    assert found == [
        ("resolution_within_target", "segment-channel-chat"),
        ("first_response_within_target", "segment-channel-phone"),
        ("csat", "segment-channel-email"),
    ]
