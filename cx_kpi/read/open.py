"""Which opener reads which file: one row per suffix, the seam for other formats."""

from collections.abc import Callable, Sequence
from pathlib import Path

from cx_kpi.errors import InputProblem
from cx_kpi.read.binary import File, open_binary
from cx_kpi.read.delimited import open_csv
from cx_kpi.read.files import expand
from cx_kpi.read.parquet import open_parquet
from cx_kpi.read.source import TextFrame

OPENERS: dict[str, Callable[[File], TextFrame]] = {
    ".csv": open_csv,
    ".tsv": open_csv,
    ".txt": open_csv,
    ".gz": open_csv,
    ".zst": open_csv,
    ".parquet": open_parquet,
}
_MAGIC: dict[bytes, Callable[[File], TextFrame]] = {b"PAR1": open_parquet}


def open_all(paths: Sequence[str]) -> list[TextFrame]:
    """Every file meant by the paths, folders and globs, opened; raises `InputProblem` or `UsageProblem`."""
    return [open_file(path) for path in expand(paths, OPENERS)]


def open_file(path: Path) -> TextFrame:
    """One file, opened by its suffix; raises `InputProblem`."""
    opener = OPENERS.get(path.suffix.lower())
    file = open_binary(path)
    if file.piped is not None:
        opener = _MAGIC.get(file.head(4), opener or open_csv)
    if opener is None:
        raise InputProblem(f"{file.name}: unknown kind of file; known: {', '.join(OPENERS)}")
    return opener(file)
