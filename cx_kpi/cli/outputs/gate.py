"""For scheduled runs: one line where something needs attention, an exit code, a check that the export arrived."""

import sys
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Literal, cast, get_args

from cx_kpi.cli.options.parse import one_of
from cx_kpi.model.errors import Exit, LateProblem, MissingFile, UsageProblem
from cx_kpi.model.frozen import dataclass
from cx_kpi.model.report import Report
from cx_kpi.model.schema import SPANS
from cx_kpi.model.values import Status, Verdict
from cx_kpi.wording.language import Language

if TYPE_CHECKING:
    from cx_kpi.api import Run

Failing = Literal["missed", "warning", "worse"]
_NAMES = 3  # metrics named in the line
_LONGEST = timedelta(days=36_525)


@dataclass(frozen=True, slots=True)
class Gate:
    """What a run is held to: what it fails on, whether it speaks only when there is something, and on success."""

    fail_on: Failing | None = None
    only_news: bool = False
    max_age: timedelta | None = None
    quiet: bool = False

    def shown(self, outputs: Sequence[str], found: "News") -> list[str]:
        """The outputs of a report with these news: files in any case, stdout where there is something to say."""
        return [path for path in outputs if path != "-" or found or not self.only_news]

    def told(self, found: "News", outputs: Sequence[str], language: str) -> Exit:
        """The exit code of a report with these news, after a line on stderr that sums them up.

        No line where success is to be silent, save news that are to be spoken of, or where no gate was asked for.
        """
        code = Exit.MISSED if self.fail_on and found.counts[self.fail_on] else Exit.DONE
        asked = self.fail_on or self.only_news or self.max_age
        silent = self.quiet and code is Exit.DONE and not self.only_news
        if asked and not silent and (found or not self.only_news):
            sys.stderr.write(f"cxkpi: {summary(found, outputs, Language(language))}\n")
        return code

    def refuse_late(self, paths: Sequence[str]) -> None:
        """Raises `LateProblem` where a file named, or any for a pattern or folder, has not arrived."""
        from cx_kpi.read.files import expand
        from cx_kpi.read.open import SUFFIXES
        from cx_kpi.read.raw.address import shown

        for path in paths if self.max_age else ():
            try:
                expand([path], SUFFIXES, allow_remote=True)
            except MissingFile as problem:
                raise LateProblem(f"{problem}; the export has not arrived", place=shown(path)) from None

    def refuse_stale(self, done: "Run") -> None:
        """Raises `LateProblem` where the latest date of all files, or the moment of `--as-of`, is older than that."""
        latest = _latest(done) if self.max_age else None
        if self.max_age and latest and latest < now() - self.max_age:
            reach = latest.isoformat(" ", "minutes")
            raise LateProblem(
                f"the data reach to {reach}, older than --max-age; the export has not arrived", latest=reach
            )


@dataclass(frozen=True, slots=True)
class News:
    """How many targets are missed, changes are for the worse and warnings there are; the metrics concerned."""

    counts: dict[Failing, int]
    titles: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """Whether there are any news."""
        return any(self.counts.values())


def _latest(done: "Run") -> datetime | None:
    """How far the data reach: a date that is still to come, a slip or an appointment, proves no arrival."""
    windows, limit = done.results.windows, now()
    if windows is None or windows.as_of <= limit or done.options.as_of:
        return windows.as_of if windows else None
    columns = [
        rows.series(name)
        for table, rows in done.results.tables.items()
        for name in SPANS.get(table, ())
        if name in rows.columns
    ]
    dates = [column.filter(column <= limit).max() for column in columns]
    return max((each for each in dates if isinstance(each, datetime)), default=windows.as_of)


def news(made: Report) -> News:
    """What needs attention in the latest full period, or in the window that was chosen.

    A target counts as a whole, and in each segment where the segments are of the same span.
    """
    judged = [(each.title, each.latest or each) for each in made.metrics.values()]
    missed = [title for title, latest in judged if latest.status is Status.MISSED]
    worse = [title for title, latest in judged if latest.verdict is Verdict.WORSENED]
    parts = sum(segment.status is Status.MISSED for segment in made.segments) if _is_window(made) else 0
    warnings = sum(notice.level == "warning" for notice in made.notices)
    counts: dict[Failing, int] = {"missed": len(missed) + parts, "worse": len(worse), "warning": warnings}
    return News(counts, tuple(dict.fromkeys([*missed, *worse])))


def _is_window(made: Report) -> bool:
    """Whether what is judged is the whole window, over which segments are."""
    spans = {(each.latest.start, each.latest.end) for each in made.metrics.values() if each.latest}
    return made.window is None or spans <= {(made.window.start, made.window.end)}


def summary(found: News, outputs: Sequence[str], language: Language) -> str:
    """`2 targets missed, 1 warning (CSAT, Backlog); see report.html`."""
    n = found.counts
    every = {
        "missed": language.plural("{n} target missed", "{n} targets missed", n["missed"]),
        "worse": language.plural("{n} change for the worse", "{n} changes for the worse", n["worse"]),
        "warning": language.plural("{n} warning", "{n} warnings", n["warning"]),
    }
    said = [text for kind, text in every.items() if n[cast("Failing", kind)]]
    if not said:
        return language("nothing to report")
    names = ", ".join(found.titles[:_NAMES]) + (", …" if len(found.titles) > _NAMES else "")
    line = ", ".join(said) + (f" ({names})" if names else "")
    file = next((path for path in outputs if path != "-"), None)
    return language("{news}; see {file}", news=line, file=file) if file else line


def gate(fail_on: str | None, max_age: str | None, *, only_news: bool, quiet: bool) -> Gate:
    """The gate of these options; raises `UsageProblem`."""
    failing = cast("Failing | None", one_of("--fail-on", fail_on, get_args(Failing)))
    return Gate(failing, only_news, length("--max-age", max_age), quiet)


def now() -> datetime:
    """The moment it is."""
    return datetime.now(UTC)


def length(option: str, text: str | None) -> timedelta | None:
    """A length of time such as `2d` or `36h`; raises `UsageProblem`."""
    if text is None:
        return None
    from cx_kpi.engine.facts.target_rules import parse_seconds

    try:
        found = timedelta(seconds=parse_seconds(text))
    except (ValueError, OverflowError):
        found = timedelta()
    if not timedelta() < found <= _LONGEST:
        raise UsageProblem(f"{option} {text!r} is no length of time up to 36525 d; write it as 2d or 36h")
    return found
