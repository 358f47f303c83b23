"""Where a report goes: stdout, or files by their suffix."""

import os
import shutil
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import PurePath
from typing import Any, TypedDict

from cx_kpi.cli.options.parse import one_of
from cx_kpi.model.errors import UsageProblem
from cx_kpi.model.options import Look
from cx_kpi.model.report import Report

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
    if format and outputs and not any(_format_of(path, format) == format for path in outputs):
        name = formats.of_file(outputs[0]).name
        raise UsageProblem(
            f"--format {format}: the suffix of {outputs[0]} says {name}; leave one of them out"
        )


def asked_for(format: str | None, outputs: Sequence[str]) -> set[str]:
    """The names of the formats that these outputs take."""
    return {_format_of(path, format) for path in outputs or (STDOUT,)}


def _is_binary(path: str, format: str | None) -> bool:
    from cx_kpi.render import formats

    return path == STDOUT and formats.named(format or "table").binary


def check_file(path: str | None, paths: Sequence[str]) -> None:
    """Raises before any work is done where a file cannot be written, or is one of those to read."""
    from cx_kpi.render.files import atomic_write as write

    if path and path != STDOUT:
        write.check(path, _files(paths))


def _files(paths: Sequence[str]) -> list[str]:
    from cx_kpi.read.files import expand
    from cx_kpi.read.open import SUFFIXES

    return [str(file) for file in expand(paths, SUFFIXES, allow_remote=True)]


def _format_of(path: str, format: str | None) -> str:
    """By the suffix of the file; the format asked for where the suffix says nothing or names stdout."""
    from cx_kpi.render import formats

    if path == STDOUT or (format and not PurePath(path).suffix):
        return format or "table"
    return formats.of_file(path).name


def write(report: Report, format: str | None, outputs: Sequence[str], color: bool, look: Look) -> None:
    """Each output in its format; stdout where none is named. No file is touched before all are rendered."""
    from cx_kpi.render.files.atomic_write import write_whole

    inputs = [source.path for source in report.sources]
    made = [
        (path, _made(report, path, _format_of(path, format), color, look)) for path in outputs or (STDOUT,)
    ]
    for path, content in made:
        if path == STDOUT:
            put(content, _format_of(path, format))
        else:
            write_whole(path, content, inputs)


def _made(report: Report, path: str, format: str, color: bool, look: Look) -> str | bytes:
    from cx_kpi.render import formats
    from cx_kpi.render.terminal import terminal_report as terminal

    if path == STDOUT and format == "table":
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


def one_format(
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


def write_one(
    value: Any,
    makers: Mapping[str, Callable[..., str]],
    format: str,
    output: str | None,
    *,
    color: bool,
    inputs: Sequence[str] = (),
) -> None:
    """What the maker of the format makes of the value, in one file or on stdout; a terminal's table fits it."""
    from cx_kpi.render.files.atomic_write import write_whole

    on_screen = format == "table" and output in (None, STDOUT)
    make = makers[format]
    text = make(value, **screen(color)) if on_screen else make(value)
    if output and output != STDOUT:
        write_whole(output, text, inputs)
    else:
        put(text, format)
