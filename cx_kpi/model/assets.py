"""Where the templates and the sample data lie: in the installed package, else in the repository; and its data in TOML."""

import json
import os
import sys
import tomllib
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
    """What a TOML file of ours says.

    It is kept as JSON where Python keeps the compiled modules of the folder: that is read in a twentieth of the time.
    """
    file, kept = path.stat(), Path(cache_from_source(str(path))).with_name(f"{path.name}.json")
    stamp = [file.st_mtime_ns, file.st_size]
    with suppress(OSError, ValueError, TypeError):
        known, said = json.loads(kept.read_bytes())
        if known == stamp:
            return dict(said)
    said = tomllib.loads(path.read_text(encoding="utf-8"))
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
