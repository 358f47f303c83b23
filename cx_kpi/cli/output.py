"""Where a report goes: stdout, or files by their suffix."""

import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import PurePath
from typing import TypedDict

from cx_kpi.errors import UsageProblem
from cx_kpi.report import Report

STDOUT = "-"


class Screen(TypedDict):
    """What a terminal can show."""

    width: int
    color: bool
    unicode: bool


def check(format: str | None, outputs: Sequence[str], paths: Sequence[str]) -> None:
    """Raises before any work is done where a report cannot be written as asked, or over an input."""
    from cx_kpi.render import formats, write

    if format:
        formats.named(format)
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


def check_file(path: str | None, paths: Sequence[str]) -> None:
    """Raises before any work is done where a file cannot be written, or is one of those to read."""
    from cx_kpi.render import write

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


def write(report: Report, format: str | None, outputs: Sequence[str], color: bool) -> None:
    """Each output in its format; stdout where none is named. No file is touched before all are rendered."""
    from cx_kpi.render.write import write_whole

    inputs = [source.path for source in report.sources]
    texts = [(path, _text(report, path, _format_of(path, format), color)) for path in outputs or (STDOUT,)]
    for path, text in texts:
        if path == STDOUT:
            put(text, _format_of(path, format))
        else:
            write_whole(path, text, inputs)


def _text(report: Report, path: str, format: str, color: bool) -> str:
    from cx_kpi.render import formats

    if path == STDOUT and format == "table":
        return _terminal(report, color)
    return formats.render(report, format)


def _terminal(report: Report, color: bool) -> str:
    from cx_kpi.render import terminal

    return terminal.render(report, **screen(color))


def screen(color: bool) -> Screen:
    """What the terminal on stdout can show."""
    smart = os.environ.get("TERM") != "dumb"
    unicode = "utf" in (sys.stdout.encoding or "").lower() and smart
    colored = color and smart and sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    width = max(40, shutil.get_terminal_size((100, 24)).columns)
    return {"width": width, "color": colored, "unicode": unicode}


def put(text: str, format: str) -> None:
    """Print: people get their terminal's encoding, programs UTF-8."""
    encoding = (sys.stdout.encoding or "utf-8") if format == "table" else "utf-8"
    sys.stdout.buffer.write(text.encode(encoding, "replace"))
    sys.stdout.flush()
