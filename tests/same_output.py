"""Whether two checkouts write the same reports, to the byte: `python tests/same_output.py BEFORE AFTER`.

Each is a checkout, or a folder that `python tests/same_output.py --save FOLDER CHECKOUT` wrote. Behind them, patterns
such as `sample*` and `explain.*` choose some of the runs. Exit code 1: not the same.
"""

import io
import os
import subprocess
import sys
from collections.abc import Sequence
from contextlib import redirect_stderr, redirect_stdout
from fnmatch import fnmatch
from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import ZipFile

REPORT = ("json", "md", "html", "csv", "xlsx", "eml", "txt")
CHECK = ("json", "md", "html", "txt")
RECEIPT = ("json", "md", "txt")
EXPLAINED = ("first_response_time", "backlog", "csat", "nps", "churn_rate", "call_wait_time")
PRINTED = (["metrics"], ["schema"], ["schema", "explain"], ["schema", "check"])
SHOWN = 5  # files told in full


def cases() -> dict[str, tuple[list[str], tuple[str, ...]]]:
    """Each run by its name: arguments and the formats it writes; seen from the checkout."""
    more = ["--by", "channel,product", "--by", "priority", "--period", "week", "--charts", "interactive"]
    made = {
        "sample": (["report", "sample_data"], REPORT),
        "sample.ru": (["report", "sample_data", "--lang", "ru"], REPORT),
        "sample.cuts": (["report", "sample_data", *more], REPORT),
        "check": (["check", "sample_data"], CHECK),
        "check.ru": (["check", "sample_data", "--lang", "ru"], CHECK),
    }
    made |= {f"explain.{name}": (["explain", name, "sample_data"], RECEIPT) for name in EXPLAINED}
    samples = sorted(Path("sample_data/presets").iterdir())
    return made | {f"presets.{path.name}": (["report", path.as_posix()], REPORT) for path in samples}


def write(folder: Path, only: Sequence[str]) -> None:
    """Every output of the checkout that is the working folder."""
    from cx_kpi.cli.app import run

    for name, (arguments, formats) in cases().items():
        if only and not any(fnmatch(name, pattern) for pattern in only):
            continue
        with redirect_stderr(io.StringIO()) as said:
            each = [[*arguments, *outputs] for outputs in _outputs(folder / name, arguments, formats)]
            codes = [run(one) for one in each]
        if any(codes):  # a refusal is an output too
            (folder / f"{name}.refused").write_text(f"{codes}\n{said.getvalue()}", encoding="utf-8")
    for arguments in PRINTED:
        with redirect_stdout(io.TextIOWrapper(io.BytesIO(), encoding="utf-8")) as printed:
            run(arguments)
            printed.flush()
            (folder / "-".join(["printed", *arguments])).write_bytes(printed.buffer.getvalue())


def _outputs(stem: Path, arguments: list[str], formats: tuple[str, ...]) -> list[list[str]]:
    """A report writes all its formats in one run; the others one in each."""
    pairs = [["-o", f"{stem}.{suffix}"] for suffix in formats]
    return [[each for pair in pairs for each in pair]] if arguments[0] == "report" else pairs


def save(checkout: Path, folder: Path, only: Sequence[str] = ()) -> Path:
    """The outputs of a checkout, made in a process of its own."""
    folder.mkdir(parents=True, exist_ok=True)
    known = {**os.environ, "PYTHONPATH": str(checkout), "COLUMNS": "100", "TZ": "UTC"}
    command = [sys.executable, str(Path(__file__).resolve()), "--write", str(folder.resolve()), *only]
    subprocess.run(command, cwd=checkout, env=known, check=True)
    return folder


def outputs(place: Path, folder: Path, only: Sequence[str]) -> dict[str, bytes]:
    """The files of a saved folder, or those that a checkout writes."""
    found = save(place.resolve(), folder, only) if (place / "cx_kpi").is_dir() else place
    return {path.name: path.read_bytes() for path in sorted(found.iterdir())}


def difference(before: bytes | None, after: bytes | None) -> str:
    """The first place where two files differ, for people."""
    if before is None or after is None:
        return "only after" if before is None else "only before"
    if before[:2] == b"PK" == after[:2]:
        old, new = _parts(before), _parts(after)
        parts = [name for name in old | new if old.get(name) != new.get(name)]
        return "; ".join(f"{name}: {difference(old.get(name), new.get(name))}" for name in parts[:3])
    at = next((i for i, (a, b) in enumerate(zip(before, after, strict=False)) if a != b), len(before))
    start = max(0, at - 60)
    return f"at byte {at}: {before[start : at + 100]!r}\n    became {after[start : at + 100]!r}"


def _parts(data: bytes) -> dict[str, bytes]:
    with ZipFile(io.BytesIO(data)) as book:
        return {name: book.read(name) for name in book.namelist()}


def compare(before: dict[str, bytes], after: dict[str, bytes]) -> int:
    """Prints what differs; 1 where anything does."""
    moved = [name for name in sorted(before | after) if before.get(name) != after.get(name)]
    for name in moved[:SHOWN]:
        print(f"{name}: {difference(before.get(name), after.get(name))}")
    if moved[SHOWN:]:
        print("and", *moved[SHOWN:])
    print(f"{len(before | after)} outputs, {len(moved)} differ")
    return 1 if moved else 0


def main(arguments: list[str]) -> int:
    match arguments:
        case ["--write", folder, *only]:
            write(Path(folder), only)
        case ["--save", folder, checkout, *only]:
            save(Path(checkout).resolve(), Path(folder), only)
        case [before, after, *only]:
            with TemporaryDirectory() as one, TemporaryDirectory() as other:
                old, new = outputs(Path(before), Path(one), only), outputs(Path(after), Path(other), only)
                return compare(old, new)
        case _:
            print(__doc__)
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
