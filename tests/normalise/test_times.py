"""Dates in text: one instant, whatever it is written like."""

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cx_kpi.model.options import Config
from cx_kpi.normalise.values.cell_shapes import format_hint
from cx_kpi.normalise.values.date_formats import (
    format_of,
    formats,
    is_zoned,
    localise,
    month_first,
    number_dates,
    parse_any,
    without_offset,
)
from cx_kpi.normalise.values.date_words import cleaned

from .frames import codes, tables, text_frame, tickets, typed_frame

MOMENTS = st.datetimes(datetime(1972, 1, 1), datetime(2060, 1, 1)).map(
    lambda at: at.replace(second=0, microsecond=0, fold=0)
)
WRITTEN = [
    "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%d %H:%M:%S UTC", "%Y/%m/%d %H:%M", "%d.%m.%Y %H:%M",
    "%d/%m/%Y %H:%M:%S", "%d-%m-%Y %H:%M", "%d/%b/%y %I:%M %p", "%d %b %Y %I:%M %p", "%d %B %Y %H:%M",
    "%B %d, %Y %H:%M", "%b %d, %Y, %I:%M %p", "%Y%m%d %H:%M", "%Y-%m-%dT%H:%M:%S+00:00",
    "%Y-%m-%d %H:%M:%S.000", "%a, %d %b %Y %H:%M:%S +0000", "%d.%m.%y %H:%M",
]  # fmt: skip
ZONES = [
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "Africa/Casablanca",
    "Europe/Moscow",
]


def read(cell: str, zone: str = "UTC") -> datetime | None:
    found = formats([cell])
    return parse_any(pl.Series([cleaned(cell)]), found, zone)[0]


@given(MOMENTS, st.sampled_from(WRITTEN), st.booleans())
def test_every_format_reads_back(moment: datetime, directives: str, padded: bool) -> None:
    cell = moment.strftime(directives)
    cell = cell if padded or "%y" in directives else re.sub(r"(?<![\d:.+])0(?=\d)", "", cell)
    assert read(cell) == moment.replace(tzinfo=UTC)


@given(MOMENTS, st.sampled_from(["s", "ms", "us", "ns"]))
def test_seconds_since_1970_read_back(moment: datetime, unit: str) -> None:
    moment = max(moment, datetime(2002, 1, 1))  # ten digits
    number = (
        int(moment.replace(tzinfo=UTC).timestamp()) * {"s": 1, "ms": 1_000, "us": 10**6, "ns": 10**9}[unit]
    )
    assert format_of(str(number)) == f"epoch:{unit}"
    assert read(str(number)) == moment.replace(tzinfo=UTC)


@given(MOMENTS, st.sampled_from(ZONES))
def test_a_zone_is_read_as_python_reads_it(moment: datetime, zone: str) -> None:
    """`fold=0` is the same rule: the earlier of two, and the offset before a gap."""
    read_at = pl.select(localise(pl.lit(moment, pl.Datetime("us")), zone)).item()
    assert read_at == moment.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


@pytest.mark.parametrize(
    ("zone", "wall", "instant"),
    [
        ("Europe/Berlin", "2026-03-29 02:30", "2026-03-29 01:30"),  # skipped: 02:30 is 03:30 summer time
        ("Europe/Berlin", "2026-10-25 02:30", "2026-10-25 00:30"),  # twice: the earlier
        ("America/New_York", "2026-03-08 02:30", "2026-03-08 07:30"),
        ("Australia/Lord_Howe", "2026-10-04 02:15", "2026-10-03 15:45"),  # a change of half an hour
        ("Pacific/Apia", "2011-12-30 12:00", "2011-12-30 22:00"),  # a day that never was
        ("Africa/Casablanca", "2026-02-15 02:30", "2026-02-15 01:30"),
    ],
)
def test_changes_of_the_clock_by_hand(zone: str, wall: str, instant: str) -> None:
    assert read(wall, zone) == datetime.fromisoformat(instant).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("cell", "instant"),
    [
        ("8 июля 2026 10:30", "2026-07-08 10:30"),
        ("18/jul/26 9:10 AM", "2026-07-18 09:10"),
        ("28/Nov/25 5:03 PM", "2025-11-28 17:03"),
        ("1 mars 2026", "2026-03-01 00:00"),
        ("5 января 2026 г., 14:03", "2026-01-05 14:03"),
        ("5 января 2026 г. в 14:03", "2026-01-05 14:03"),
        ("05.янв.2026 14:03", "2026-01-05 14:03"),
        ("5. März 2026 14:03", "2026-03-05 14:03"),
        ("5 de enero de 2026 14:03", "2026-01-05 14:03"),
        ("5/3/2026 14h03", "2026-03-05 14:03"),
        ("14:03 05.01.2026", "2026-01-05 14:03"),
        ("Mon Jan 5 14:03:09 2026", "2026-01-05 14:03:09"),
        ("20260105140309", "2026-01-05 14:03:09"),
        ("20260105T140309Z", "2026-01-05 14:03:09"),
        ("2026-01-05 14:03:00 GMT+8", "2026-01-05 06:03"),
        ("2026-01-05 14:03:00 UTC-03:30", "2026-01-05 17:33"),
        ("2026-01-05T14:03:00+01:00[Europe/Paris]", "2026-01-05 13:03"),
        ("'2025-03-04 10:11", "2025-03-04 10:11"),
        ("  2025-03-04   10:11 ", "2025-03-04 10:11"),
        ("2025-03-04T10:11:12.5+03:00", "2025-03-04 07:11:12.500000"),
        ("2025-03-04 10:11:12 +03", "2025-03-04 07:11:12"),
    ],
)
def test_what_exports_hold(cell: str, instant: str) -> None:
    assert read(cell) == datetime.fromisoformat(instant).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    "cell", ["", "never", "12345", "2025-13-40", "2025-03-04 25:61", "3/2025", "10:30", "2025"]
)
def test_what_is_no_date_is_no_date(cell: str) -> None:
    assert read(cell) is None


def test_an_offset_beats_the_zone_of_the_report() -> None:
    assert is_zoned("%Y-%m-%dT%H:%M:%S%#z")
    assert read("2025-03-04T10:00:00Z", "Asia/Tokyo") == datetime(2025, 3, 4, 10, tzinfo=UTC)
    assert read("2025-03-04T10:00:00", "Asia/Tokyo") == datetime(2025, 3, 4, 1, tzinfo=UTC)


def test_month_first_is_only_for_what_can_be_either() -> None:
    assert month_first("%d/%m/%Y %H:%M") == "%m/%d/%Y %H:%M"
    assert month_first("%Y-%m-%d") == "%Y-%m-%d"
    assert month_first("%d/%B/%y") == "%d/%B/%y"


DAYS = [datetime(2026, 1, 1) + timedelta(days=17 * k, hours=k) for k in range(20)]


@given(
    st.permutations(DAYS),
    st.sampled_from(["%d/%m/%Y %H:%M", "%m/%d/%Y %H:%M", "%Y-%m-%d %H:%M:%S", "%d.%m.%Y %H:%M"]),
)
def test_one_day_after_the_12th_settles_the_whole_column(days: list[datetime], directives: str) -> None:
    loaded = tickets({"created_at": [day.strftime(directives) for day in days]})
    assert loaded.frame["created_at"].to_list() == [day.replace(tzinfo=UTC) for day in days]
    assert not loaded.notices


@pytest.mark.parametrize("directives", ["%d/%m/%Y", "%m/%d/%Y"])
def test_the_day_that_settles_it_may_lie_behind_the_sample(directives: str) -> None:
    days = [datetime(2026, 2, 3)] * 1500 + [datetime(2026, 2, 27)]
    whole = pl.DataFrame(
        {"ticket_id": [str(k) for k in range(1501)], "created_at": [day.strftime(directives) for day in days]}
    )
    loaded = tables(typed_frame(whole))["tickets"]
    assert loaded.frame["created_at"].to_list() == [day.replace(tzinfo=UTC) for day in days]


@pytest.mark.parametrize("directives", ["%a, %d/%m/%Y %H:%M", "%a, %m/%d/%Y %H:%M", "%H:%M %d-%m-%Y"])
def test_a_day_settles_it_in_a_format_that_has_to_be_put_plainly_first(directives: str) -> None:
    loaded = tickets({"created_at": [day.strftime(directives) for day in DAYS]})
    assert loaded.frame["created_at"].to_list() == [day.replace(tzinfo=UTC) for day in DAYS]
    assert not loaded.notices


def test_one_column_settles_it_for_the_others() -> None:
    loaded = tickets({"created_at": ["03/04/2026"], "solved_at": ["04/13/2026"]})
    assert loaded.frame["created_at"].to_list() == [datetime(2026, 3, 4, tzinfo=UTC)]


@pytest.mark.parametrize("other", ["closed_at", "Something else"])
def test_so_does_a_column_that_no_metric_wants(other: str) -> None:
    loaded = tickets({"created_at": ["03/04/2026"], other: ["04/13/2026"]})
    assert loaded.frame["created_at"].to_list() == [datetime(2026, 3, 4, tzinfo=UTC)]
    assert ("ambiguous_dates", "created_at") not in codes(loaded)


def test_between_dots_the_day_comes_first_unless_a_date_says_otherwise() -> None:
    loaded = tickets({"created_at": ["03.04.2026 10:00 AM"]})
    assert loaded.frame["created_at"].to_list() == [datetime(2026, 4, 3, 10, tzinfo=UTC)]
    assert not loaded.notices
    american = tickets({"created_at": ["03.04.2026", "03.13.2026"]})
    assert american.frame["created_at"].to_list() == [datetime(2026, 3, day, tzinfo=UTC) for day in (4, 13)]


def test_the_example_is_a_date_that_can_be_read_either_way() -> None:
    assert not tickets({"created_at": ["3 марта 2026 10:15"]}).notices
    loaded = tickets({"created_at": ["3 марта 2026 10:15", "4/5/2026 10:15"]})
    told = {each.code: each.example for each in loaded.notices}
    assert told["ambiguous_dates"] == "4/5/2026 10:15"


def test_where_nothing_settles_it_the_rule_does_and_is_told() -> None:
    loaded = tickets({"created_at": ["03/04/2026 10:00"]})
    assert loaded.frame["created_at"].to_list() == [datetime(2026, 4, 3, 10, tzinfo=UTC)]
    assert ("ambiguous_dates", "created_at") in codes(loaded)
    american = tickets({"created_at": ["03/04/2026 10:00 AM"]})
    assert american.frame["created_at"].to_list() == [datetime(2026, 3, 4, 10, tzinfo=UTC)]


@pytest.mark.parametrize(("dayfirst", "month"), [(True, 4), (False, 3)])
def test_the_configuration_settles_it(dayfirst: bool, month: int) -> None:
    cells = {"ticket_id": ["1"], "created_at": ["03/04/2026"]}
    loaded = tables(text_frame(cells), config=Config(dayfirst=dayfirst))["tickets"]
    assert loaded.frame["created_at"][0].month == month
    assert not loaded.notices


def test_several_formats_in_one_column_are_read_and_the_rest_counted() -> None:
    cells = [
        "2026-01-02 10:00:00",
        "2026-01-03",
        "2026-01-04T10:00:00Z",
        "05.01.2026 10:00",
        "soon",
        "N/A",
        "no",
        None,
    ]
    loaded = tickets({"solved_at": cells, "created_at": ["2026-01-01"] * 8})
    solved = loaded.frame["solved_at"]
    assert [at.day if at else None for at in solved] == [2, 3, 4, 5, None, None, None, None]
    assert codes(loaded)["unreadable", "solved_at"] == 1


@pytest.mark.parametrize(
    "never",
    [
        *("1900-01-01 00:00:00", "1970-01-01", "1970-12-30", "0001-01-01", "01/01/1900"),
        *("9999-12-31", "2200-01-01T00:00:00Z"),
    ],
)
def test_dates_that_mean_never_are_empty_and_counted(never: str) -> None:
    loaded = tickets(
        {"solved_at": ["2026-03-13", never, None], "created_at": ["2026-03-01"] * 3},
        timezone="America/New_York",
    )
    assert loaded.frame["solved_at"].null_count() == 2
    assert codes(loaded)["sentinel_date", "solved_at"] == 1
    told = next(each for each in loaded.notices if each.code == "sentinel_date")
    assert told.example in (never.removesuffix(" 00:00:00"), "1900-01-01", "2199-12-31 19:00:00")


@pytest.mark.parametrize(
    ("fraction", "directives"),
    [(".250", ".%3f"), (".250000", ".%6f"), (".250000000", ".%9f"), (".2500", "%.f")],
)
def test_fractions_of_a_second_have_the_format_of_their_length(fraction: str, directives: str) -> None:
    assert format_of(f"2026-04-01 10:00:00{fraction}Z") == f"%Y-%m-%d %H:%M:%S{directives}Z"


def test_offsets_are_spelt_out_where_all_cells_are_in_utc():
    whole, mixed = (
        pl.Series(["2026-01-01T00:00:00Z", f"2026-01-01T00:00:00{end}"]) for end in ("Z", "+01:00")
    )
    assert without_offset("%Y-%m-%dT%H:%M:%S%#z", whole) == "%Y-%m-%dT%H:%M:%SZ"
    assert without_offset("%Y-%m-%dT%H:%M:%S%#z", mixed) == "%Y-%m-%dT%H:%M:%S%#z"
    assert without_offset("%Y-%m-%d", whole) == "%Y-%m-%d"


@pytest.mark.parametrize(
    ("cell", "directives"),
    [
        ("2026|03|31 10h15", "%Y|%m|%d %H:%M"),
        ("31~12~2026", "%d~%m~%Y"),
        ("31~12~26", "%d~%m~%y"),
        ("31~Dec~26", "%d~%B~%y"),
        ("31~12~2026 10:15 PM", "%d~%m~%Y %I:%M %p"),
        ("31~12~2026 10:15:30 +03:00", "%d~%m~%Y %H:%M:%S %z"),
        ("31~12~2026 22:15+0300", "%d~%m~%Y %H:%M%z"),
        ("12~31~2026", "%m~%d~%Y"),
        ("11~12~2026", "%d~%m~%Y"),
        ("12~13~26", "%m~%d~%y"),
        ("2026~12~31", "%Y~%m~%d"),
        ("1900~05~06", "%Y~%m~%d"),
        ("05~06~2026", "%d~%m~%Y"),
        ("2026~05", None),
        ("10:15", None),
        ("week 3 2026", None),
        ("2026/13/45", None),
    ],
)
def test_the_format_of_an_odd_date_is_a_hint_where_it_holds_a_whole_one(cell, directives):
    assert format_hint(cell) == directives


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        ([45_000.0, 45_001.5], "serial"),
        (["45000", "45001.5", None], "serial"),
        (["1767258000", "1767258600"], "epoch:s"),
        (["1767258000000"], "epoch:ms"),
        (["1767258000", "1767258600000"], None),
        ([3, 4], None),
        (["2026-01-01"], None),
    ],
)
def test_numbers_that_may_be_dates_are_all_of_one_kind(cells, kind):
    assert number_dates(pl.Series(cells)) == kind


@pytest.mark.parametrize("end", ["+00:00", " +0000", "Z", ".250Z", ".250000+00:00", ".25 UTC", ""])
def test_cells_in_utc_are_read_as_such_beside_others(end: str) -> None:
    cells = [f"2026-01-15 10:00:00{end}"] * 1000 + ["2026-01-15 10:00:00+03:00"]
    whole = pl.DataFrame({"ticket_id": [str(k) for k in range(1001)], "created_at": cells})
    at = tables(typed_frame(whole))["tickets"].frame["created_at"]
    assert at[0].replace(microsecond=0) == datetime(2026, 1, 15, 10, tzinfo=UTC)
    assert at[0].microsecond == (250_000 if "25" in end else 0)
    assert at[1000] == datetime(2026, 1, 15, 7, tzinfo=UTC)


def test_the_zone_of_a_header_beats_the_zone_of_the_report() -> None:
    cells = {"ticket_id": ["1"], "Created at (America/New_York)": ["2026-01-15 10:00:00"]}
    loaded = tables(text_frame(cells), timezone="Europe/Moscow")["tickets"]
    assert loaded.frame["created_at"][0] == datetime(2026, 1, 15, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    "dtype",
    [pl.Datetime("ns"), pl.Datetime("ms", "Europe/Moscow"), pl.Datetime("us", "UTC"), pl.Int64],
)
def test_typed_columns_are_the_same_instants(dtype: pl.DataType) -> None:
    at = datetime(2026, 1, 15, 10, tzinfo=UTC)
    column = pl.Series([at]).dt.cast_time_unit("us")
    if dtype == pl.Int64:
        cells = column.dt.epoch("s")
    elif getattr(dtype, "time_zone", None):
        cells = column.dt.convert_time_zone(dtype.time_zone).cast(dtype)
    else:
        cells = column.dt.replace_time_zone(None).cast(dtype)
    loaded = tables(typed_frame(pl.DataFrame({"ticket_id": [1], "created_at": cells})))["tickets"]
    assert loaded.frame["created_at"].to_list() == [at]
    assert loaded.frame.schema["created_at"] == pl.Datetime("us", "UTC")


@pytest.mark.parametrize("typed", [False, True])
def test_a_date_decades_from_the_others_counts_as_empty(typed: bool) -> None:
    days = [datetime(2025, 1 + k % 12, 1 + k % 28, 10) for k in range(200)]
    ends = [*days[:-1], datetime(2089, 3, 1)]
    stamps = {"ticket_id": [str(k) for k in range(200)], "created_at": days, "solved_at": ends}
    whole = pl.DataFrame(stamps)
    texts = whole.with_columns(pl.col("created_at", "solved_at").dt.to_string("%Y-%m-%d %H:%M:%S"))
    loaded = tables(typed_frame(whole if typed else texts))["tickets"]
    assert loaded.frame["solved_at"].null_count() == 1
    assert codes(loaded)["far_date", "solved_at"] == 1
    assert loaded.frame["solved_at"].max().year == 2025


def test_many_dates_decades_from_the_others_are_no_slips() -> None:
    days = [datetime(1975 if k % 10 == 0 else 2030, 1, 1 + k % 28) for k in range(200)]
    whole = pl.DataFrame({"ticket_id": [str(k) for k in range(200)], "created_at": days})
    assert tables(typed_frame(whole))["tickets"].frame["created_at"].null_count() == 0
