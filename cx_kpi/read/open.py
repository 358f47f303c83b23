"""Which opener reads which file: by its first bytes, else by its suffix; the seam for other formats."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from cx_kpi.model.errors import InputProblem, LeadsOut, NoData, nearest
from cx_kpi.read.databases import database_file as databases
from cx_kpi.read.delimited.alike import open_together
from cx_kpi.read.delimited.delimited_text import open_csv
from cx_kpi.read.delimited.phone_log import is_events, open_events
from cx_kpi.read.files import Input, Link, expand
from cx_kpi.read.raw.address import Address
from cx_kpi.read.raw.binary import File, open_binary, printable
from cx_kpi.read.raw.own_output import HEAD, is_own_database, not_own, own
from cx_kpi.read.raw.redaction import MYSQL, POSTGRES
from cx_kpi.read.raw.source import TextFrame
from cx_kpi.read.store.manifest import is_store

Opener = Callable[[File], TextFrame | list[TextFrame]]


def _json(file: File) -> list[TextFrame]:
    from cx_kpi.read.containers.records import open_json

    return open_json(file)


def _sheets(file: File) -> list[TextFrame]:
    from cx_kpi.read.containers.sheets import open_sheets

    return open_sheets(file)


def _parquet(file: File) -> TextFrame:
    from cx_kpi.read.containers.columnar import open_parquet

    return open_parquet(file)


def _arrow(file: File) -> TextFrame:
    from cx_kpi.read.containers.columnar import open_arrow

    return open_arrow(file)


_PACKED = (".gz", ".zst")
_OPENERS: dict[str, Opener] = {
    **dict.fromkeys((".csv", ".tsv", ".txt"), open_csv),
    **dict.fromkeys((".json", ".ndjson", ".jsonl"), _json),
    **dict.fromkeys((".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"), _sheets),
    **dict.fromkeys((".arrow", ".feather", ".ipc"), _arrow),
    ".parquet": _parquet,
}
_MAGIC: dict[bytes, Opener] = {  # what the file is, whatever its name
    b"PAR1": _parquet,
    b"ARROW1": _arrow,
    b"PK\x03\x04": _sheets,
    b"\xd0\xcf\x11\xe0": _sheets,
}
_MARKUP = (b"<!", b"<?", b"<html", b"<meta", b"<table")
SUFFIXES = (*_OPENERS, *_PACKED, ".sqlite", ".sqlite3", ".db")


def open_all(paths: Sequence[str], *, allow_remote: bool = False) -> list[TextFrame]:
    """Every file meant by the paths, folders and globs, opened; raises `InputProblem` or `UsageProblem`."""
    inputs = expand(paths, SUFFIXES, allow_remote=allow_remote)
    return [frame for one in inputs for frame in open_each(one)]


def open_each(one: Input, most: int | None = None) -> list[TextFrame]:
    """What one input holds: a database gives all of its tables, a workbook its sheets. It may unpack to `most` bytes.

    Raises `NoData` for an empty file or one of our own, `InputProblem` for any other that cannot be read.
    """
    if isinstance(one, Address):
        return _open_address(one, most)
    if isinstance(one, Link):
        raise LeadsOut(f"{printable(one)}: a link that leads out of its folder; name what it leads to")
    if is_store(one):
        from cx_kpi.read.store.stored_frames import open_store

        return open_store(one)
    file = open_binary(one, most, _is_lines)
    if not file.size:
        raise file.empty()
    kind = databases.kind_of(file)
    if kind:
        if is_own_database(file.head(HEAD)):
            raise own(file.name)
        return databases.open_tables(file, kind)
    return [not_own(frame) for frame in _frames(_opener(file), file)]


def _frames(opener: Opener, file: File) -> list[TextFrame]:
    found = opener(file)
    return found if isinstance(found, list) else [found]


def _open_address(address: Address, most: int | None) -> list[TextFrame]:
    if not address.scheme:
        return [_open_named(address, open_binary(Path(address.where), most))]
    if address.scheme in POSTGRES:
        from cx_kpi.read.databases.postgres import open_postgres

        return [open_postgres(address)]
    if address.scheme in MYSQL:
        from cx_kpi.read.databases.mysql import open_mysql

        return [open_mysql(address, most)]
    from cx_kpi.read.servers.remote import download

    file = download(address, most)
    databases.kind_of(file)
    return _frames(_opener(file), file)


def _open_named(address: Address, file: File) -> TextFrame:
    """The table of a database, sheet of a workbook or list of a JSON file that is named, or the answer to a query."""
    kind = databases.kind_of(file)
    if kind:
        return databases.open_query(address, file, kind)
    opener = _opener(file)
    if opener not in (_sheets, _json):
        raise InputProblem(f"{file.name}: not a database; of others, name the file alone")
    if opener is _sheets:
        from cx_kpi.read.containers.sheets import open_sheet

        return not_own(open_sheet(file, address.query))
    there = {frame.part: frame for frame in _json(file)}
    if address.query not in there:
        raise InputProblem(f"{address.name}: no such list{nearest(address.query, there)}")
    return not_own(replace(there[address.query], file="", part=""))


def open_run(run: Sequence[Input]) -> Sequence[TextFrame | Input]:
    """What can be opened together of files that begin alike; the others as they are."""
    paths = [each for each in run if isinstance(each, Path)]
    if len(paths) < 2 or len(paths) < len(run):
        return run
    try:
        return [not_own(each) if isinstance(each, TextFrame) else each for each in open_together(paths)]
    except NoData:  # which is then said of each by itself
        return run


def open_file(path: Path) -> TextFrame:
    """One file, or standard input for `-`, of several sheets or lists the largest; raises `InputProblem`."""
    file = open_binary(path, is_lines=_is_lines)
    return _frames(_opener(file), file)[0]


def _is_lines(begins: File) -> bool:
    """Whether what begins so is plain text read by lines."""
    if begins.is_packed or databases.kind_of(begins):
        return False
    return _opener(begins) in (open_csv, open_events)


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
    return open_csv if opener is _sheets else opener  # text with a spreadsheet's name is common


def _piped(file: File, text: bytes) -> Opener:
    if file.piped is None:
        raise InputProblem(f"{file.name}: unknown kind of file; known: {', '.join(SUFFIXES)}")
    return _json if text.startswith((b"{", b"[")) else open_csv
