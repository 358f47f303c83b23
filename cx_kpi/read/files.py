"""Which files are meant: paths, folders and globs become a list of files."""

import glob
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from cx_kpi.errors import InputProblem, UsageProblem, nearest
from cx_kpi.read.binary import STDIN, printable

_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://")


def expand(paths: Sequence[str], known: Iterable[str]) -> list[Path]:
    """The files meant, each once, in the order given; a folder gives its own files with a `known` suffix."""
    suffixes = frozenset(known)
    files: dict[Path, Path] = {}
    for path in paths:
        for file in _expand(path, suffixes):
            files.setdefault(_identity(file), file)
    return list(files.values())


def _identity(file: Path) -> Path:
    return file if file == STDIN else file.resolve()


def _expand(text: str, known: frozenset[str]) -> list[Path]:
    if _URL.match(text):
        raise UsageProblem(
            f"{text.split('://', maxsplit=1)[0]}:// addresses are not read; download the file first"
        )
    path = Path(text)
    if path == STDIN:
        return [path]
    try:
        return _local(path, text, known)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not a file name"
        raise InputProblem(f"{printable(text)}: cannot be opened: {reason}; check the path") from None


def _local(path: Path, text: str, known: frozenset[str]) -> list[Path]:
    if path.is_dir():
        return _folder(path, known)
    if path.exists():
        return [path]
    matches = sorted(Path(match) for match in glob.glob(text))  # noqa: PTH207  (absolute patterns too)
    files = [match for match in matches if match.is_file() and _is_visible(match)]
    if not files:
        raise InputProblem(f"{printable(text)}: no such file{nearest(path.name, _names(path.parent))}")
    return files


def _folder(folder: Path, known: frozenset[str]) -> list[Path]:
    files = [file for file in sorted(folder.iterdir()) if _is_data(file, known)]
    if not files:
        raise InputProblem(
            f"{printable(folder)}: no data files in this folder; known: {', '.join(sorted(known))}"
        )
    return files


def _is_data(file: Path, known: frozenset[str]) -> bool:
    return file.is_file() and _is_visible(file) and file.suffix.lower() in known


def _is_visible(file: Path) -> bool:
    return not file.name.startswith((".", "~$"))  # `~$` marks a spreadsheet program's lock


def _names(folder: Path) -> list[str]:
    try:
        return [file.name for file in folder.iterdir() if _is_visible(file)]
    except OSError:
        return []
