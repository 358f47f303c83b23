"""Companies for the simulations: sums of days, drawn from what statistics needs to know of them (numpy)."""

from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise

import numpy as np

from cx_kpi.judge.statistics.series import Period, Series
from cx_kpi.model.sums import Quantity, Sums
from cx_kpi.model.values import Better

WEEKDAYS = np.array([1.25, 1.2, 1.15, 1.15, 1.1, 0.6, 0.55])  # contacts, Monday first
LEADING = 3.0  # weight of the metrics that lead a report
LEADERS = {"csat", "nps", "ces", "frt", "resolution", "backlog", "complaints", "complaint_time", "call_wait"}


@dataclass(frozen=True)
class Company:
    """What differs between companies: log-sd of weeks and days, and how weeks follow one another."""

    weeks: float = 0.0
    days: float = 0.0
    ar: float = 0.0
    desk: bool = False


COMPANIES = {
    "A": Company(),
    "B": Company(0.25, 0.15),
    "C": Company(0.15, 0.10),
    "desk": Company(desk=True),
    "AR": Company(0.15, 0.10, 0.3),
}

# metric: kind, rows per ticket, rate or spread, family
DURATIONS = {
    "frt": (1.0, 1.0, "frt"), "frt_business": (1.0, 1.0, "frt"), "resolution": (0.97, 1.2, "resolution"),
    "resolution_business": (0.97, 1.2, "resolution"), "complaint_time": (0.05, 1.0, "complaint_time"),
    "next_response": (0.6, 1.1, "next_response"), "requester_wait": (0.97, 1.2, "requester_wait"),
    "agent_wait": (0.5, 1.2, "agent_wait"), "call_wait": (0.3, 1.0, "call_wait"), "hold": (0.3, 1.3, "hold"),
}  # fmt: skip
SHARES = {
    "frt_within": (1.0, 0.88, "frt"), "resolution_within": (0.97, 0.8, "resolution"),
    "complaint_within": (0.05, 0.85, "complaint_time"), "next_within": (0.6, 0.9, "next_response"),
    "reopen": (0.97, 0.06, ""), "escalation": (1.0, 0.1, ""), "one_touch": (0.9, 0.6, ""),
    "repeat": (0.9, 0.12, ""), "follow_up": (0.97, 0.05, ""), "reassignment": (1.0, 0.2, ""),
    "abandon": (0.3, 0.06, ""), "service_level": (0.3, 0.8, "call_wait"), "response_rate": (0.8, 0.3, ""),
    "complaint_resolution": (0.05, 0.93, ""), "complaint_repeat": (0.05, 0.08, ""),
    "management": (0.05, 0.95, ""), "ces": (0.1, 0.7, ""), "recommend": (0.02, 0.3, ""),
}  # fmt: skip
SCORES = {
    "review": (0.05, (0.08, 0.05, 0.1, 0.27, 0.5), ""),
    "complaint_score": (0.03, (0.1, 0.1, 0.2, 0.35, 0.25), ""),
}  # fmt: skip
COMPOSITIONS = {  # rows per ticket, shares
    "channel_share": (1.0, (0.35, 0.25, 0.2, 0.1, 0.07, 0.03)),
    "complaints_by_product": (0.05, (0.5, 0.3, 0.2)), "churn_reasons": (0.02, (0.4, 0.3, 0.2, 0.1)),
}  # fmt: skip
STAGES = {  # chances of each answer
    "order": (0.03, 0.05, 0.12, 0.4, 0.4), "delivery": (0.05, 0.1, 0.15, 0.4, 0.3),
    "use": (0.03, 0.07, 0.2, 0.4, 0.3), "help": (0.1, 0.1, 0.2, 0.35, 0.25),
}  # fmt: skip
ANSWERS = (0.05, 0.04, 0.06, 0.35, 0.5)  # of csat: 85 % satisfied


@dataclass
class Draw:
    """One company's history, being drawn."""

    company: Company
    rng: np.random.Generator
    periods: list[Period]
    days: np.ndarray = field(init=False)

    def __post_init__(self):
        self.days = np.arange(self.periods[0].start, self.periods[-1].end)

    def mood(self):
        """By how much each day's log wait, or log odds, is off."""
        weeks = (self.days - 1) // 7
        first = weeks[0]
        shocks = self.rng.normal(size=weeks[-1] - first + 1)
        for i in range(1, len(shocks)):
            shocks[i] = self.company.ar * shocks[i - 1] + (1 - self.company.ar**2) ** 0.5 * shocks[i]
        return self.company.weeks * shocks[weeks - first] + self.company.days * self.rng.normal(
            size=len(self.days)
        )

    def rows(self, monthly):
        """How many rows each day has, for this number a month."""
        return self.rng.poisson(monthly / 30.4 * WEEKDAYS[(self.days - 1) % 7])

    def sums(self, n, total, squares):
        """Days as the engine gives them."""
        return {
            int(day): Sums(int(k), float(t), float(s))
            for day, k, t, s in zip(self.days, n, total, squares, strict=True)
            if k
        }

    def later(self, months):
        """Which days are in the last months."""
        return self.days >= self.periods[-months].start

    def share(self, monthly, rate, shift=0.0):
        n = self.rows(monthly)
        hits = self.rng.binomial(n, expit(logit(rate) + shift + self.mood()))
        return self.sums(n, hits, hits)

    def counts(self, monthly):
        n = self.rng.poisson(monthly / 30.4 * WEEKDAYS[(self.days - 1) % 7] * np.exp(self.mood()))
        return self.sums(n, n, n)

    def durations(self, monthly, spread, shift=0.0):
        n = self.rows(monthly)
        mean = 9.0 + shift + self.mood() + spread * self.rng.normal(size=len(n)) / np.sqrt(np.maximum(n, 1))
        within = spread**2 * np.where(n > 1, self.rng.chisquare(np.maximum(n - 1, 1)), 0.0)
        return self.sums(n, n * mean, within + n * mean**2)

    def answers(self, n, chances, shift):
        """How many of each answer 1 to 5 each day has; cumulative log odds are shifted."""
        edges = np.cumsum(chances)[:-1]
        below = expit(logit(edges)[None, :] - np.broadcast_to(shift, n.shape)[:, None])
        p = np.diff(np.concatenate([np.zeros((len(n), 1)), below, np.ones((len(n), 1))], axis=1), axis=1)
        return self.rng.multinomial(n, np.clip(p, 0, 1))

    def scores(self, monthly, chances, shift=0.0):
        """Sums of the scores, and of the satisfied among them (4 and 5)."""
        n = self.rows(monthly)
        found = self.answers(n, chances, shift + self.mood())
        points = np.arange(1, 6)
        satisfied = found[:, 3] + found[:, 4]
        return self.sums(n, found @ points, found @ points**2), self.sums(n, satisfied, satisfied)

    def parts(self, monthly, shares):
        """How many rows each name has in each period, each with luck of its own."""
        found = [self.counts(monthly * share) for share in shares]
        spans = [range(period.start, period.end) for period in self.periods]
        return [
            {str(i): int(sum(days[d].n for d in span if d in days)) for i, days in enumerate(found)}
            for span in spans
        ]

    def net(self, monthly, shift=0.0):
        n = self.rows(monthly)
        found = self.answers(n, (0.1, 0.1, 0.3, 0.2, 0.3), shift + self.mood())
        for_, against = found[:, 3] + found[:, 4], found[:, 0] + found[:, 1]
        return self.sums(n, 100 * (for_ - against), 10_000 * (for_ + against))

    def stock(self, monthly, drift=0.0):
        """A queue that wanders around its level, or grows by `drift` a day."""
        steps, level, levels = self.rng.normal(drift, (2 * monthly / 30.4) ** 0.5, len(self.days)), 0.0, []
        for step in steps:
            level = 0.97 * level + step if not drift else level + step
            levels.append(monthly / 3 + level)
        one = np.ones(len(levels))
        return self.sums(one, levels, one)


def months(number, start=date(2025, 1, 1)):
    """A number of calendar months from a day on."""
    firsts = [
        date(start.year + (start.month - 1 + i) // 12, (start.month - 1 + i) % 12 + 1, 1)
        for i in range(number + 1)
    ]
    edges = [day.toordinal() for day in firsts]
    return [Period(a, b) for a, b in pairwise(edges)]


def expit(x):
    return 1 / (1 + np.exp(-x))


def logit(p):
    p = np.asarray(p)
    return np.log(p / (1 - p))


def history(company, rng, number, tickets, answers=None, fall=None, slower=None):
    """Every series of a company, month by month; `fall` = (from, to, last months) of satisfaction, `slower` = factor of the last month."""
    draw = Draw(company, rng, months(number))
    found = []

    def add(name, kind, days, family="", better=Better.HIGHER, scale=None):
        weight = LEADING if (family or name) in LEADERS else 1.0
        found.append(Series(name, kind, days, better, scale, family=family, weight=weight))

    for name in ("created", "solved"):
        add(name, Quantity.COUNT, draw.counts(tickets), better=Better.NEITHER)
    add("complaints", Quantity.COUNT, draw.counts(0.05 * tickets), better=Better.LOWER)
    for name, (part, spread, family) in DURATIONS.items():
        shift = np.log(slower) * draw.later(1) if slower and family == "resolution" else 0.0
        add(name, Quantity.DURATION, draw.durations(part * tickets, spread, shift), family, Better.LOWER)
    for name, (part, rate, family) in SHARES.items():
        add(name, Quantity.SHARE, draw.share(part * tickets, rate), family)
    for name, (part, shares) in COMPOSITIONS.items():
        found.append(Series(name, Quantity.COMPOSITION, {}, parts=draw.parts(part * tickets, shares)))
    stages = {name: draw.scores(0.025 * tickets, chances)[0] for name, chances in STAGES.items()}
    found.append(Series("sps", Quantity.COMPOSITE, {}, Better.HIGHER, groups=stages))
    for name, (part, chances, family) in SCORES.items():
        add(name, Quantity.SCORE, draw.scores(part * tickets, chances)[0], family, scale=(1, 5))
    shift = 0.0
    if fall:
        before, after, last = fall
        shift = (logit(after) - logit(before)) * draw.later(last)
    score, share = draw.scores(answers or 0.3 * tickets, ANSWERS, shift)
    add("csat_score", Quantity.SCORE, score, "csat", scale=(1, 5))
    add("csat", Quantity.SHARE, share, "csat")
    add("nps", Quantity.NET, draw.net(0.15 * tickets))
    add("backlog", Quantity.STOCK, draw.stock(tickets), better=Better.LOWER)
    if company.desk:
        found = [each for each in found if each.family not in ("frt", "resolution")]
        for name, median in (("frt", 1.0), ("resolution", 4.0)):
            waits, within = desk(draw, tickets, median)
            add(name, Quantity.DURATION, waits, name, Better.LOWER)
            add(f"{name}_within", Quantity.SHARE, within, name)
    return found, draw.periods


def desk(draw, monthly, median, target=24.0):
    """Waits of a Monday to Friday, 9 to 18 desk by the calendar: log seconds, and whether within the target of hours."""
    n = draw.rng.poisson(monthly / 30.4 * WEEKDAYS[(draw.days - 1) % 7])
    day = np.repeat(np.arange(len(n)), n)
    hour = np.clip(draw.rng.normal(13.5, 4.0, len(day)), 0, 23.99)
    number = draw.days[day] - 1
    week, weekday = number // 7, number % 7
    opened = week * 45 + 9 * np.minimum(weekday, 5) + np.clip(hour - 9, 0, 9) * (weekday < 5)
    done = opened + median * np.exp(draw.rng.normal(0, 1.0, len(day)))
    weeks, rest = np.divmod(done, 45)
    days, hours = np.divmod(rest, 9)
    wait = (weeks * 168 + days * 24 + 9 + hours) - (number * 24 + hour)
    logs, hit = np.log(np.maximum(wait * 3600, 1)), wait <= target
    added = [np.bincount(day, weights, len(n)) for weights in (logs, logs**2, hit)]
    return draw.sums(n, added[0], added[1]), draw.sums(n, added[2], added[2])
