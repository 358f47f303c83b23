"""Writes what is made from the code, and shows the difference: `python -m tests.accept [--check] [NAME ...]`.

`--check` leaves everything as it was; exit code 1: something is not in step, or a message has no translation.
Without names, all but the pictures.
"""

import re
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from difflib import unified_diff
from pathlib import Path

from tests import locale_tool, man_tool, readme_tool
from tests.golden import regenerate
from tests.sample import generate

ROOT = Path(__file__).parent.parent
TOOL = re.compile(rb'^"Generated-By: .*\n', re.MULTILINE)  # a catalogue names the version of what wrote it
SHOWN = 200  # lines of a difference


@dataclass(frozen=True, slots=True)
class Generator:
    """What writes some files, and which: patterns from the root. Only texts are compared."""

    write: Callable[[], object]
    files: tuple[str, ...]
    on_demand: bool = False

    def content(self) -> dict[Path, bytes]:
        """The files as they are."""
        paths = (path for pattern in self.files for path in ROOT.glob(pattern) if path.is_file())
        return {path: path.read_bytes() for path in sorted(paths)}


def _pictures() -> None:
    from tests import pictures

    pictures.main()


GENERATORS = {
    "sample": Generator(lambda: generate.write(ROOT / "sample_data"), ("sample_data/**/*",)),
    "catalogue": Generator(locale_tool.main, ("cx_kpi/locale/**/*.po", "cx_kpi/locale/**/*.mo")),
    "pages": Generator(readme_tool.write, ("README.md", "cx_kpi/guide/*.md")),
    "manual": Generator(man_tool.write, ("cx_kpi/guide/cxkpi.1",)),
    "golden": Generator(regenerate.write, ("tests/golden/report.*",)),
    "pictures": Generator(_pictures, (".pictures/*",), on_demand=True),
}


def changes(before: dict[Path, bytes], after: dict[Path, bytes]) -> Iterator[tuple[Path, str]]:
    """The texts that differ, each with a difference as `git diff` shows it."""
    for path in sorted(before.keys() | after.keys()):
        old, new = (TOOL.sub(b"", files.get(path, b"")) for files in (before, after))
        try:
            lines = [each.decode("utf-8").splitlines(keepends=True) for each in (old, new)]
        except UnicodeDecodeError:
            continue
        name = path.relative_to(ROOT).as_posix()
        if old != new:
            found = list(unified_diff(*lines, f"a/{name}", f"b/{name}", n=1))
            cut = [f"… {len(found) - SHOWN} more lines\n"] if len(found) > SHOWN else []
            yield path, "".join([*found[:SHOWN], *cut])


def accept(generator: Generator, *, check: bool) -> list[Path]:
    """Runs a generator and prints what it changed; puts everything back with `check`, or where no text changed."""
    before, found = generator.content(), {}
    try:
        generator.write()
        found = dict(changes(before, generator.content()))
    finally:
        if check or not found:
            restore(before, generator.content())
    sys.stdout.writelines(found.values())
    return list(found)


def restore(before: dict[Path, bytes], after: dict[Path, bytes]) -> None:
    """The files as they were."""
    for path in after.keys() - before.keys():
        path.unlink()
    for path, data in before.items():
        if after.get(path) != data:
            path.write_bytes(data)


def main(arguments: Sequence[str]) -> int:
    """Runs the generators named, and lists which files they changed."""
    check = "--check" in arguments
    names = [name for name in arguments if name != "--check"]
    if unknown := set(names) - GENERATORS.keys():
        print(f"{', '.join(sorted(unknown))}: no such generator; there are {', '.join(GENERATORS)}")
        return 2
    chosen = names or [name for name, each in GENERATORS.items() if not each.on_demand]
    changed = [path for name in chosen for path in accept(GENERATORS[name], check=check)]
    for path in changed:
        print(f"{'not in step' if check else 'written'}: {path.relative_to(ROOT)}")
    catalogues = [locale_tool.translated(language) for language in locale_tool.LANGUAGES]
    return 1 if (check and changed) or any(map(locale_tool.incomplete, catalogues)) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
