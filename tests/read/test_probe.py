"""One process proves all Parquet and Arrow files; a broken one costs a process, not the run."""

from pathlib import Path

import polars as pl

from cx_kpi.read.containers.probe import Prober
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
