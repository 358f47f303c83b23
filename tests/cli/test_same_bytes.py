"""The same files give the same bytes, wherever and however the command runs; only texts follow the language."""

import os
import subprocess
import sys
from pathlib import Path

from cx_kpi.model.assets import folder

NAMES = ("report.json", "report.md", "report.html", "report.csv", "report.txt", "report.xlsx", "report.eml")
ODD = {"TZ": "Pacific/Apia", "LC_ALL": "ru_RU.UTF-8", "PYTHONHASHSEED": "7", "POLARS_MAX_THREADS": "1"}
EVEN = {"TZ": "America/New_York", "LC_ALL": "C", "PYTHONHASHSEED": "8", "POLARS_MAX_THREADS": "2"}


def written(place: Path, **environment: str) -> list[bytes]:
    """The report on the sample data in every format, run in a folder of its own."""
    place.mkdir()
    outputs = [part for name in NAMES for part in ("-o", name)]
    command = [sys.executable, "-m", "cx_kpi", "report", "--lang", "en", str(folder("sample_data")), *outputs]
    search = {"PYTHONPATH": str(Path(__file__).parents[2])}
    subprocess.run(command, cwd=place, env={**os.environ, **search, **environment}, check=True, umask=0o077)
    return [(place / name).read_bytes() for name in NAMES]


def test_same_bytes(tmp_path: Path) -> None:
    odd, even = written(tmp_path / "here", **ODD), written(tmp_path / "there", **EVEN)
    assert [name for name, a, b in zip(NAMES, odd, even, strict=True) if a != b] == []
    assert min(map(len, odd)) > 1000
