"""One process proves all Parquet and Arrow files; a broken one costs a process, not the run."""

from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from cx_kpi.model.errors import InputProblem
from cx_kpi.read.containers.in_memory import open_frame
from cx_kpi.read.containers.probe import Prober
from cx_kpi.read.open import open_all
from cx_kpi.read.raw.binary import File

FRAME = pl.DataFrame({"id": ["1", "2"]})


def test_one_process_serves_all_files(tmp_path: Path) -> None:
    FRAME.write_parquet(tmp_path / "a.parquet")
    FRAME.write_ipc(tmp_path / "b.arrow")
    (tmp_path / "c.parquet").write_bytes((tmp_path / "a.parquet").read_bytes()[:-9] + b"PAR1")
    prober = Prober()
    assert prober.ask(File(tmp_path / "a.parquet"), "parquet") == 0
    first = prober._process
    assert prober.ask(File(tmp_path / "b.arrow"), "arrow") == 0
    assert prober._process is first
    assert prober.ask(File(tmp_path / "c.parquet"), "parquet") != 0
    assert prober.ask(File(tmp_path / "a.parquet"), "parquet") == 0
    piped = File(Path("-"), piped=(tmp_path / "a.parquet").read_bytes())
    assert prober.ask(piped, "parquet") == 0
    prober.close()


@pytest.mark.parametrize("unit", ["ms", "us", "days"])
@pytest.mark.parametrize("suffix", ["parquet", "arrow"])
def test_dates_that_no_calendar_has_are_counted(unit: str, suffix: str, tmp_path: Path) -> None:
    """A wrong unit makes years such as 58,000, which cannot even be shown."""
    days = pl.Series([20_000, 2**31 - 1, -(2**31), None, 0], dtype=pl.Int32)
    moments = pl.Series([1_700_000_000_000, 10**17, -(10**17), None, 0]) * (1000 if unit == "us" else 1)
    cells = days.cast(pl.Date) if unit == "days" else moments.cast(pl.Datetime(unit))  # type: ignore[arg-type]
    frame = pl.DataFrame({"id": range(5), "at": cells})
    path = tmp_path / f"a.{suffix}"
    frame.write_parquet(path) if suffix == "parquet" else frame.write_ipc(path)
    for found in (*open_all([str(path)]), open_frame("a", frame)):
        assert found.frame.collect()["at"].is_null().to_list() == [False, True, True, True, False]
        assert [(each.code, each.rows) for each in found.remarks] == [("impossible_dates", 2)]


def test_names_and_types_that_take_long_are_given_up(tmp_path: Path) -> None:
    """Of an unknown time zone the library looks for the nearest known one, however long its name is."""
    zoned = pa.array([0], pa.timestamp("us", tz="X" * 2_000_000))
    pq.write_table(pa.table({"id": ["1"], "at": zoned}), tmp_path / "a.parquet")
    before = getrusage(RUSAGE_CHILDREN).ru_utime
    with pytest.raises(InputProblem, match="not a readable Parquet file"):
        open_all([str(tmp_path / "a.parquet")])
    assert getrusage(RUSAGE_CHILDREN).ru_utime - before < 6
