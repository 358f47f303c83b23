"""Which files are meant: paths, folders and globs become a list of files."""

import glob
from collections.abc import Iterable, Sequence
from pathlib import Path

from cx_kpi.model.errors import InputProblem, MissingFile, nearest
from cx_kpi.model.frozen import dataclass
from cx_kpi.read.raw.address import Address, is_url, read_address, shown
from cx_kpi.read.raw.binary import SQLITE, STDIN, printable
from cx_kpi.read.store.manifest import is_store

_SHOWN = 5  # folders


@dataclass(frozen=True, slots=True)
class Link:
    """A link in a folder to something outside it: the sender of an export could point it anywhere."""

    path: Path

    @property
    def name(self) -> str:
        """Of the link."""
        return self.path.name

    def __str__(self) -> str:
        """Where it is."""
        return str(self.path)


Input = Path | Address | Link


def expand(paths: Sequence[str], known: Iterable[str], *, allow_remote: bool = False) -> list[Input]:
    """The files meant, each once, in the order given; a folder gives its own files with a `known` suffix.

    `table` and `SELECT …` behind a `#` are part of a database; addresses of servers have to be allowed.
    """
    suffixes = frozenset(known)
    files: dict[Input, Input] = {}
    for path in paths:
        for file in (
            [read_address(path, allow_remote=allow_remote)] if is_url(path) else _expand(path, suffixes)
        ):
            files.setdefault(_identity(file), file)
    return list(files.values())


def _identity(file: Input) -> Input:
    return file if not isinstance(file, Path) or file == STDIN else file.resolve()


def _expand(text: str, known: frozenset[str]) -> Sequence[Input]:
    path = Path(text)
    if path == STDIN:
        return [path]
    try:
        return _local(path, text, known)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not a file name"
        raise InputProblem(f"{shown(text)}: cannot be opened: {reason}; check the path") from None


def _local(path: Path, text: str, known: frozenset[str]) -> Sequence[Input]:
    if path.is_dir():
        return [path] if is_store(path) else _folder(path, known)
    if path.exists():
        return [path]
    database, _, query = text.partition("#")
    if query and Path(database).is_file():
        return [Address(database, query.strip())]
    matches = sorted(Path(match) for match in glob.glob(text))  # noqa: PTH207  (absolute patterns too)
    files = [_found(match) for match in matches if match.is_file() and _is_visible(match)]
    if not files:
        close = nearest(path.name, _names(path.parent), most=0)
        raise MissingFile(f"{shown(text)}: no such file{close or '; check the path'}")
    return files


def _folder(folder: Path, known: frozenset[str]) -> list[Input]:
    files = [_found(file) for file in sorted(folder.iterdir()) if _is_data(file, known)]
    if not files:
        raise MissingFile(f"{printable(folder)}: no data files in this folder{_instead(folder, known)}")
    return files


def _instead(folder: Path, known: frozenset[str]) -> str:
    """The folders in this one that hold data files, else which files are known."""
    inside = (each for each in sorted(folder.iterdir()) if each.is_dir() and _is_visible(each))
    held = [each for each in inside if any(_is_data(file, known) for file in each.iterdir())]
    if not held:
        return f"; known: {', '.join(sorted(known))}"
    names = " ".join(map(printable, held[:_SHOWN])) + (" …" if len(held) > _SHOWN else "")
    return f" itself, but in folders inside it; name these: cxkpi report {names}"


def _found(file: Path) -> Input:
    """A file that was not named itself, unless it is a link out of its folder."""
    leads_out = file.is_symlink() and not file.resolve().is_relative_to(file.parent.resolve())
    return Link(file) if leads_out else file


def _is_data(file: Path, known: frozenset[str]) -> bool:
    suffix = file.suffix.lower()
    return (
        file.is_file() and _is_visible(file) and suffix in known and (suffix != ".db" or _is_database(file))
    )


def _is_database(file: Path) -> bool:
    """Whether this is an SQLite file: other programs name theirs alike."""
    try:
        with file.open("rb") as data:
            return data.read(len(SQLITE)) == SQLITE
    except OSError:
        return True  # which is then said of it


def _is_visible(file: Path) -> bool:
    return not file.name.startswith((".", "~$"))  # `~$` marks a spreadsheet program's lock


def _names(folder: Path) -> list[str]:
    try:
        return [file.name for file in folder.iterdir() if _is_visible(file)]
    except OSError:
        return []
