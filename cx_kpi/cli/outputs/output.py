"""Where a report goes: stdout, or files by their suffix."""

import os
import shutil
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, TypedDict

from cx_kpi.cli.options.parse import one_of
from cx_kpi.model.errors import OutputProblem, UsageProblem
from cx_kpi.model.options import Look
from cx_kpi.model.report import Report

if TYPE_CHECKING:
    from cx_kpi.render.files.atomic_write import Output

STDOUT = "-"


class Screen(TypedDict):
    """What a terminal can show."""

    width: int
    color: bool
    unicode: bool


def check(format: str | None, outputs: Sequence[str], paths: Sequence[str]) -> None:
    """Raises before any work is done where a report cannot be written as asked, or over an input."""
    from cx_kpi.render import formats
    from cx_kpi.render.files import atomic_write as write

    if format:
        formats.named(format)
    if sys.stdout.isatty() and any(_is_binary(path, format) for path in outputs or (STDOUT,)):
        raise UsageProblem(f"--format {format} is not for a terminal; name a file: -o report.{format}")
    inputs = _files(paths) if outputs else []
    for path in outputs:
        if path != STDOUT:
            write.check(path, inputs)
            _format_of(path, format)
    if format and outputs:
        _check_suffixes(format, outputs)
    for ready in (formats.named(name).ready for name in asked_for(format, outputs)):
        if ready:
            ready()


def _check_suffixes(format: str, outputs: Sequence[str]) -> None:
    """Raises where no file is of the format asked for."""
    from cx_kpi.render import formats

    if not any(_format_of(path, format) == format for path in outputs):
        name = formats.of_file(outputs[0]).name
        raise UsageProblem(
            f"--format {format}: the suffix of {outputs[0]} says {name}; leave one of them out"
        )


def asked_for(format: str | None, outputs: Sequence[str]) -> set[str]:
    """The names of the formats that these outputs take."""
    return {_format_of(path, format) for path in outputs or (STDOUT,)}


def begin_charts(asked: Iterable[str], look: Look) -> None:
    """Start what draws charts before the files are read, where any of these formats has them drawn."""
    from cx_kpi.render import formats

    if look.charts != "none" and any(formats.named(name).draws for name in asked):
        from cx_kpi.render import charts

        charts.begin()


def _is_binary(path: str, format: str | None) -> bool:
    from cx_kpi.render import formats

    return path == STDOUT and formats.named(format or "table").binary


def check_file(path: str | None, paths: Sequence[str]) -> None:
    """Raises before any work is done where a file cannot be written, or is one of those to read."""
    from cx_kpi.render.files import atomic_write as write

    if path and path != STDOUT:
        write.check(path, _files(paths))


def alone(paths: Sequence[str | None]) -> None:
    """Each output once, and this run alone at work on it; raises `OutputProblem` before any work is done."""
    from cx_kpi.cli.outputs.overlap import hold
    from cx_kpi.render.files.atomic_write import refuse_twins

    files = [path for path in paths if path and path != STDOUT]
    if list(paths).count(STDOUT) > 1:
        raise OutputProblem(f"-o {STDOUT}: is written twice; name it once")
    refuse_twins(files)
    hold(files)


def _files(paths: Sequence[str]) -> list[str]:
    from cx_kpi.read.files import expand
    from cx_kpi.read.open import SUFFIXES

    return [str(file) for file in expand(paths, SUFFIXES, allow_remote=True)]


def _format_of(path: str, format: str | None) -> str:
    """The format by the suffix of the file; for stdout and unknown suffixes the one asked for."""
    from cx_kpi.render import formats

    if path == STDOUT or (format and not PurePath(path).suffix):
        return format or "table"
    return formats.of_file(path).name


def write(
    report: Report,
    format: str | None,
    outputs: Sequence[str],
    color: bool,
    look: Look,
    *,
    beside: "Sequence[Output]" = (),
    private: bool = False,
) -> None:
    """Write each output in its format, and the files that go with it; all are rendered before any is written."""
    inputs = [source.path for source in report.sources]
    planned = [(path, _format_of(path, format)) for path in outputs]
    made = [(path, kind, _made(report, path, kind, color, look)) for path, kind in planned]
    _write(made, inputs, beside, private=private)


def _write(
    made: Sequence[tuple[str, str, str | bytes]],
    inputs: Sequence[str],
    beside: "Sequence[Output]",
    *,
    private: bool,
) -> None:
    """All files together; then what goes to stdout, whose reader may leave early."""
    from cx_kpi.render.files.atomic_write import Output, write_all

    files = [Output(path, content, private) for path, _, content in made if path != STDOUT]
    write_all([*files, *beside], inputs)
    for path, kind, content in made:
        if path == STDOUT:
            put(content, kind)


def _made(report: Report, path: str, format: str, color: bool, look: Look) -> str | bytes:
    from cx_kpi.render import formats

    if path == STDOUT and format == "table":
        from cx_kpi.render.terminal import terminal_report as terminal

        return terminal.render(report, **screen(color), look=look)
    return formats.render(report, format, look)


def screen(color: bool) -> Screen:
    """What the terminal on stdout can show."""
    smart = os.environ.get("TERM") != "dumb"
    unicode = "utf" in (sys.stdout.encoding or "").lower() and smart
    colored = color and smart and sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    width = max(40, shutil.get_terminal_size((100, 24)).columns)
    return {"width": width, "color": colored, "unicode": unicode}


def put(content: str | bytes, format: str) -> None:
    """Print: people get their terminal's encoding, programs UTF-8 and bytes as they are."""
    encoding = (sys.stdout.encoding or "utf-8") if format == "table" else "utf-8"
    data = content.encode(encoding, "replace") if isinstance(content, str) else content
    sys.stdout.buffer.write(data)
    sys.stdout.flush()


def planned(
    command: str, format: str | None, outputs: Sequence[str] | None, known: Mapping[str, Sequence[str]]
) -> list[tuple[str, str]]:
    """Each output and its format, stdout where none is named; raises `UsageProblem`."""
    return [(path, _one_format(command, format, path, known)) for path in outputs or (STDOUT,)]


def _one_format(
    command: str, format: str | None, output: str | None, known: Mapping[str, Sequence[str]]
) -> str:
    """The format asked for, else the one whose suffixes, in `known`, the file has; raises `UsageProblem`."""
    chosen = one_of("--format", format, tuple(known))
    suffix = PurePath(output or "").suffix.lower()
    said = next((name for name, suffixes in known.items() if suffix in suffixes), None)
    if suffix and not (chosen or said):
        every = ", ".join(each for suffixes in known.values() for each in suffixes)
        raise UsageProblem(f"{output}: {command} writes {every}; use one of them")
    return chosen or said or "table"


def write_each(
    value: Any,
    makers: Mapping[str, Callable[..., str]],
    outputs: Sequence[tuple[str, str]],
    *,
    color: bool,
    inputs: Sequence[str] = (),
    beside: "Sequence[Output]" = (),
    private: bool = False,
) -> None:
    """Write the value in each format, and the files that go with it; a table fits the terminal."""
    made: list[tuple[str, str, str | bytes]] = []
    for path, kind in outputs:
        on_screen = (kind, path) == ("table", STDOUT)
        made.append((path, kind, makers[kind](value, **screen(color)) if on_screen else makers[kind](value)))
    _write(made, inputs, beside, private=private)
