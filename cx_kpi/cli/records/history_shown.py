"""What `cxkpi history` shows: the readings that were asked for, each metric and segment in periods of one length."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from cx_kpi import __version__
from cx_kpi.cli.records.history_read import readings
from cx_kpi.engine.time.periods import GRAINS, name_of, year_start
from cx_kpi.metrics.definition.metric import Metric
from cx_kpi.metrics.registry import known_metrics
from cx_kpi.model.documents.recorded_history import (
    BETWEEN,
    SCHEMA_VERSION,
    Counted,
    History,
    PeriodName,
    Recorded,
    Track,
)
from cx_kpi.model.errors import InputProblem
from cx_kpi.model.frozen import dataclass
from cx_kpi.model.options import Config
from cx_kpi.model.report import Tool
from cx_kpi.model.values import Better, Unit
from cx_kpi.wording.language import Language


@dataclass(frozen=True, slots=True)
class Asked:
    """Which readings to show: some metrics, segments of these values (None: any), a length of periods, a span of days."""

    metrics: tuple[str, ...] = ()
    segment: Mapping[str, str | None] | None = None
    period: str | None = None
    since: date | None = None
    until: date | None = None

    def holds(self, each: Recorded) -> bool:
        """Whether a reading is one of them, its length aside."""
        since, until = (day.isoformat() if day else "" for day in (self.since, self.until))
        return each.start >= since and (not until or each.end <= until) and self._is_of(each.by)

    def _is_of(self, by: str) -> bool:
        found = dict(part.partition("=")[::2] for part in by.split(BETWEEN)) if by else {}
        asked = self.segment or {}
        if found.keys() != asked.keys():
            return False
        return all(value is None or found[name] == value for name, value in asked.items())


def history(path: str, asked: Asked, config: Config, language: Language) -> History:
    """The history in a file; raises `HistoryProblem`, and `InputProblem` where nothing was recorded of what is asked."""
    found, counted = readings(path, asked.metrics)
    known, year_starts = known_metrics(config), year_start(config.fiscal_year_starts)
    units = {each.metric: each for each in counted}
    tracks = [
        track
        for metric, every in _in_order(found, [*known]).items()
        for track in _tracks(known.get(metric), units[metric], every, asked, year_starts, language)
    ]
    if not tracks:
        raise InputProblem(f"{path}: nothing was recorded of that; see: cxkpi history --record {path}")
    shown = {point.definition for track in tracks for point in track.points}
    return History(
        schema_version=SCHEMA_VERSION,
        tool=Tool("cxkpi", __version__),
        language=language.code,
        path=path,
        tracks=tracks,
        definitions=[each for each in counted if each.definition in shown],
    )


def _in_order(found: Mapping[str, list[Recorded]], known: Sequence[str]) -> dict[str, list[Recorded]]:
    """The metrics in the order of reports, those that are no more last."""
    names = sorted(found, key=lambda name: (known.index(name) if name in known else len(known), name))
    return {name: found[name] for name in names}


def _tracks(
    declared: Metric | None,
    counted: Counted,
    every: Sequence[Recorded],
    asked: Asked,
    year_starts: int,
    language: Language,
) -> Iterator[Track]:
    """A metric by segment, in periods of the length asked for, else of the one that most are of."""
    by: dict[str, dict[PeriodName, list[Recorded]]] = defaultdict(lambda: defaultdict(list))
    for each in _latest(filter(asked.holds, every)):
        by[each.by][_length(each, year_starts)].append(each)
    title, better = (declared.title, declared.better) if declared else (counted.metric, Better.NEITHER)
    for segment, lengths in sorted(by.items()):
        length = asked.period or max(lengths, key=lambda name: (len(lengths[name]), name in GRAINS, name))
        points = next((each for name, each in lengths.items() if name == length), [])
        if any(point.n for point in points):
            yield Track(
                metric=counted.metric,
                title=language(title),
                unit=Unit(counted.how["unit"]),
                better=better,
                period=_length(points[0], year_starts),
                by=segment,
                points=points,
                currency=counted.how.get("costs", {}).get("currency", ""),
            )


def _length(each: Recorded, year_starts: int) -> PeriodName:
    return name_of(date.fromisoformat(each.start), date.fromisoformat(each.end), year_starts)


def _latest(every: Iterable[Recorded]) -> list[Recorded]:
    """Each period once: as it was counted last."""
    found = {
        (each.by, each.start, each.end): each
        for each in sorted(every, key=lambda each: (each.as_of, each.definition))
    }
    return [found[place] for place in sorted(found)]
