"""What comes, in words."""

from collections.abc import Sequence
from math import floor

from cx_kpi.model.values import Ahead, Paced, Unit
from cx_kpi.wording.language import mark
from cx_kpi.wording.units import Words

WHAT_COMES = mark("What comes: {title}")
RANGE = mark("As the latest four weeks; four of five weeks fall into the range.")
EXPECTED = mark("As a year ago; four of five weeks fall into the range.")
LABELS = (mark("so far"), mark("expected"), mark("range from"), mark("range to"))
WEEK = mark("{week}: about {value} ({low} to {high} four times in five)")
WEEK_END = mark("by the end of {week}: about {value} ({low} to {high} four times in five)")
ERROR = mark("half of the past forecasts came within {error}")
MET = mark(
    "{value} in {quarter} so far, target {target} met; at least {needed} of the {rest} to come keeps it"
)
MET_LOW = mark(
    "{value} in {quarter} so far, target {target} met; at most {needed} of the {rest} to come keeps it"
)
SAFE = mark("{value} in {quarter} so far, target {target} met, whatever comes")
SHORT = mark(
    "{value} in {quarter} so far, {cases} short of the target {target}; "
    "at least {needed} of the {rest} to come would reach it"
)
SHORT_LOW = mark(
    "{value} in {quarter} so far, {cases} too many for the target {target}; "
    "at most {needed} of the {rest} to come would reach it"
)
LOST = mark(
    "{value} in {quarter} so far; the target {target} is out of reach: {cases} too many were missed already"
)
LOST_LOW = mark(
    "{value} in {quarter} so far; the target {target} is out of reach: so far {cases} more than it allows"
)


def ahead_text(weeks: Sequence[Ahead], words: Words, *, level: bool = False) -> str:
    """`week 14 of 2026: about 64 (52 to 79 four times in five); …; half of the past forecasts came within 9%`."""
    ends = weeks if len(weeks) == 1 else (weeks[0], weeks[-1])
    count = words.numerals.decimal
    parts = [
        words.language(
            WEEK_END if level else WEEK,
            week=words.dates.period(each.start, "week"),
            **{name: count(floor(number + 0.5)) for name, number in _numbers(each).items()},
        )
        for each in ends
    ]
    error = f"{count(100 * ends[0].error)}{words.numerals.percent}"
    return "; ".join([*parts, words.language(ERROR, error=error)])


def _numbers(week: Ahead) -> dict[str, float]:
    return {"value": week.value, "low": week.low, "high": week.high}


def pace_text(paced: Paced, words: Words) -> str:
    """The share of the quarter so far, the target, and what the rest has to be."""
    low = paced.target.operator == "<="
    lost, count = paced.needed is None, words.numerals.decimal
    safe = paced.needed is not None and paced.needed >= 1 if low else paced.needed == 0
    if lost:
        text = LOST_LOW if low else LOST
    elif paced.met:
        text = SAFE if safe else MET_LOW if low else MET
    else:
        text = SHORT_LOW if low else SHORT
    return words.language(
        text,
        value=words.value(paced.value, Unit.SHARE),
        quarter=words.dates.period(paced.start, "quarter"),
        target=words.target(paced.target, Unit.SHARE),
        needed="" if paced.needed is None else words.value(paced.needed, Unit.SHARE),
        cases=words.language.plural("{n} case", "{n} cases", paced.cases, n=count(paced.cases)),
        rest=count(paced.to_come),
    )
