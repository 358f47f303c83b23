"""In which windows of a report the spans of a part count, and which windows a part cannot tell."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date

import polars as pl

from cx_kpi.engine.aggregation.binning import GROUPS
from cx_kpi.engine.planning.plan import Job
from cx_kpi.engine.time.windows import GroupName, Windows
from cx_kpi.model.frozen import dataclass
from cx_kpi.store.parts.held.over_time import adds_over_time
from cx_kpi.store.parts.held.part_spans import GRAINS, in_periods, in_pieces, is_edge, over
from cx_kpi.store.parts.held.summed import EARLY, END, PIECE, SECTION, START, WHOLE, Account

Section = tuple[str, date, date]
Number = tuple[GroupName, int]  # of a window


@dataclass(frozen=True, slots=True)
class Target:
    """A window in which a span counts, and whether it does with its cuts."""

    group: GroupName
    window: int
    cut: bool = False


@dataclass(frozen=True, slots=True)
class Places:
    """Where each span of a part counts, the windows that the part cannot tell, and whether it can tell no cut."""

    targets: Mapping[Section, list[Target]]
    untold: frozenset[Number]
    uncut: bool

    def table(self) -> pl.DataFrame:
        """The targets as a table: section, start, end, group, window, cuts."""
        rows = [
            (*section, each.group, each.window, each.cut)
            for section, targets in self.targets.items()
            for each in targets
        ]
        schema = {
            SECTION: pl.String,
            START: pl.Date,
            END: pl.Date,
            "group": pl.String,
            "window": pl.Int32,
            "cuts": pl.Boolean,
        }
        return pl.DataFrame(rows, schema, orient="row")


def places(job: Job, account: Account, windows: Windows, latest: date) -> Places:
    """Where the spans of one metric of a part count in the windows of a report; `latest` is where its last part ends."""
    if job.method.clock.undated:
        whole = (WHOLE, account.begin, account.over)
        return Places({whole: [Target("overall", 0, cut=True)]}, frozenset(), uncut=False)
    held = _Held(job, account, windows)
    targets: dict[Section, list[Target]] = defaultdict(list)
    untold: set[Number] = set()
    for group, number, start, end in every(windows):
        entire = group == "overall" and held.is_in(start, end)
        sections = held.entire(start) if entire else held.sections(start, end)
        for section in sections or ():
            targets[section].append(Target(group, number, cut=entire))
        if sections is None or held.ends_before(min(end, latest)):
            untold.add((group, number))
    return Places(
        targets, frozenset(untold), uncut=held.is_cut_by(windows.overall.start, windows.overall.end)
    )


def every(windows: Windows) -> Iterator[tuple[GroupName, int, date, date]]:
    """Each window: its group and number, its first day, and the first after it."""
    for group in GROUPS:
        for number, span in enumerate(windows.group(group)):
            yield group, number, span.start, span.end


class _Held:
    """The spans by which a part holds a metric."""

    def __init__(self, job: Job, account: Account, windows: Windows) -> None:
        self.begin, self.over = account.begin, account.over
        self.reach = account.reach
        own = over(windows, account.begin, account.over)
        self.pieces = [(span.start, span.end) for span in in_pieces(own, account.reach).series]
        self.periods = {
            (span.start, span.end): grain
            for grain in GRAINS
            for span in in_periods(own, account.reach, grain).series
        }
        self.adds_up = adds_over_time(job)
        clock = job.method.clock
        self.is_stock = clock.until is not None and not clock.opening

    def is_in(self, start: date, end: date) -> bool:
        """Whether the whole part is in a window."""
        return start <= self.begin and end >= self.over

    def is_cut_by(self, start: date, end: date) -> bool:
        """Whether the part reaches into a window and out of it."""
        return start < self.over and end > self.begin and not self.is_in(start, end)

    def ends_before(self, day: date) -> bool:
        """Whether the level on that day is not known any more."""
        return self.is_stock and self.over < day

    def entire(self, start: date) -> list[Section]:
        """The spans that come to all of the part in a window that begins with it, or before."""
        early = self.adds_up and start < self.begin
        return [self._whole, *([(EARLY, self.reach, self.begin)] if early else [])]

    def sections(self, start: date, end: date) -> list[Section] | None:
        """The spans that come to a window; None where none do."""
        if self.is_stock:
            return self._level(end)
        if self.adds_up:
            return self._inside(start, end)
        if start >= self.over or end <= self.reach:
            return []
        if grain := self.periods.get((start, end)):
            return [(grain, start, end)]
        return [self._whole] if self.is_in(start, end) else None

    @property
    def _whole(self) -> Section:
        return WHOLE, self.begin, self.over

    def _level(self, end: date) -> list[Section] | None:
        """The span at whose end the level is the one at the end of a window."""
        if end >= self.over:
            return [self._whole]
        if end <= self.reach:
            return []
        return next(([(PIECE, *piece)] for piece in self.pieces if piece[1] == end), None)

    def _inside(self, start: date, end: date) -> list[Section] | None:
        """The pieces in a window that begins and ends with pieces, or before and after all of them."""
        if not all(
            is_edge(day) or before for day, before in ((start, start <= self.begin), (end, end >= self.over))
        ):
            return None
        low, high = start if is_edge(start) else date.min, end if is_edge(end) else date.max
        return [(PIECE, *piece) for piece in self.pieces if low <= piece[0] and piece[1] <= high]
