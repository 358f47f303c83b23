"""Problems that end a run: one line with what is wrong and what to do, and an exit code."""

from collections.abc import Iterable
from enum import IntEnum


class Exit(IntEnum):
    """Exit codes of the command."""

    DONE = 0
    USAGE = 2
    INPUT = 3
    OUTPUT = 4
    UNSENT = 5
    MISSED = 10
    LATE = 11
    INTERNAL = 70
    INTERRUPTED = 130


class CxkpiError(Exception):
    """A problem the user can act on; `code` is the exit code of the command."""

    code = Exit.INTERNAL


class UsageProblem(CxkpiError):
    """A wrong option or configuration."""

    code = Exit.USAGE


class MetricProblem(UsageProblem):
    """A wrong metric of the user's own: its id, and the key that is wrong."""

    def __init__(self, said: str, metric: str, key: str) -> None:
        super().__init__(said)
        self.metric, self.key = metric, key


class KeyProblem(UsageProblem):
    """A wrong value of the configuration: its key from the outermost table on, with places in lists of tables."""

    def __init__(self, said: str, *key: str | int) -> None:
        super().__init__(said)
        self.key = key


class InputProblem(CxkpiError):
    """A file that cannot be read or used."""

    code = Exit.INPUT


class MissingFile(InputProblem):
    """A file that is not there, or none for a pattern or in a folder."""


class LateProblem(CxkpiError):
    """An export that has not arrived, or is too old; `place` is what was looked for, `latest` how far its data reach."""

    code = Exit.LATE

    def __init__(self, said: str, *, place: str = "", latest: str = "") -> None:
        super().__init__(said)
        self.place, self.latest = place, latest


class NoData(InputProblem):
    """A file with nothing in it: alone it cannot be used, among others it is left out, with this notice."""

    notice = "empty_file"


class OwnOutput(NoData):
    """A file that cxkpi wrote itself, no export."""

    notice = "own_output"


class LeadsOut(NoData):
    """A link in a folder to something outside it, which the user did not name."""

    notice = "leads_out"


class OutputProblem(CxkpiError):
    """A report that could not be written."""

    code = Exit.OUTPUT


class UnsentProblem(CxkpiError):
    """A message that could not be sent; the report is made."""

    code = Exit.UNSENT


class HistoryProblem(CxkpiError):
    """A history that cannot be read or written; the report can."""

    code = Exit.OUTPUT


def missing_package(what: str, extra: str) -> str:
    """The message where a package is not installed, and the extra of ours that brings it."""
    return f"{what} needs one more package; install it with: pip install 'cxkpi[{extra}]'"


def nearest(word: str, known: Iterable[str], *, most: int = 12) -> str:
    """A hint such as `; did you mean csat?`, else the known names where there are at most `most`, else nothing."""
    from difflib import get_close_matches

    names = {name.casefold(): name for name in sorted(known)}
    same = [word.casefold()] if word.casefold() in names else []
    close = same or get_close_matches(word.casefold(), names, n=3, cutoff=0.65)
    if close:
        return f"; did you mean {' or '.join(names[each] for each in close)}?"
    return f"; known: {', '.join(names.values())}" if 0 < len(names) <= most else ""
