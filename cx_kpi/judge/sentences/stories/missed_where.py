"""Where a missed target is missed: the segment that brings most of the misses beyond its part, by more than chance."""

from collections.abc import Collection, Iterator, Mapping, Sequence

from cx_kpi.metrics.registry import METRICS
from cx_kpi.model.figures import Proportion
from cx_kpi.model.frozen import dataclass
from cx_kpi.model.report import Finding, Reading, Segment
from cx_kpi.model.values import Better, Unit
from cx_kpi.wording.language import mark
from cx_kpi.wording.names import CHANNEL, DIMENSION
from cx_kpi.wording.units import Words, short

MOST = 2  # sentences
_MANY = 0.4  # of the misses; below, how bad the segment is says more than how many of them it has
MISSES = mark("{title}: {value} in {segment}, {rest} elsewhere; it has {part} of the misses.")
CASES = mark("{title}: {value} in {segment}, {rest} elsewhere; it has {part} of the cases.")
WORST = mark("{title}: {segment} is the worst ({value}, {rest} elsewhere), with {part} of the misses.")
OF_THEM = mark("{title}: {value} in {segment}, {rest} elsewhere; it has {part} of {whom}.")
NOWHERE = mark(
    "{title}: by {dimension} between {low} and {high}; the differences may be chance, so no segment stands out."
)

Rows = Sequence[Segment]


@dataclass(frozen=True, slots=True)
class _Misses:
    """The misses of a segment and of all others."""

    segment: Segment
    mine: Proportion
    rest: Proportion

    @property
    def beyond(self) -> float:
        """Its misses beyond what it would have at the rate of all others."""
        return self.mine.hits - self.mine.n * self.rest.hits / self.rest.n


def missed_where(
    names: Sequence[str], metrics: Mapping[str, Reading], segments: Rows, length: str, words: Words
) -> list[Finding]:
    """At most two sentences on shares that miss their target, over the window; one, if nothing stands out."""
    asked = {name for name in names if metrics[name].unit is Unit.SHARE}
    apart = _by_metric(segments, asked)
    cuts = {name: first_cut(name, apart[name]) for name in names if name in asked}
    cuts = {name: rows for name, rows in cuts.items() if len(rows) > 1}
    found = {name: worst for name, rows in cuts.items() if (worst := _worst(rows, metrics[name].better))}
    told = sorted(found, key=lambda name: -found[name].beyond / max(metrics[name].n, 1))[:MOST]
    if told:
        return [Finding(name, _said(found[name], metrics[name], length, words)) for name in told]
    alike = [(name, rows) for name, rows in cuts.items() if _holds(rows, metrics[name])]
    return [Finding(name, _nowhere(rows, metrics[name], length, words)) for name, rows in alike[:1]]


def _by_metric(segments: Rows, asked: Collection[str]) -> dict[str, list[Segment]]:
    """The segments of some metrics, in one look at all: there may be very many."""
    found: dict[str, list[Segment]] = {name: [] for name in asked}
    for each in segments:
        if each.metric in found:
            found[each.metric].append(each)
    return found


def first_cut(name: str, segments: Rows) -> list[Segment]:
    """The segments of a metric by the first dimension alone that has any."""
    found = [each for each in segments if each.metric == name and len(each.by) == 1]
    return [each for each in found if [*each.by] == [*found[0].by] and isinstance(each.value, int | float)]


def _worst(rows: Rows, better: Better) -> _Misses | None:
    """The segment that is worse than all others by more than chance and brings most; None where none is."""
    if not any(each.stands_out for each in rows):
        return None
    kept = [each for each in _misses(rows, better) if each.segment.stands_out and each.beyond > 0]
    return max(kept, key=lambda each: each.beyond, default=None)


def _misses(rows: Rows, better: Better) -> Iterator[_Misses]:
    missed = [_missed(each, better) for each in rows]
    n, hits = sum(each.n for each in missed), sum(each.hits for each in missed)
    for row, mine in zip(rows, missed, strict=True):
        rest = Proportion(hits - mine.hits, n - mine.n)
        if rest.n:
            yield _Misses(row, mine, rest)


def _missed(row: Segment, better: Better) -> Proportion:
    share = float(row.value) if isinstance(row.value, int | float) else 0.0
    return Proportion(round(row.n * (share if better is Better.LOWER else 1 - share)), row.n)


def _said(found: _Misses, reading: Reading, length: str, words: Words) -> str:
    low = reading.better is Better.LOWER
    rest = found.rest.hits / found.rest.n
    metric = METRICS.get(found.segment.metric)
    whom = metric.whom if metric and low else ""
    part = found.mine.hits / (found.mine.hits + found.rest.hits)
    misses = MISSES if part >= _MANY else WORST
    return words.language(
        OF_THEM if whom else CASES if low else misses,
        whom=words.language(whom) if whom else "",
        title=", ".join(filter(None, (reading.title, length))),
        part=words.value(part, Unit.SHARE),
        segment=segment_words(found.segment, words),
        value=words.value(found.segment.value, Unit.SHARE),
        rest=words.value(rest if low else 1 - rest, Unit.SHARE),
    )


def _holds(rows: Rows, reading: Reading) -> bool:
    """Whether the whole lies between its segments; not so where those of few rows, which are not shown, decide."""
    low, high = _ends(rows)
    return isinstance(reading.value, int | float) and low <= reading.value <= high


def _ends(rows: Rows) -> tuple[float, float]:
    """The lowest and the highest of their values."""
    known = [each.value for each in rows if isinstance(each.value, int | float)]
    return min(known), max(known)


def _nowhere(rows: Rows, reading: Reading, length: str, words: Words) -> str:
    (dimension,) = rows[0].by
    low, high = _ends(rows)
    return words.language(
        NOWHERE,
        title=", ".join(filter(None, (reading.title, length))),
        dimension=words.language(DIMENSION.get(dimension, dimension)),
        low=words.value(low, Unit.SHARE),
        high=words.value(high, Unit.SHARE),
    )


def segment_words(segment: Segment, words: Words) -> str:
    """`team DSNY`, and of a channel its name alone."""
    ((dimension, value),) = segment.by.items()
    return part_words(dimension, value or "", words)


def part_words(dimension: str, value: str, words: Words) -> str:
    """A value of a dimension in words; of a channel its name alone."""
    kind = "" if dimension == "channel" else words.language(DIMENSION.get(dimension, dimension))
    return f"{kind} {name_words(value, words)}".strip()


def name_words(value: str, words: Words) -> str:
    """The name of a segment as people are shown it."""
    return short(words.language(CHANNEL.get(value, value)))
