"""Lines of a text file by their numbers, to show what was set aside."""

import sys
from collections.abc import Collection
from pathlib import Path

from cx_kpi.read.delimited.decoded import Text
from cx_kpi.read.delimited.dialect import sniff
from cx_kpi.read.raw.binary import open_binary

_HEAD = 1 << 18


def lines_of(path: str, wanted: Collection[int]) -> dict[int, str]:
    """The lines of these numbers (from 1); none of what came through a pipe. Raises `InputProblem`."""
    if not wanted or not Path(path).is_file():
        return {}
    file = open_binary(Path(path), sys.maxsize)
    head = next(file.chunks(_HEAD), b"")
    dialect = sniff(head, whole=len(head) < _HEAD)
    found: dict[int, str] = {}
    number, rest = 1, ""
    for block in Text(file, dialect, dialect.encoding, settled=not head.isascii()):
        *lines, rest = (rest + block).split("\n")
        found |= {place: line for place, line in enumerate(lines, number) if place in wanted}
        number += len(lines)
    return found | ({number: rest} if number in wanted else {})
