"""Where the templates and the sample data lie: in the installed package, else in the repository; and its data in TOML."""

import json
import os
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from importlib.util import cache_from_source
from pathlib import Path
from typing import Any

_PACKAGE = Path(__file__).parents[1]


def folder(name: str) -> Path:
    """Path of the folder `templates` or `sample_data`."""
    inside = _PACKAGE / name
    return inside if inside.is_dir() else _PACKAGE.parent / name


def toml(path: Path) -> dict[str, Any]:
    """What a TOML file of ours says."""
    return _kept(path, [path], lambda: _parsed(path.read_text(encoding="utf-8")))


def beginnings(folder: Path, paths: Sequence[Path]) -> dict[str, Any]:
    """By the names of TOML files of ours in a folder, what they say before the first table."""
    return _kept(
        folder / "beginnings",
        paths,
        lambda: {path.stem: _parsed(path.read_text(encoding="utf-8").partition("\n[")[0]) for path in paths},
    )


def _parsed(text: str) -> dict[str, Any]:
    import tomllib

    return tomllib.loads(text)


def _kept(name: Path, paths: Sequence[Path], read: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """What files say; it is kept as JSON where Python keeps compiled modules, and read in a twentieth of the time."""
    kept = Path(cache_from_source(str(name))).with_name(f"{name.name}.json")
    stamp = [[path.name, (file := path.stat()).st_mtime_ns, file.st_size] for path in paths]
    with suppress(OSError, ValueError, TypeError):
        known, said = json.loads(kept.read_bytes())
        if known == stamp:
            return dict(said)
    said = read()
    if not sys.dont_write_bytecode:
        _keep(kept, [stamp, said])
    return said


def _keep(path: Path, said: list[Any]) -> None:
    """Write the file at once as a whole, or not at all: others may read it now."""
    passing = path.with_name(f"{path.name}.{os.getpid()}")
    with suppress(OSError, TypeError):  # where nothing can be written; a date, which JSON has not
        path.parent.mkdir(exist_ok=True)
        passing.write_text(json.dumps(said, ensure_ascii=False), encoding="utf-8")
        passing.replace(path)
