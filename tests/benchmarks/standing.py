"""Cuts of companies whose segments do not differ: is one said to be worse than all others together (numpy)?"""

from dataclasses import dataclass

import numpy as np
from companies import ANSWERS, DURATIONS, LEADERS, LEADING, SCORES, SHARES, Draw, desk, expit, logit

from cx_kpi.judge.statistics.series import Series
from cx_kpi.judge.verdicts.procedure import judge_report
from cx_kpi.judge.verdicts.standing_out import standing_out
from cx_kpi.model.figures import Mean, Net, Proportion
from cx_kpi.model.report import Segment
from cx_kpi.model.sums import NOTHING, Quantity, summed
from cx_kpi.model.values import Better, Status

RARE = 0.2  # a share below is one to be low, but of these two
WISHED = ("response_rate", "recommend")
NETS = (0.1, 0.1, 0.3, 0.2, 0.3)
POINTS = np.arange(1.0, 6.0)


@dataclass
class Cut:
    """The rows of a company by segment; each has weeks of its own, or all have the same. One may be worse by points."""

    draw: Draw
    tickets: float
    parts: tuple[float, ...]
    own: bool = False
    worse: float = 0.0  # of the last segment, in each share over a half

    def each(self, part):
        """Mood and rows of each day, segment by segment."""
        common = self.draw.mood()
        for of in self.parts:
            yield self.draw.mood() if self.own else common, self.draw.rows(part * self.tickets * of)

    def shares(self, part, rate):
        for place, (mood, n) in enumerate(self.each(part)):
            down = self.worse * (rate > 0.5 and place == len(self.parts) - 1)
            hits = self.draw.rng.binomial(n, expit(logit(rate) + mood) * (1 - down / rate))
            yield self.draw.sums(n, hits, hits), Proportion(int(hits.sum()), int(n.sum()))

    def durations(self, part, spread):
        for mood, n in self.each(part):
            day = np.repeat(np.arange(len(n)), n)
            logs = 9.0 + mood[day] + spread * self.draw.rng.normal(size=len(day))
            yield (
                self.draw.sums(n, *(np.bincount(day, w, len(n)) for w in (logs, logs**2))),
                mean(np.exp(logs)),
            )

    def answers(self, part, chances):
        for mood, n in self.each(part):
            yield n, self.draw.answers(n, chances, mood)

    def scores(self, part, chances):
        for n, found in self.answers(part, chances):
            rows = np.repeat(POINTS, found.sum(0))
            yield self.draw.sums(n, found @ POINTS, found @ POINTS**2), mean(rows, 1.0, 5.0)

    def nets(self, part):
        for n, found in self.answers(part, NETS):
            good, bad = found[:, 3] + found[:, 4], found[:, 0] + found[:, 1]
            days = self.draw.sums(n, 100 * (good - bad), 10_000 * (good + bad))
            yield days, Net(int(good.sum()), int(bad.sum()), int(n.sum()))

    def waits(self, name, median):
        """Of a desk, whose printed means are here those of logs."""
        found = [desk(self.draw, self.tickets * of, median) for of in self.parts]
        logs = [(days, summed(days.values())) for days, _ in found]
        within = [(days, summed(days.values())) for _, days in found]
        yield name, Quantity.DURATION, name, [(days, Mean(int(s.n), s.rate, s.variance)) for days, s in logs]
        shares = [(days, Proportion(int(s.total), int(s.n))) for days, s in within]
        yield f"{name}_within", Quantity.SHARE, name, shares

    def all(self):
        """Each metric: its name, kind, family, and of each segment its days and its sample."""
        for name, (part, rate, family) in SHARES.items():
            yield name, Quantity.SHARE, family, [*self.shares(part, rate)]
        for name, (part, spread, family) in DURATIONS.items():
            yield name, Quantity.DURATION, family, [*self.durations(part, spread)]
        for name, (part, chances, family) in {**SCORES, "csat_score": (0.3, ANSWERS, "csat")}.items():
            yield name, Quantity.SCORE, family, [*self.scores(part, chances)]
        yield "csat", Quantity.SHARE, "csat", [*self.shares(0.3, 0.85)]
        yield "nps", Quantity.NET, "nps", [*self.nets(0.15)]
        if self.draw.company.desk:
            for name, median in (("frt", 1.0), ("resolution", 4.0)):
                yield from self.waits(name, median)


def mean(values, low=None, high=None):
    n = len(values)
    if n < 2:
        return Mean(n, float(values.sum()), 0.0, low, high)
    return Mean(n, float(values.mean()), float(values.var(ddof=1)), low, high)


def _better(name, kind):
    rare = name in SHARES and SHARES[name][1] < RARE and name not in WISHED
    return Better.LOWER if rare or kind is Quantity.DURATION else Better.HIGHER


def _whole(every):
    """The days of all segments together."""
    days = {}
    for part in every:
        for day, sums in part.items():
            days[day] = days.get(day, NOTHING) + sums
    return days


def looked(cut):
    """The judgements of the whole, and which segments stand out, as if each missed its target."""
    found = {name: each for name, *each in cut.all()}
    series = [
        Series(
            name, kind, _whole(days for days, _ in parts), _better(name, kind),
            (1, 5) if kind is Quantity.SCORE else None, family=family, weight=LEADING if (family or name) in LEADERS else 1.0,
        )
        for name, (kind, family, parts) in found.items()
    ]  # fmt: skip
    judged = judge_report(series, cut.draw.periods)
    rows = {
        name: tuple(zip(*(_row(name, place, sample) for place, (_, sample) in enumerate(parts)), strict=True))
        for name, (_, _, parts) in found.items()
    }
    better = {each.metric: each.better for each in series}
    unlike = {name: each.unlike for name, each in judged.items()}
    segments = standing_out(rows, better, unlike, dated=True)
    return judged, [(each.metric, int(each.by["channel"])) for each in segments if each.stands_out]


def _row(name, place, sample):
    return Segment(name, {"channel": str(place)}, 0.5, sample.n, status=Status.MISSED), sample
