"""Where a report goes: stdout, or files by their suffix."""

import sys
from collections.abc import Sequence
from pathlib import PurePath

from cx_kpi.report import Report

STDOUT = "-"


def check(format: str | None, outputs: Sequence[str], inputs: Sequence[str]) -> None:
    """Raises before any work is done where a report cannot be written as asked."""
    from cx_kpi.render import formats, write

    if format:
        formats.named(format)
    for path in outputs:
        if path != STDOUT:
            _format_of(path, format)
            write.check(path, inputs)


def _format_of(path: str, format: str | None) -> str:
    """By the suffix of the file; the format asked for where the suffix says nothing."""
    from cx_kpi.render import formats

    if format and not PurePath(path).suffix:
        return format
    return formats.of_file(path).name


def write(
    report: Report, format: str | None, outputs: Sequence[str], inputs: Sequence[str], color: bool
) -> None:
    """Each output in its format; stdout where none is named."""
    from cx_kpi.render import formats
    from cx_kpi.render.write import write_whole

    for path in outputs or (STDOUT,):
        if path != STDOUT:
            write_whole(path, formats.render(report, _format_of(path, format)), inputs)
        elif format in (None, "table"):
            _print(_terminal(report, color))
        else:
            _print(formats.render(report, format or "table"))


def _terminal(report: Report, color: bool) -> str:
    import os
    import shutil

    from cx_kpi.render import terminal

    tty = sys.stdout.isatty() and os.environ.get("TERM") != "dumb"
    unicode = "utf" in (sys.stdout.encoding or "").lower() and os.environ.get("TERM") != "dumb"
    plain = not color or bool(os.environ.get("NO_COLOR")) or not tty
    width = max(40, shutil.get_terminal_size((100, 24)).columns)
    return terminal.render(report, width=width, color=not plain, unicode=unicode)


def _print(text: str) -> None:
    encoding = sys.stdout.encoding or "utf-8"
    sys.stdout.write(
        text.encode(encoding, "replace").decode(encoding) if "utf" not in encoding.lower() else text
    )
    sys.stdout.flush()
