"""Files in which a spreadsheet has put whole lines in quotes: each line is one cell that holds a row."""

import re
from dataclasses import replace

from cx_kpi.read.raw.binary import File
from cx_kpi.read.raw.encoding import detect
from cx_kpi.read.raw.source import Remark, counted
from cx_kpi.wording.language import mark

_LINE = re.compile(r'"((?:[^"]|"")*)"[,;\t|]*')
_INSIDE = re.compile(r"[,;\t|]")
_LOOKED_AT = 50  # lines


def unwrapped(file: File, head: bytes) -> tuple[File, tuple[Remark, ...]]:
    """The file with its lines without their quotes, where nearly all have them; else the file as it is."""
    encoding, marked = detect(head)
    lines = [line.strip() for line in head[marked:].decode(encoding, "replace").split("\n")[: _LOOKED_AT + 1]]
    rows = [line for line in lines[1:_LOOKED_AT] if line]
    if not rows or not all(map(_is_wrapped, rows)) or not (_is_wrapped(lines[0]) or _INSIDE.search(lines[0])):
        return file, ()
    text = b"".join(file.chunks())[marked:].decode(encoding, "replace")
    plain = [_plain(line.rstrip("\r")) for line in text.split("\n")]
    count = sum(_is_wrapped(line.strip()) for line in text.split("\n"))
    said = counted(
        "unwrapped", mark("Lines that stood in quotes as a whole, taken out of them: {rows}."), count
    )
    return replace(file, piped="\n".join(plain).encode(), title=file.name), said


def _is_wrapped(line: str) -> bool:
    """Whether the line is one quoted cell that holds several."""
    found = _LINE.fullmatch(line)
    return found is not None and _INSIDE.search(found[1]) is not None


def _plain(line: str) -> str:
    found = _LINE.fullmatch(line.strip())
    return found[1].replace('""', '"') if found and _INSIDE.search(found[1]) else line
