"""Ids that are spelt in two ways: which way is the usual one, told at once where all are alike."""

from unittest import mock

import polars as pl
from hypothesis import example, given
from hypothesis import strategies as st

from cx_kpi.normalise.dimensions import twin_ids
from cx_kpi.normalise.dimensions.twin_ids import usual_of

PARTS = (
    ("", "", "T-", "t-", "А", "7-", "#"),
    ("1", "2", "12", "07", "007", "100"),
    ("", "", ".0", ".00", ".5", "x"),
)
IDS = st.builds("{}{}{}".format, *map(st.sampled_from, PARTS))
some = st.lists(IDS, max_size=4) | IDS.flatmap(
    lambda one: st.lists(st.sampled_from([one, one + "1"]), max_size=4)
)


@given(some)
@example(["1001.5", "1001.0", "1001.5"])  # alike, but for what is a number here
@example(["T-1", "T-2", "3"])
def test_what_is_told_at_once_is_what_looking_closely_tells(ids):
    texts = pl.DataFrame({"ticket_id": ids}, {"ticket_id": pl.String})
    with mock.patch.object(twin_ids, "_are_alike", return_value=pl.lit(value=False)):
        expected = usual_of(texts)
    assert usual_of(texts) == expected


def test_ids_of_one_way_have_no_other_and_zeros_before_some_tell_the_usual_way():
    assert usual_of(pl.DataFrame({"ticket_id": ["T-7", "T-8"]})) is None
    assert usual_of(pl.DataFrame({"ticket_id": ["07", "08", "7"]})).digits == 2
