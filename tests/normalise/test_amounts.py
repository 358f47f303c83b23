"""Lengths of time and numbers in text."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cx_kpi.model.options import Column, TableConfig
from cx_kpi.normalise.values.durations import parse_durations
from cx_kpi.normalise.values.quantities import groups, parse_numbers

from .frames import codes, tickets

HOUR = 3600.0


@pytest.mark.parametrize(
    ("cell", "seconds"),
    [
        ("02:18:00", 8280), ("2:18", 8280), ("1.02:18:00", 94_680), ("320 минут", 19_200), ("1 h 20 m", 4800), ("21 час", 75_600),
        ("2 часа 5 мин", 7500), ("5", 18_000), ("1,5 ч", 5400), ("PT2H30M", 9000), ("P1DT2H", 93_600),
        ("3 d 4 h", 273_600), ("1 hora 20 minutos", 4800), ("1 day, 2:03:04", 93_784), ("53 segundos", 53),
        ("3 minutos", 180), ("0 days 00:05:00", 300), ("1500 ms", 1.5), ("1 hour and 5 minutes", 3900), ("0", 0),
        ("25,042", 90_151_200), ("-1:00:00", -3600), ("-3", -10_800),
    ],
)  # fmt: skip
def test_what_exports_hold(cell: str, seconds: float) -> None:
    assert parse_durations(pl.Series([cell]), HOUR).to_list() == [pytest.approx(seconds)]


@pytest.mark.parametrize("cell", ["soon", "5 apples", "1 h later", "12:", "", "3 d 4"])
def test_anything_else_is_no_length_of_time(cell: str) -> None:
    assert parse_durations(pl.Series([cell]), HOUR).to_list() == [None]


@given(st.integers(0, 400_000))
def test_a_clock_words_and_plain_seconds_say_the_same(seconds: int) -> None:
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    cells = [
        f"{hours}:{minutes:02}:{rest:02}", f"{hours} h {minutes} min {rest} s", f"{hours} ч. {minutes} мин. {rest} сек.",
        str(seconds), f"PT{hours}H{minutes}M{rest}S",
    ]  # fmt: skip
    assert parse_durations(pl.Series(cells), 1.0).to_list() == [pytest.approx(seconds)] * 5


def test_two_parts_are_minutes_and_seconds_beside_minutes() -> None:
    assert parse_durations(pl.Series(["2:18"]), 60.0).to_list() == [138]


@pytest.mark.parametrize(
    ("header", "factor"),
    [
        ("First response time (in hrs)", 3600), ("Response_Time_Hours", 3600), ("first response seconds", 1),
        ("Время первого ответа, мин", 60), ("Время первого ответа (мин)", 60), ("frt_ms", 0.001),
        ("firstResponseTimeSec", 1), ("First reply time in minutes", 60), ("First response time [days]", 86_400),
    ],
)  # fmt: skip
def test_the_header_says_the_unit(header: str, factor: float) -> None:
    loaded = tickets({header: ["90", "10", None]})
    assert loaded.frame["first_response_seconds"].to_list() == [
        pytest.approx(90 * factor),
        pytest.approx(10 * factor),
        None,
    ]
    assert not loaded.notices


def test_a_clock_in_a_column_of_hours_is_a_clock() -> None:
    loaded = tickets({"First response time (in hrs)": ["02:18:00", "00:00:30"]})
    assert loaded.frame["first_response_seconds"].to_list() == [8280, 30]


def test_numbers_of_an_unsaid_unit_are_left_out_and_told() -> None:
    loaded = tickets({"First response time": ["90"]})
    assert ("unit_unknown", "first_response_seconds") in codes(loaded)
    assert "first_response_seconds" not in loaded.fields
    said = TableConfig(columns={"first_response_seconds": Column("First response time", unit="minutes")})
    loaded = tickets({"First response time": ["90"]}, said)
    assert loaded.frame["first_response_seconds"].to_list() == [5400]
    assert not loaded.notices


@pytest.mark.parametrize(
    ("cells", "seconds"), [(["60", "120"], 60.0), (["1", "2"], 3600.0), (["3600", "7200"], 1.0)]
)
def test_two_dates_of_a_row_prove_a_unit(cells: list[str], seconds: float) -> None:
    loaded = tickets({"Resolution time": cells, "Closed at": ["2026-03-02 11:00:00", "2026-03-02 12:00:00"]})
    assert loaded.frame["resolution_seconds"].to_list() == [float(cell) * seconds for cell in cells]
    assert ("unit_unknown", "resolution_seconds") not in codes(loaded)


def test_dates_that_say_something_else_prove_nothing() -> None:
    loaded = tickets(
        {"Resolution time": ["7", "90"], "Closed at": ["2026-03-02 11:00:00", "2026-03-02 12:00:00"]}
    )
    assert ("unit_unknown", "resolution_seconds") in codes(loaded)


@pytest.mark.parametrize("other", [None, "n/a", "?"])
def test_numbers_beside_empty_cells_are_told_as_of_an_unsaid_unit(other: str | None) -> None:
    told = next(each for each in tickets({"Time to first reply": ["90", other, "5"]}).notices)
    assert told.code == "unit_unknown"


def test_dates_cut_to_the_minute_prove_a_clock_of_seconds() -> None:
    clocks, ends = ["1:20", "2:40", "1:05"], [f"2026-03-02 10:0{minute}:00" for minute in (2, 3, 2)]
    loaded = tickets({"Resolution time": clocks, "Closed at": ends})
    assert loaded.frame["resolution_seconds"].to_list() == [80, 160, 65]


def test_negative_lengths_are_empty_and_counted() -> None:
    loaded = tickets({"handle_time_min": ["-5", "0", "7"]})
    assert loaded.frame["handle_seconds"].to_list() == [None, 0, 420]
    assert codes(loaded) == {("negative_duration", "handle_seconds"): 1}


@given(st.floats(-1e9, 1e9).map(lambda number: round(number, 2)))
def test_numbers_read_back_in_any_dress(number: float) -> None:
    plain = f"{number:.2f}"
    grouped = f"{number:,.2f}"
    european = grouped.translate(str.maketrans(",.", ".,"))
    spaced = grouped.replace(",", "\u00a0").replace(".", ",")
    assert (
        parse_numbers(pl.Series([plain, european, spaced, f"'{plain}", f"$ {plain}"])).to_list()
        == [pytest.approx(number)] * 5
    )
    assert parse_numbers(pl.Series([grouped])).to_list() == [pytest.approx(number)]


def test_a_comma_before_three_digits_follows_the_column() -> None:
    assert parse_numbers(pl.Series(["1,234"])).to_list() == [1234]
    assert parse_numbers(pl.Series(["1,234", "2,5"])).to_list() == [1.234, 2.5]
    assert parse_numbers(pl.Series(["1.234", "2,5"])).to_list() == [1234, 2.5]
    assert parse_numbers(pl.Series(["1.234", "1.234.567"])).to_list() == [1234, 1_234_567]
    assert parse_numbers(pl.Series(["1.234", "2.5"])).to_list() == [1.234, 2.5]
    assert parse_numbers(pl.Series(["3,87,16,91,111"])).to_list() == [None]


def test_five_different_cells_with_a_sign_between_three_digits_are_several() -> None:
    cells = pl.Series([f"{number}.234" for number in range(1, 6)])
    told = [groups(cells.head(most)) for most in (4, 5)]
    assert [each and each.several for each in told] == [False, True]


def test_what_is_no_number_is_counted() -> None:
    loaded = tickets(
        {
            "cost": ["12.5", "1 234,5", "1e400", "much", "n/a", None],
            "replies": ["1", "2.0", "2.5", "-", "7", ""],
        }
    )
    assert loaded.frame["cost"].to_list() == [12.5, 1234.5, None, None, None, None]
    assert loaded.frame["reply_count"].to_list() == [1, 2, None, None, 7, None]
    assert codes(loaded) == {
        ("unreadable", "cost"): 1,
        ("not_finite", "cost"): 1,
        ("unreadable", "reply_count"): 1,
    }
