"""How large the backlog is, where it is large: no change is claimed, so none has to be proven."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from math import isclose

from cx_kpi.judge.sentences.stories.missed_where import first_cut, segment_words
from cx_kpi.judge.statistics.intervals import wilson
from cx_kpi.model.figures import LOWER_BOUND
from cx_kpi.model.report import Finding, Reading, Segment, Window
from cx_kpi.model.values import Unit
from cx_kpi.wording.language import mark
from cx_kpi.wording.units import Words

OPEN, OVERDUE, AGE, CREATED = "backlog", "backlog_overdue", "backlog_age", "tickets_created"
SOLVING = "resolution_time"
FEWEST = 30  # open tickets
LARGE = 0.1  # of as many as were created in the window
MOSTLY = 0.5  # of the open tickets
LEVEL = mark("{title}: {open} tickets are open on {day}, equal to {share} of the {created} created over {span}{more}.")  # fmt: skip
AT_LEAST = mark("at least {n}")
LATE = mark("{n} of them are overdue (older than {limit})")
LATE_MEAN = mark("{n} of them are overdue (older than the mean resolution time, {limit})")
LATE_EACH = mark("{n} of them are overdue (past their own deadline)")
WAITED = mark("half of all open ones have waited for {age} or longer")
HOLDS = mark("{segment} has the most ({n})")
HOLDS_ALIKE = mark("{segment} has the most ({n}), in line with its share of all tickets")
HOLDS_BEYOND = mark(
    "{segment} has the most ({n}): {part} of the open ones, against {share} of all tickets created"
)

Metrics = Mapping[str, Reading]


def with_backlog_level(
    findings: list[Finding], metrics: Metrics, segments: Sequence[Segment], window: Window, words: Words
) -> list[Finding]:
    """The findings with one on a large backlog as the last; where one tells of its growth, that goes on with it."""
    if not _is_large(metrics):
        return findings
    more = "".join(f"; {part}" for part in _parts(metrics, segments, words))
    if any(each.metric == OPEN for each in findings):
        return [_longer(each, more) if each.metric == OPEN else each for each in findings]
    return [*findings, Finding(OPEN, _level(metrics, window, more, words))]


def _is_large(metrics: Metrics) -> bool:
    """Whether a tenth of as many tickets as came are open, or most of the open ones are overdue."""
    still, came, late = (_number(metrics, name) for name in (OPEN, CREATED, OVERDUE))
    return still >= FEWEST and came > 0 and (still >= LARGE * came or late > MOSTLY * still)


def _number(metrics: Metrics, name: str) -> float:
    value = metrics[name].value if name in metrics else None
    return value if isinstance(value, int | float) else 0.0


def _longer(finding: Finding, more: str) -> Finding:
    return replace(finding, text=f"{finding.text.removesuffix('.')}{more}.")


def _level(metrics: Metrics, window: Window, more: str, words: Words) -> str:
    reading, created = metrics[OPEN], metrics[CREATED]
    number = words.value(reading.value, Unit.COUNT)
    last = date.fromisoformat(window.end) - timedelta(days=1)
    return words.language(
        LEVEL,
        title=reading.title,
        open=words.language(AT_LEAST, n=number) if reading.details.get(LOWER_BOUND) else number,
        day=words.dates.moment(last.isoformat()),
        share=words.value(_number(metrics, OPEN) / _number(metrics, CREATED), Unit.SHARE),
        created=words.value(created.value, Unit.COUNT),
        span=words.dates.span(window.start, window.end),
        more=more,
    )


def _parts(metrics: Metrics, segments: Sequence[Segment], words: Words) -> Iterator[str]:
    """How many are overdue, how old they are, and who has the most: as far as it is known."""
    late, age = metrics.get(OVERDUE), metrics.get(AGE)
    if late and late.value:
        yield _late(late, _number(metrics, SOLVING), words)
    if age and age.value:
        about = {
            name: each for name, each in age.details.items() if name != LOWER_BOUND
        }  # which "or longer" says
        yield words.language(WAITED, age=words.read(age.value, Unit.SECONDS, about))
    held = first_cut(OPEN, segments)
    if len(held) > 1:
        most = max(held, key=lambda each: each.n)
        n = words.read(most.value, Unit.COUNT, most.details)
        if None not in most.by.values():
            yield _holds(most, n, metrics, segments, words)


def _holds(most: Segment, n: str, metrics: Metrics, segments: Sequence[Segment], words: Words) -> str:
    """Who has the most; where chance does not explain it, its part of them and of all tickets."""
    name, still, came = segment_words(most, words), _number(metrics, OPEN), _number(metrics, CREATED)
    mine = next((each.n for each in segments if each.metric == CREATED and each.by == most.by), 0)
    if not (mine and still and came):
        return words.language(HOLDS, segment=name, n=n)
    low, high = wilson(min(most.n, round(still)), round(still)) or (0.0, 1.0)
    if low <= mine / came <= high:
        return words.language(HOLDS_ALIKE, segment=name, n=n)
    part, share = (words.value(each, Unit.SHARE) for each in (most.n / still, mine / came))
    return words.language(HOLDS_BEYOND, segment=name, n=n, part=part, share=share)


def _late(late: Reading, mean: float, words: Words) -> str:
    """How many are overdue, and from what age on, where that is the same for all."""
    limit, n = late.details.get("limit_seconds"), words.read(late.value, Unit.COUNT, late.details)
    if limit is None:
        return words.language(LATE_EACH, n=n)
    text = LATE_MEAN if isclose(limit, mean) else LATE
    return words.language(text, n=n, limit=words.value(limit, Unit.SECONDS))
