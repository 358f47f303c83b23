"""Several columns of one name that are one field, and dates without times next to dates with them."""

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cx_kpi.model.options import Column, TableConfig
from cx_kpi.normalise.values.serial_dates import are_serials

from .frames import codes, tables, text_frame, tickets, typed_frame

REPEATED = {
    "Labels": ["promo", None, "-"],
    "Labels (2)": ["complaint", "refund", None],
    "Labels (3)": [None, "promo", None],
    "Comment": ["a;b;hello", "x", None],
    "Comment (2)": [None, "y", "n/a"],
}


def test_repeated_columns_are_joined_and_counted() -> None:
    config = TableConfig(columns={"reply_count": Column("Comment", present=True)})
    loaded = tickets(REPEATED, config)
    assert loaded.frame["tags"].to_list() == ["promo, complaint", "refund, promo", None]
    assert loaded.frame["reply_count"].to_list() == [1, 2, 0]
    assert loaded.frame["is_complaint"].to_list() == [True, False, False]
    assert loaded.sources[0].columns["tags"] == "Labels"


def test_a_repeated_column_of_another_field_is_its_first() -> None:
    loaded = tickets({"Team": ["a", "b"], "Team (2)": ["c", "d"]})
    assert loaded.frame["team"].to_list() == ["a", "b"]


SECONDS = st.integers(0, 40 * 365 * 86_400)


@given(st.lists(SECONDS, min_size=1, max_size=5), st.sampled_from([".", ","]), st.booleans())
def test_days_since_1899_read_back(seconds: list[int], point: str, typed: bool) -> None:
    moments = [datetime(1990, 1, 1, tzinfo=UTC) + timedelta(seconds=each) for each in seconds]
    serials = [(each - datetime(1899, 12, 30, tzinfo=UTC)) / timedelta(days=1) for each in moments]
    cells = serials if typed else [str(each).replace(".", point) for each in serials]
    frame = {"ticket_id": [str(place) for place in range(len(cells))], "created_at": cells}
    file = typed_frame(pl.DataFrame(frame)) if typed else text_frame(frame)
    assert tables(file)["tickets"].frame["created_at"].to_list() == moments


def test_noon_on_new_years_day() -> None:
    loaded = tickets({"created_at": ["44927.5", "NULL"]}, timezone="Europe/Moscow")
    assert loaded.frame["created_at"].to_list() == [datetime(2023, 1, 1, 9, tzinfo=UTC)]
    assert codes(loaded)["excluded", "incomplete"] == 1


@pytest.mark.parametrize("other", ["2026-03-01", "12", "99999", "x"])
def test_numbers_among_other_cells_are_no_dates(other: str) -> None:
    assert not are_serials(pl.Series(["44927.5", other]))


def test_a_solution_on_the_day_of_creation_is_not_before_it() -> None:
    loaded = tickets(
        {
            "created_at": ["2026-03-02 10:00", "2026-03-02 10:00", "2026-03-02 10:00"],
            "solved_at": ["2026-03-02", "2026-03-04", "2026-03-01"],
        },
        timezone="America/New_York",
    )
    assert loaded.frame["resolution_seconds"].to_list() == [0.0, 38 * 3600.0, None]
    told = codes(loaded)
    assert told["same_day", "solved_at"] == 1
    assert told["backward_wait", "solved_at"] == 1


def test_midnight_among_times_is_a_time() -> None:
    loaded = tickets({"solved_at": ["2026-03-02 00:00:00", "2026-03-04 09:00:00"]})
    assert codes(loaded)["backward_wait", "solved_at"] == 1
    assert ("same_day", "solved_at") not in codes(loaded)
