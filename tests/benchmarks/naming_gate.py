"""Whole reports in which a segment is named only below a change that was shown, over five dimensions (numpy)."""

from dataclasses import replace
from functools import partial

import numpy as np

from cx_kpi.judge.statistics.weekdays import WEEK
from cx_kpi.judge.verdicts.count_causes import opened_counts
from cx_kpi.judge.verdicts.decomposition import SegmentWeeks, decompose_each
from cx_kpi.judge.verdicts.procedure import judge_report
from cx_kpi.model.sums import NOTHING, Quantity, Sums
from cx_kpi.model.values import Verdict

PARTED = (Quantity.COMPOSITE, Quantity.COMPOSITION, Quantity.STOCK)


def spoken(judged, periods):
    """What a report speaks of: each metric with the periods and those they are set against."""
    for name, each in judged.items():
        if each.verdict not in (None, Verdict.UNCHANGED):
            yield name, each.subject, each.baseline
        odd = {event.period for event in each.events}
        rest = [number for number in range(len(periods)) if number not in {*odd, *each.subject}]
        yield from ((name, (number,), rest) for number in sorted(odd))


def split(rng, series, parts):
    """The rows of a metric over segments that have nothing to do with it: the days of each."""
    found = [{} for _ in parts]
    for day, sums in series.days.items():
        n = int(sums.n)
        if series.quantity is Quantity.SHARE:
            values = np.repeat((1.0, 0.0), (int(sums.total), n - int(sums.total)))
        else:
            values = sums.rate + sums.variance**0.5 * rng.normal(size=n)
        of = rng.choice(len(parts), n, p=parts)
        counts, totals, squares = (np.bincount(of, w, len(parts)) for w in (None, values, values**2))
        for place in np.nonzero(counts)[0]:
            found[place][day] = Sums(int(counts[place]), float(totals[place]), float(squares[place]))
    return found


def weeks(days, periods, numbers):
    """The sums of some periods by week."""
    found = {}
    for number in numbers:
        for day in range(periods[number].start, periods[number].end):
            if day in days:
                week = (day - 1) // WEEK
                found[week] = found.get(week, NOTHING) + days[day]
    return found


def names(series, dimensions, periods, now, before):
    """The segments that a finding names, the surest first; `dimensions` hold the days of each segment."""
    slices = {
        by: [
            SegmentWeeks(f"{by} {i}", weeks(days, periods, before), weeks(days, periods, now))
            for i, days in enumerate(of)
        ]
        for by, of in dimensions.items()
    }
    if series.quantity is Quantity.COUNT:
        long, short = (sum(periods[i].end - periods[i].start for i in span) for span in (now, before))
        found = decompose_each(slices, True, partial(opened_counts, length=long / short))
    else:
        found = decompose_each(slices, True)
    return [
        name for _, name in sorted((cause.p, cause.name) for each in found.values() for cause in each.named)
    ]


def stable(rng, history, dimensions):
    """Whether a report on a company in which nothing changes says something, and whether it names a segment."""
    every, periods = history
    judged, known = judge_report(every, periods), {each.metric: each for each in every}
    said = [told for told in spoken(judged, periods) if known[told[0]].quantity not in PARTED]
    named = any(
        names(known[name], {by: split(rng, known[name], parts) for by, parts in dimensions.items()}, periods, now, before)
        for name, now, before in said
    )  # fmt: skip
    return bool(said), named


def planted(history, days, dimensions):
    """Whether the fall of CSAT is said, and whom the report names for it, the surest first."""
    every, periods = history
    csat = next(each for each in every if each.metric == "csat")
    fallen = replace(csat, days=days)
    alone = [each for each in every if each.family != "csat"]
    judged = judge_report([*alone, fallen], periods)["csat"]
    if judged.verdict is not Verdict.WORSENED:
        return False, []
    return True, names(fallen, dimensions, periods, judged.subject, judged.baseline)


def by_day(days, rows, hits):
    """The days of each segment, of rows and hits by segment and day."""
    return [
        {int(day): Sums(int(n), int(k), int(k)) for day, n, k in zip(days, ns, ks, strict=True) if n}
        for ns, ks in zip(rows, hits, strict=True)
    ]
