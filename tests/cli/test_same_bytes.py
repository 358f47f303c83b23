"""The same files give the same bytes, wherever and however the command runs; only texts follow the language."""

import os
import subprocess
import sys
from pathlib import Path

NAMES = ("report.json", "report.md", "report.html", "report.csv", "report.txt", "report.xlsx", "report.eml")
THREADS, ENGINE = "POLARS_MAX_THREADS", "POLARS_ENGINE_AFFINITY"
ODD = {
    "TZ": "Pacific/Apia",
    "LC_ALL": "ru_RU.UTF-8",
    "PYTHONHASHSEED": "7",
    THREADS: "1",
    ENGINE: "in-memory",
}
EVEN = {"TZ": "America/New_York", "LC_ALL": "C", "PYTHONHASHSEED": "8", THREADS: "2", ENGINE: "auto"}


def written(place: Path, exports: Path, **environment: str) -> list[bytes]:
    """The report on some of the sample data in every format, run in a folder of its own."""
    place.mkdir()
    outputs = [part for name in NAMES for part in ("-o", name)]
    command = [sys.executable, "-m", "cx_kpi", "report", "--lang", "en", str(exports), *outputs]
    search = {"PYTHONPATH": str(Path(__file__).parents[2])}
    subprocess.run(command, cwd=place, env={**os.environ, **search, **environment}, check=True, umask=0o077)
    return [(place / name).read_bytes() for name in NAMES]


def test_same_bytes(tmp_path: Path, thinned: Path) -> None:
    odd, even = written(tmp_path / "here", thinned, **ODD), written(tmp_path / "there", thinned, **EVEN)
    assert [name for name, a, b in zip(NAMES, odd, even, strict=True) if a != b] == []
    assert min(map(len, odd)) > 1000
