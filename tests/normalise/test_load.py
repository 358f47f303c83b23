"""Loading: only what is wanted, once, and the same whatever holds it."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from itertools import cycle, islice
from typing import Any

import polars as pl
import pytest

from cx_kpi.model.errors import InputProblem
from cx_kpi.model.options import Options
from cx_kpi.normalise.choice.recognise import recognise
from cx_kpi.normalise.load import load
from cx_kpi.normalise.preset.presets import generic
from cx_kpi.normalise.vocabulary.notice_messages import MESSAGES
from cx_kpi.normalise.vocabulary.notices import again, notice
from cx_kpi.read.raw.source import TextFrame
from cx_kpi.wording.language import Language

from .frames import tables, text_frame, typed_frame

CELLS = {
    "ticket_id": ["1", "2", "3"],
    "created_at": ["2026-01-01 10:00:00", "2026-01-02 10:00:00", "2026-01-03 10:00:00"],
    "solved_at": ["2026-01-01 12:00:00", None, "2026-01-04 10:00:00"],
    "status": ["closed", "open", "solved"],
    "priority": ["1", "2", "2"],
    "is_complaint": ["true", "false", None],
    "reply_count": ["1", "0", "3"],
    "cost": ["1.5", None, "2.0"],
    "frt_min": ["1", "2", "3"],
    "satisfaction_score": ["5", None, "1"],
    "Region": ["North", "South", None],
}

ODD_TYPES = [
    pl.Series([True, None]),
    pl.Series([1, -1], dtype=pl.Int8),
    pl.Series([2**63 + 5, None], dtype=pl.UInt64),
    pl.Series([1, None], dtype=pl.Int128),
    pl.Series([float("nan"), float("inf")], dtype=pl.Float32),
    pl.Series([Decimal("1.5"), None]),
    pl.Series(["a", None], dtype=pl.Categorical),
    pl.Series(["a", None], dtype=pl.Enum(["a"])),
    pl.Series([date(2026, 1, 1), None]),
    pl.Series([datetime(2026, 1, 1), None], dtype=pl.Datetime("ns", "Asia/Tokyo")),
    pl.Series([timedelta(1), None]),
    pl.Series([time(1), None]),
    pl.Series([["a", "b"], None]),
    pl.Series([[1], None]),
    pl.Series([{"a": 1}, None]),
    pl.Series([b"\xff", None]),
    pl.Series([None, None]),
]


def test_text_stored_as_bytes_is_text_and_ids_of_bytes_stay_apart() -> None:
    typed = pl.DataFrame({"ticket_id": [b"A-1", b"\xff", b"\xfe"], "created_at": ["2026-01-05"] * 3})
    text = pl.DataFrame({"ticket_id": ["A-1", "ff", "fe"], "created_at": ["2026-01-05"] * 3})
    one, two = (tables(typed_frame(each, "export.csv"))["tickets"].frame for each in (typed, text))
    assert one.equals(two)


def test_text_and_types_give_the_same_tables() -> None:
    text = pl.DataFrame(CELLS)
    typed = text.with_columns(
        pl.col("ticket_id", "priority", "reply_count", "satisfaction_score").cast(pl.Int32),
        pl.col("created_at", "solved_at").str.to_datetime("%Y-%m-%d %H:%M:%S", time_unit="ms"),
        pl.col("status", "Region").cast(pl.Categorical),
        pl.col("is_complaint") == "true",
        pl.col("cost").cast(pl.Float32),
        pl.col("frt_min").cast(pl.Int64),
    )
    one, two = tables(text_frame(CELLS)), tables(typed_frame(typed, "export.csv"))
    assert one.keys() == two.keys()
    for name, table in one.items():
        assert table.frame.equals(two[name].frame)
        assert table.frame.schema == two[name].frame.schema
        assert (table.sources, table.notices) == (two[name].sources, two[name].notices)


@pytest.mark.parametrize("sample", [0, 1, 2])
def test_the_sample_only_guides(sample: int) -> None:
    """Cells the sample did not show are read with care, to the same values."""
    whole, guided = (
        typed_frame(pl.DataFrame(CELLS), sample=3),
        typed_frame(pl.DataFrame(CELLS), sample=sample),
    )
    assert (
        tables(whole)["tickets"]
        .frame.drop("first_response_at", "first_response_seconds")
        .equals(tables(guided)["tickets"].frame.drop("first_response_at", "first_response_seconds"))
    )


def wanted(names: set[str], source: TextFrame) -> Any:
    return load(recognise([source], Options(), {}).mapped, {"tickets": names}, Options())["tickets"]


def test_only_what_is_wanted_is_there() -> None:
    loaded = wanted({"created_at", "region", "Region", "priority", "absent"}, text_frame(CELLS))
    assert loaded.fields == {"created_at", "region", "Region", "priority", "is_solved"}
    assert loaded.frame["region"].to_list() == loaded.frame["Region"].to_list() == ["North", "South", None]


def test_what_counts_does_not_depend_on_what_is_wanted() -> None:
    cells = {**CELLS, "is_test": ["1", None, None], "merged_into": [None, "1", None]}
    few, all_ = wanted({"cost"}, text_frame(cells)), tables(text_frame(cells))["tickets"]
    assert few.sources == all_.sources
    assert few.frame["cost"].to_list() == all_.frame["cost"].to_list()


def test_each_file_is_scanned_once() -> None:
    scans = []

    def seen(frame: pl.DataFrame) -> pl.DataFrame:
        scans.append(frame.height)
        return frame

    plain = text_frame(CELLS)
    counted = TextFrame(
        plain.path, plain.frame.map_batches(seen, streamable=False), plain.headers, plain.sample
    )
    tables(counted)
    assert scans == [3]


def test_a_file_without_rows_is_an_empty_table() -> None:
    loaded = tables(text_frame({name: [] for name in CELLS}))
    assert loaded["tickets"].frame.height == 0
    assert loaded["tickets"].sources[0].rows == 0
    assert loaded["surveys"].frame.height == 0


def test_a_file_that_breaks_is_named() -> None:
    def fail(_: pl.DataFrame) -> pl.DataFrame:
        raise pl.exceptions.ComputeError("cell content 4111 1111")

    plain = text_frame(CELLS, "broken.csv")
    broken = TextFrame(plain.path, plain.frame.map_batches(fail), plain.headers, plain.sample)
    with pytest.raises(InputProblem, match=r"broken\.csv: cannot be read") as problem:
        tables(text_frame(CELLS), broken)
    assert "4111" not in str(problem.value)


def test_every_message_can_be_said_in_full_and_again() -> None:
    for code, _, field in (key.partition(".") for key in MESSAGES):
        told = notice(code, Language(), table="tickets", field=field or "cost", rows=3, example="x")
        assert "{" not in told.message
        assert "None" not in told.message
        assert again(told, Language()) == told


HEADERS = {field: words[0] for field, words in sorted(generic().tables["tickets"].items())}
NEEDED = {"ticket_id": ["1", "2"], "created_at": ["2026-01-01"] * 2}


@pytest.mark.parametrize("turn", range(len(ODD_TYPES)))
def test_no_type_breaks_anything(turn: int) -> None:
    """Whatever type a column of Parquet has, its field is read or is not there; in 17 turns each has every type."""
    types = islice(cycle(ODD_TYPES), turn, None)
    odd = {header: next(types) for field, header in HEADERS.items() if field not in NEEDED}
    (source,) = tables(typed_frame(pl.DataFrame(NEEDED | odd)))["tickets"].sources
    assert source.rows == source.used + source.set_aside == 2


@pytest.mark.parametrize("needed", NEEDED)
def test_no_type_of_a_needed_column_breaks_anything(needed: str) -> None:
    for odd in ODD_TYPES:
        try:
            (source,) = tables(typed_frame(pl.DataFrame(NEEDED | {needed: odd})))["tickets"].sources
        except InputProblem as problem:
            assert "no column for" in str(problem)  # noqa: PT017
        else:
            assert source.rows == source.used + source.set_aside == 2


def test_durations_and_lists_are_read() -> None:
    cells = {
        "ticket_id": [1], "created_at": [datetime(2026, 1, 1, tzinfo=UTC)], "first response time": [timedelta(days=2, seconds=90)],
        "tags": [["a", "complaint"]],
    }  # fmt: skip
    loaded = tables(typed_frame(pl.DataFrame(cells)))["tickets"]
    assert loaded.frame["first_response_seconds"].to_list() == [172_890]
    assert loaded.frame["is_complaint"].to_list() == [True]
