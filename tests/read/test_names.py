"""Column names."""

from hypothesis import given
from hypothesis import strategies as st

from cx_kpi.read.raw.column_names import unique


def test_worked_cases() -> None:
    assert unique(["\ufeffId ", "Name", "", "Name", "Name (2)", " "]) == (
        "Id",
        "Name",
        "column_3",
        "Name (3)",
        "Name (2)",
        "column_6",
    )


@given(st.lists(st.sampled_from(["a", " a", "a (2)", "", "column_1", "column_2", "b"])))
def test_names_are_unique_filled_and_stable(headers: list[str]) -> None:
    names = unique(headers)
    assert len(set(names)) == len(headers)
    assert all(name == name.strip() != "" for name in names)
    assert unique(names) == names
    assert all(name in names for name in {header.strip() for header in headers} - {""})
