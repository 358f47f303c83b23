"""Which opener reads which file: by its first bytes, else by its suffix; the seam for other formats."""

from collections.abc import Callable, Sequence
from pathlib import Path

from cx_kpi.errors import InputProblem
from cx_kpi.read.binary import File, open_binary
from cx_kpi.read.columnar import open_arrow, open_parquet
from cx_kpi.read.delimited import open_csv
from cx_kpi.read.events import is_events, open_events
from cx_kpi.read.files import expand
from cx_kpi.read.records import open_json
from cx_kpi.read.sheets import open_sheets
from cx_kpi.read.source import TextFrame

Opener = Callable[[File], TextFrame]

_PACKED = (".gz", ".zst")
_OPENERS: dict[str, Opener] = {
    **dict.fromkeys((".csv", ".tsv", ".txt"), open_csv),
    **dict.fromkeys((".json", ".ndjson", ".jsonl"), open_json),
    **dict.fromkeys((".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"), open_sheets),
    **dict.fromkeys((".arrow", ".feather", ".ipc"), open_arrow),
    ".parquet": open_parquet,
}
_MAGIC: dict[bytes, Opener] = {  # what the file is, whatever its name
    b"PAR1": open_parquet,
    b"ARROW1": open_arrow,
    b"PK\x03\x04": open_sheets,
    b"\xd0\xcf\x11\xe0": open_sheets,
}
_MARKUP = (b"<!", b"<?", b"<html", b"<meta", b"<table")
SUFFIXES = (*_OPENERS, *_PACKED)


def open_all(paths: Sequence[str]) -> list[TextFrame]:
    """Every file meant by the paths, folders and globs, opened; raises `InputProblem` or `UsageProblem`."""
    return [open_file(path) for path in expand(paths, SUFFIXES)]


def open_file(path: Path) -> TextFrame:
    """One file, or standard input for `-`; raises `InputProblem`."""
    file = open_binary(path)
    return _opener(file)(file)


def _opener(file: File) -> Opener:
    head = file.head(256)
    for magic, opener in _MAGIC.items():
        if head.startswith(magic):
            return opener
    text = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if text.lower().startswith(_MARKUP):
        raise InputProblem(f"{file.name}: a web page or XML, not a table; export it as CSV")
    return open_events if is_events(text) else _by_name(file.path) or _piped(file, text)


def _by_name(path: Path) -> Opener | None:
    if path.suffix.lower() in _PACKED:
        return _OPENERS.get(Path(path.stem).suffix.lower(), open_csv)
    opener = _OPENERS.get(path.suffix.lower())
    return open_csv if opener is open_sheets else opener  # text with a spreadsheet's name is common


def _piped(file: File, text: bytes) -> Opener:
    if file.piped is None:
        raise InputProblem(f"{file.name}: unknown kind of file; known: {', '.join(SUFFIXES)}")
    return open_json if text.startswith((b"{", b"[")) else open_csv
