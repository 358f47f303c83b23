"""What a store holds: its list of files and where their rows lie. Whatever is not on the list is not in the store."""

import json
from collections.abc import Iterator
from dataclasses import asdict, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from cx_kpi.model.errors import InputProblem
from cx_kpi.model.frozen import dataclass
from cx_kpi.read.raw.binary import printable
from cx_kpi.read.raw.source import Reject, Remark

if TYPE_CHECKING:
    from pydantic import TypeAdapter

NAME = "cxkpi-store.json"
FORMAT = "cxkpi_store"  # the key of the version
VERSION = 1
SUFFIX = ".rows"  # Parquet, under a name that no folder of exports is searched for


@dataclass(frozen=True, slots=True)
class StoredFile:
    """One file, sheet or list that was added: what was read of it, beside its rows."""

    path: str  # as it was given
    digest: str  # of the bytes of the whole input
    bytes: int  # of the input; 0 where it was no file
    rows: int
    table: str  # it was recognised as this
    said: bool = False  # by the user
    encoding: str | None = None
    separator: str | None = None
    above: int | None = None
    shifts: tuple[tuple[int, int], ...] = ()
    labels: dict[str, str] = field(default_factory=dict)
    remarks: tuple[Remark, ...] = ()
    rejects: tuple[Reject, ...] = ()
    file: str = ""
    part: str = ""

    @property
    def input(self) -> str:
        """The file that was named: of a sheet or list, the one it is in."""
        return self.file or self.path


@dataclass(frozen=True, slots=True)
class Batch:
    """The rows of files with the same columns, one after the other, in one Parquet file of the store."""

    name: str
    bytes: int
    columns: tuple[tuple[str, str], ...]  # names and types
    files: tuple[StoredFile, ...]

    @property
    def rows(self) -> int:
        """Of all its files."""
        return sum(each.rows for each in self.files)


@dataclass(frozen=True, slots=True)
class Manifest:
    """All batches, in the order in which they were added: of rows that tie, the last counts."""

    batches: tuple[Batch, ...] = ()

    @property
    def files(self) -> Iterator[StoredFile]:
        """All files, in their order."""
        for each in self.batches:
            yield from each.files

    @property
    def digests(self) -> frozenset[str]:
        """What is there, whatever it was called."""
        return frozenset(each.digest for each in self.files)


def is_store(folder: Path) -> bool:
    """Whether a folder is a store."""
    return (folder / NAME).is_file()


def read_manifest(folder: Path) -> Manifest:
    """What the store holds; raises `InputProblem` for one of another version, or that is damaged."""
    from pydantic import ValidationError

    shown = printable(folder)
    damaged = InputProblem(f"{shown}: the list of this store is damaged; make it again from the exports")
    try:
        data = json.loads((folder / NAME).read_text(encoding="utf-8"))
    except OSError as problem:
        raise InputProblem(f"{shown}: cannot be read: {problem.strerror}; check the store") from None
    except ValueError:
        raise damaged from None
    version = data.pop(FORMAT, None) if isinstance(data, dict) else None
    if version is None:
        raise damaged
    if version != VERSION:
        raise InputProblem(
            f"{shown}: a store of format {printable(version)}, and this cxkpi reads format {VERSION}; "
            "use the cxkpi that made it, or make it again from the exports"
        )
    try:
        found = _shape().validate_python(data)
    except ValidationError:
        raise damaged from None
    if any(Path(each.name).name != each.name or not each.files for each in found.batches):
        raise damaged
    return found


@cache
def _shape() -> "TypeAdapter[Manifest]":
    from pydantic import TypeAdapter

    return TypeAdapter(Manifest)


def held(folder: Path) -> Manifest:
    """What a folder holds that may be a store yet to be; raises `InputProblem`."""
    return read_manifest(folder) if is_store(folder) else Manifest()


def written(manifest: Manifest) -> str:
    """The list as a file holds it."""
    return json.dumps({FORMAT: VERSION, **asdict(manifest)}, ensure_ascii=False, separators=(",", ":")) + "\n"
