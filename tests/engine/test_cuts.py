"""Dimensions as codes, and segments as numbers, there and back."""

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from cx_kpi.engine.aggregation.cuts import encode, segments

words = st.one_of(st.none(), st.sampled_from(["b", "a", "", "ж", "A", "10", "9", "None"]))


@given(st.lists(st.tuples(words, words, st.one_of(st.none(), st.booleans())), max_size=40), st.booleans())
def test_codes_stand_for_the_values_in_their_order(rows, categorical):
    text = pl.Categorical if categorical else pl.String
    frame = pl.DataFrame(rows, {"one": text, "two": text, "three": pl.Boolean}, orient="row")
    coded, dimensions = encode(frame, ["one", "two", "three", "one"])
    for name, dimension in dimensions.items():
        plain = frame[name].cast(pl.String).to_list()
        assert [dimension.values[code] for code in coded[dimension.column]] == plain
        present = set(plain)
        assert list(dimension.values) == [*sorted(present - {None}), *([None] if None in present else [])]
        assert coded[dimension.column].dtype == pl.Int16


@given(st.lists(st.tuples(words, words), min_size=1, max_size=30))
def test_segments_there_and_back(rows):
    frame = pl.DataFrame(rows, {"one": pl.String, "two": pl.String}, orient="row")
    coded, dimensions = encode(frame, ["one", "two"])
    for cut in ((), ("one",), ("two", "one")):
        found = segments(cut, dimensions)
        every = found.all()
        assert len(every) == found.size == len(set(every))
        numbers = coded.select(pl.all(), n=found.code())["n"].to_list()
        for number, row in zip(numbers, frame.iter_rows(named=True), strict=True):
            values = tuple(row[name] for name in cut)
            assert every[number] == values
        assert [*found.decode(coded)] == [tuple(row[name] for name in cut) for row in frame.to_dicts()]


def test_categories_of_other_columns_do_not_get_in():
    pl.Series(["x", "y", "z"], dtype=pl.Categorical)
    frame = pl.DataFrame({"name": ["q", None]}, {"name": pl.Categorical})
    assert encode(frame, ["name"])[1]["name"].values == ("q", None)
