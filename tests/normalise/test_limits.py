"""Where the reading of values ends: the last date, the longest time, how many odd cells are too many."""

from datetime import datetime, timedelta

import polars as pl
import pytest

from cx_kpi.model.options import TableConfig
from cx_kpi.normalise.values.answers import parse_answers
from cx_kpi.normalise.values.readers.read_words import flags
from cx_kpi.normalise.vocabulary.rules import Rule

from .frames import codes, tables, text_frame, tickets, typed_frame


@pytest.mark.parametrize(
    ("cell", "counts"),
    [
        *(("1970-12-31 23:59:59", False), ("1971-01-01 00:00:00", True)),
        *(("2199-12-31 23:59:59", True), ("2200-01-01 00:00:00", False)),
    ],
)
def test_dates_count_from_1971_to_2199(cell: str, counts: bool) -> None:
    loaded = tickets({"created_at": ["1971-01-01", "2199-12-31"], "solved_at": [cell, None]})
    assert loaded.frame["solved_at"].null_count() == (1 if counts else 2)


@pytest.mark.parametrize(("cell", "counts"), [("7199999999.5", True), ("7200000000", False)])
def test_no_time_is_longer_than_dates_can_be_apart(cell: str, counts: bool) -> None:
    loaded = tickets({"handle_time_sec": [cell, "60"]})
    assert loaded.frame["handle_seconds"].to_list() == [float(cell) if counts else None, 60]
    assert codes(loaded) == ({} if counts else {("not_finite", "handle_seconds"): 1})


@pytest.mark.parametrize(
    ("far", "year", "empty"),
    [(1, 1972, 1), (2, 1972, 0), (1, 2090, 1), (2, 2090, 2), (50, 2090, 50), (51, 2090, 0)],
)
def test_how_many_dates_may_be_far_from_the_others(far: int, year: int, empty: int) -> None:
    days = [datetime(2025, 1, 1) + timedelta(k) for k in range(100 - far)]
    days += [datetime(year, 1, 1) + timedelta(k) for k in range(far)]
    frame = pl.DataFrame({"ticket_id": range(100), "created_at": days, "solved_at": days})
    loaded = tables(typed_frame(frame.with_columns(created_at=pl.lit(datetime(1972, 1, 1)))))["tickets"]
    assert loaded.frame["solved_at"].null_count() == empty


@pytest.mark.parametrize(("odd", "read"), [(1, 4), (2, 3), (3, 0)])
def test_answers_count_where_at_least_half_can_be_read(odd: int, read: int) -> None:
    cells = ["5", "4", "5", "4", "5"]
    cells[:odd] = ["plum", "pear", "fig"][:odd]
    answers = tables(
        text_frame({"survey_id": range(5), "responded_at": ["2026-03-02 10:00:00"] * 5, "csat_score": cells})
    )["surveys"]
    assert answers.frame["score"].count() == read
    assert codes(answers)["unknown_word" if read else "mostly_unread", "csat_score"] == odd


@pytest.mark.parametrize(("yes", "no"), [(True, False), (1, 0), (1.0, 0.0), ("true", "false")])
def test_words_mean_yes_and_no_however_the_configuration_writes_it(yes: object, no: object) -> None:
    rule = Rule("handed on", values={"y": yes, "n": no})  # type: ignore[dict-item]
    assert flags(pl.Series(["Y", "n", "perhaps"]), rule).to_list() == [True, False, None]


def test_a_number_too_large_for_a_date_is_none() -> None:
    stamps = {"ticket_id": [1, 2], "created_at": [1.7e9] * 2, "solved_at": [1.7e9, -1e30]}
    loaded = tables(typed_frame(pl.DataFrame(stamps)))["tickets"]
    assert loaded.frame["solved_at"].to_list() == [loaded.frame["created_at"][0], None]


@pytest.mark.parametrize(("spans", "proved"), [((183.5, 183.5), True), ((184.0, 184.0), False)])
def test_a_unit_is_proved_within_a_minute_and_a_fiftieth(spans: tuple[float, ...], proved: bool) -> None:
    """Two minutes may be 183.6 seconds: 60 more, and 2 % of the span."""
    start = datetime(2026, 3, 2, 10)
    frame = pl.DataFrame(
        {
            "ticket_id": [1, 2],
            "created_at": [start] * 2,
            "closed_at": [start + timedelta(seconds=each) for each in spans],
            "resolution time": [2.0, 2.0],
        }
    )
    loaded = tables(typed_frame(frame))["tickets"]
    assert (("unit_unknown", "resolution_seconds") in codes(loaded)) is not proved


def test_seconds_of_hours_are_exact() -> None:
    ends = [f"2026-03-02 {hour}:00:00" for hour in (11, 12, 13)]
    loaded = tickets({"Resolution time": ["1", "2", "3"], "Closed at": ends})
    assert loaded.frame["resolution_seconds"].to_list() == [3600, 7200, 10_800]


def test_a_column_that_is_filled_or_not_is_yes_or_no() -> None:
    loaded = tickets({"Reopened at": ["2026-03-03 10:00:00", None, "n/a", ""]})
    assert loaded.frame["reopen_count"].to_list() == [1, 0, 0, 0]


def test_a_column_of_zeros_needs_no_unit() -> None:
    loaded = tickets({"Resolution time": ["0", "0"]})
    assert loaded.frame["resolution_seconds"].to_list() == [0, 0]
    assert ("unit_unknown", "resolution_seconds") not in codes(loaded)


def test_milliseconds_are_proved_by_dates_of_whole_seconds() -> None:
    ends = ["2026-03-02 10:00:02", "2026-03-02 10:00:02", "2026-03-02 10:00:03"]
    loaded = tickets({"Resolution time": ["1500", "2400", "2600"], "Closed at": ends})
    assert loaded.frame["resolution_seconds"].to_list() == pytest.approx([1.5, 2.4, 2.6])


def test_numbers_that_stand_for_others_are_read_as_these() -> None:
    said = TableConfig(values={"handle_seconds": {"99": 0}, "reply_count": {"99": 1}})
    loaded = tickets({"handle_time_sec": ["99", "5", "7"], "replies": ["99", "5", "7"]}, said)
    assert loaded.frame["handle_seconds"].to_list() == [0, 5, 7]
    assert loaded.frame["reply_count"].to_list() == [1, 5, 7]


@pytest.mark.parametrize("word", ["étoiles", "звезды", "stars"])
def test_stars_are_counted_in_words(word: str) -> None:
    scores = parse_answers(pl.Series([f"4 {word}"]), {})
    assert scores.struct.unnest().row(0)[0] == 4
