"""Lines without an end: found in the bytes by looking for a line end every 64 MB, before anything dear is done."""

from typing import BinaryIO, Final

from cx_kpi.model.errors import InputProblem

ENDLESS: Final = 1 << 26  # bytes of one line, characters of one row; nobody writes such a cell
_STEP: Final = 1 << 16


def endless(name: str, line: int) -> InputProblem:
    """The error in one line."""
    return InputProblem(f"{name}:{line}: a line of over 64 MB; not a table")


def refuse_endless(data: BinaryIO, size: int, name: str, start: int = 0) -> int:
    """Where the last line begins that is known to be short enough; raises `InputProblem` for one that is not.

    `start`: what this gave for fewer bytes of the same data. A carriage return ends a line, too.
    """
    while size - start > ENDLESS:
        end = _last_end(data, start)
        if end is None:
            raise endless(name, _line(data, start))
        start = end
    return start


def _last_end(data: BinaryIO, start: int) -> int | None:
    """After the last line end in the next 64 MB, looked for from behind."""
    place = start + ENDLESS
    while place > start:
        first = max(start, place - _STEP)
        data.seek(first)
        block = data.read(place - first)
        if end := max(block.rfind(b"\n"), block.rfind(b"\r")) + 1:
            return first + end
        place = first
    return None


def _line(data: BinaryIO, place: int) -> int:
    data.seek(0)
    feeds = 0
    while place > 0 and (block := data.read(min(_STEP, place))):
        feeds += block.count(b"\n")
        place -= len(block)
    return feeds + 1
