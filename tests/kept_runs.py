"""Runs on the same files, and their reports, kept for the tests that ask for the same again."""

from collections.abc import Callable, Iterable
from functools import wraps
from hashlib import sha256
from math import inf
from pathlib import Path
from typing import Any

from cx_kpi.model.assets import folder
from cx_kpi.model.documents.recorded_history import NO_PAST
from cx_kpi.model.options import Options
from cx_kpi.read.store.manifest import SUFFIX

THINNED = "exports"
MOST = 24  # runs at a time: each holds its rows


def never_changes(path: Any) -> bool:
    """Whether a file is of the sample data, or of the thinned one that the guide's commands read."""
    whole = Path(path).absolute()
    return (folder("sample_data") in whole.parents or whole.parent.name == THINNED) and whole.is_file()


def state(path: Any) -> tuple[Any, ...]:
    """What tells a file from another of the same name in another folder, or at another time."""
    found = Path(path).stat()
    return str(path), found.st_dev, found.st_ino, found.st_mtime_ns, found.st_size


def held(path: Path) -> tuple[Any, ...]:
    """What tells a file from all that hold something else: many tests write the same under the same name."""
    if never_changes(path):
        return state(path)
    return str(path), sha256(path.read_bytes()).digest()


def kept_run(plainly: Callable[..., Any]) -> Callable[..., Any]:
    """`api.run`, once for the same options on files that hold the same."""
    kept: dict[Any, Any] = {}

    @wraps(plainly)
    def run(options: Options, tell: Any = None, **more: Any) -> Any:
        files = files_of(options)
        if not files or more.get("given") or more.get("spread"):
            return plainly(options, **({"tell": tell} if tell else {}), **more)
        more = {name: sorted(each) if name == "keep" else each for name, each in more.items() if each}
        key = (repr(options), repr(more), *map(held, files))
        return once(kept, key, lambda: plainly(options, **more), MOST)

    return run


def kept_report(plainly: Callable[..., Any]) -> Callable[..., Any]:
    """`api.told`, once for the same run."""
    kept: dict[Any, Any] = {}

    def told(done: Any, past: Any = NO_PAST) -> Any:
        if past is not NO_PAST or not files_of(done.options):
            return plainly(done, past)
        report, _ = once(
            kept, id(done), lambda: (plainly(done), done), MOST
        )  # as it is kept, no other has its id
        return report

    return told


def once(kept: dict[Any, Any], key: Any, make: Callable[[], Any], most: float = inf) -> Any:
    """What is made for a key, the last ones at most."""
    if key not in kept:
        if len(kept) >= most:
            del kept[next(iter(kept))]
        kept[key] = make()
    return kept[key]


def files_of(options: Options) -> list[Path]:
    """The files of a run that may be kept; none where something else decides on it, or where it holds a store open."""
    files = [*_files([*options.paths, *(path for _, path in options.explicit)])]
    plain = all(path.is_file() and path.suffix != SUFFIX for path in files)
    return files if plain and not options.config.presets else []


def _files(given: Iterable[str]) -> Iterable[Path]:
    for each in map(Path, given):
        yield from sorted(path for path in each.rglob("*") if path.is_file()) if each.is_dir() else [each]
