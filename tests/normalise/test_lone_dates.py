"""Single dates far behind all others: they are not taken for the end of the data, and are told."""

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cx_kpi.normalise.vocabulary.date_range import date_range

from .frames import tables, typed_frame

START = datetime(2026, 1, 1, 9, tzinfo=UTC)
LAST = START + timedelta(days=199)


def rows(**changed: dict[int, datetime]) -> pl.DataFrame:
    """Two hundred tickets, one a day, each solved on the same day; some dates are others."""
    created = [START + timedelta(days=n) for n in range(200)]
    columns = {"created_at": created, "solved_at": [each + timedelta(hours=5) for each in created]}
    for name, cells in changed.items():
        columns[name] = [cells.get(n, each) for n, each in enumerate(columns[name])]
    return pl.DataFrame({"ticket_id": [str(n) for n in range(200)], **columns})


def end(frame: pl.DataFrame) -> datetime:
    found = date_range("tickets", frame.with_columns(pl.col(pl.Datetime).dt.cast_time_unit("us")))
    assert found
    return found[1]


@pytest.mark.parametrize("column", ["created_at", "solved_at"])
@pytest.mark.parametrize("year", [2028, 2036, 2044])
@pytest.mark.parametrize("count", [1, 2])
def test_slips_of_the_year_do_not_move_the_end(column: str, year: int, count: int) -> None:
    slips = {190 + n: datetime(year, 3, 1 + n, tzinfo=UTC) for n in range(count)}
    loaded = tables(typed_frame(rows(**{column: slips})))["tickets"]
    assert end(loaded.frame) == LAST + timedelta(hours=5)
    (told,) = [each for each in loaded.notices if each.code == "lone_date"]
    assert (told.field, told.rows, told.example) == (column, count, f"{year}-03-01")
    named = tables(typed_frame(rows(**{column: slips})), as_of="2050-01-01")["tickets"]
    assert not [each for each in named.notices if each.code == "lone_date"]


def test_a_slip_of_one_year_in_what_begins() -> None:
    assert end(rows(created_at={195: LAST + timedelta(days=365)})) == LAST + timedelta(hours=5)


def test_a_late_solution_is_no_slip() -> None:
    late = LAST + timedelta(days=300)
    assert end(rows(solved_at={195: late})) == late


def test_more_of_them_are_the_data() -> None:
    again = {190 + n: datetime(2028, 3, 1 + n, tzinfo=UTC) for n in range(10)}
    assert end(rows(created_at=again)).year == 2028


def test_what_comes_once_in_two_years_has_no_silence() -> None:
    seldom = pl.DataFrame({"responded_at": [START.replace(year=2000 + 2 * n) for n in range(14)]})
    found = date_range("surveys", seldom.with_columns(pl.col("responded_at").dt.cast_time_unit("us")))
    assert found
    assert found[1].year == 2026


@pytest.mark.parametrize("share", [1, 10, 60, 199])
def test_a_moment_decades_away_stands_for_never(share: int) -> None:
    never = {n: datetime(2099, 12, 31, tzinfo=UTC) for n in range(share)}
    loaded = tables(typed_frame(rows(solved_at=never)))["tickets"]
    assert loaded.frame["solved_at"].null_count() == share
    assert end(loaded.frame) == LAST + timedelta(hours=5)
    assert {each.code for each in loaded.notices} & {"sentinel_date", "far_date"}


@given(st.lists(st.integers(0, 400), min_size=1, max_size=60))
def test_dense_dates_end_where_they_end(days: list[int]) -> None:
    """Without a silence, the end is the latest date, whatever the order."""
    dates = [START + timedelta(days=each % 180) for each in days]
    frame = pl.DataFrame({"created_at": dates}).with_columns(pl.col("created_at").dt.cast_time_unit("us"))
    assert end(frame) == max(dates)
