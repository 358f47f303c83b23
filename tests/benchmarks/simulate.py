"""Drives the whole procedure of judging over simulated companies: `python tests/benchmarks/simulate.py [reports [part …]] [--seed N]`.

Prints a table in Markdown: what must hold, and what this run found.
"""

from argparse import ArgumentParser
from dataclasses import dataclass

import naming_gate
import numpy as np
from companies import COMPANIES, Draw, desk, expit, history, logit, months
from standing import Cut, looked

from cx_kpi.judge.statistics.series import Series
from cx_kpi.judge.statistics.weekdays import WEEK
from cx_kpi.judge.verdicts.decomposition import SegmentWeeks, decompose_each
from cx_kpi.judge.verdicts.procedure import judge_report
from cx_kpi.model.sums import Quantity, Sums
from cx_kpi.model.values import Better, Verdict

SEGMENTS = {"phone": 0.35, "mail": 0.25, "chat": 0.2, "web": 0.1, "social": 0.1}
DIMENSIONS = {
    "product": (0.34, 0.2, 0.2, 0.14, 0.12),
    "category": (0.22, 0.17, 0.14, 0.14, 0.11, 0.09, 0.07, 0.06),
    "team": (0.6, 0.2, 0.2),
    "priority": (0.6, 0.18, 0.17, 0.05),
}


@dataclass(frozen=True)
class Stable:
    """Parts of reports on companies in which nothing changes, and of points outside their usual range."""

    present: float
    past: float
    said: float  # either
    outside: float


def claims(judged):
    """The verdicts of a report: the families that changed, and the past periods that differ."""
    present = {name for name, each in judged.items() if each.verdict not in (None, Verdict.UNCHANGED)}
    past = {(name, event.period) for name, each in judged.items() for event in each.events}
    return present, past


def stable(name, reports, rng):
    """Reports of 12 to 18 months, 300 to 3,000 tickets a month (C: 2,000)."""
    present = past = either = outside = points = 0
    for _ in range(reports):
        tickets = 2000 if name in ("C", "AR") else int(np.exp(rng.uniform(*np.log((300, 3000)))))
        judged = judge_report(*history(COMPANIES[name], rng, int(rng.integers(12, 19)), tickets))
        now, before = claims(judged)
        present, past, either = present + bool(now), past + bool(before), either + bool(now or before)
        ranges = [each.usual for each in judged.values() if each.usual and not each.usual.trial]
        points += len(ranges)
        outside += sum(len(each.limits) - 1 in each.outside for each in ranges)
    return Stable(present / reports, past / reports, either / reports, outside / points)


def power(name, reports, rng, family, months=13, subject=1, tickets=2000, **story):
    """The share of reports with the planted change, for any metric of the family."""
    found = 0
    for _ in range(reports):
        series, periods = history(COMPANIES[name], rng, months, tickets, **story)
        twins = {each.metric for each in series if family in (each.family, each.metric)}
        found += bool(twins & claims(judge_report(series, periods, subject))[0])
    return found / reports


def month_pairs(tickets, reports, rng):
    """How often a Monday to Friday desk in which nothing changes gets a verdict on two months."""
    found = 0
    for _ in range(reports):
        first = int(rng.integers(0, 12))
        periods = months(14)[first : first + 2]
        waits, within = desk(Draw(COMPANIES["desk"], rng, periods), tickets, 4.0)
        series = [
            Series("resolution", Quantity.DURATION, waits, Better.LOWER, family="resolution"),
            Series("resolution_within", Quantity.SHARE, within, family="resolution"),
        ]
        found += bool(claims(judge_report(series, periods))[0])
    return found / reports


def segments(answers, rng, company, fall=0.0, which="chat"):
    """Channels of a company, one of which may fall in the last month: the rows and the hits of each day."""
    draw = Draw(company, rng, months(13))
    mood, later = draw.mood(), draw.later(1)
    rows = np.array([draw.rows(answers * part) for part in SEGMENTS.values()])
    falls = np.array([name == which for name in SEGMENTS])[:, None] * fall * later
    return draw.days, later, rows, rng.binomial(rows, expit(logit(0.85) + mood) - falls)


def slices(names, days, later, rows, hits):
    """The weeks of each segment, before and now."""
    found = []
    for name, ns, ks in zip(names, rows, hits, strict=True):
        weeks = [{}, {}]
        for day, n, k, late in zip(days, ns, ks, later, strict=True):
            if n:
                sums, week = weeks[int(late)], int(day - 1) // WEEK
                sums[week] = sums.get(week, Sums(0, 0, 0)) + Sums(int(n), int(k), int(k))
        found.append(SegmentWeeks(name, *weeks))
    return found


def other_dimensions(rng, days, later, rows, hits):
    """The same rows by dimensions that have nothing to do with what happened."""
    good, bad = hits.sum(0), (rows - hits).sum(0)
    for name, parts in DIMENSIONS.items():
        split = [rng.multinomial(counts, parts).T for counts in (good, bad)]
        names = [f"{name} {place}" for place in range(len(parts))]
        yield name, slices(names, days, later, split[0] + split[1], split[0])


def naming(reports, rng, company, fall=0.0, which="chat", among=()):
    """How often the segment that fell is named first, and how often one that did not is named.

    `among` other dimensions all segments share one budget, and the surest is first.
    """
    right = wrong = 0
    for _ in range(reports):
        drawn = segments(1000, rng, COMPANIES[company], fall, which)
        dimensions = {"channel": slices(SEGMENTS, *drawn)}
        if among:
            dimensions |= dict(other_dimensions(rng, *drawn))
        found = decompose_each(dimensions)
        named = sorted((cause.p, cause.name) for each in found.values() for cause in each.named)
        names = [name for _, name in named]
        right += names[:1] == [which]
        wrong += bool({*names} - {which} if fall else names)
    return right / reports, wrong / reports


def with_gate(name, reports, rng):
    """How often a report of a stable company, of five dimensions, says something, and how often it names a segment."""
    dimensions = {"channel": tuple(SEGMENTS.values())} | DIMENSIONS
    said = named = 0
    for _ in range(reports):
        tickets = 2000 if name in ("C", "AR") else int(np.exp(rng.uniform(*np.log((300, 3000)))))
        drawn = history(COMPANIES[name], rng, int(rng.integers(12, 19)), tickets)
        found = naming_gate.stable(rng, drawn, dimensions)
        said, named = said + found[0], named + found[1]
    return said / reports, named / reports


def planted(name, reports, rng, answers, fall, which="chat"):
    """Of reports in which a channel fell: those that say so, and of these those that name it first, or another one."""
    said = right = wrong = 0
    for _ in range(reports):
        days, _, rows, hits = segments(answers, rng, COMPANIES[name], fall, which)
        good, bad = hits.sum(0), (rows - hits).sum(0)
        dimensions = {"channel": naming_gate.by_day(days, rows, hits)}
        for by, parts in DIMENSIONS.items():
            split = [rng.multinomial(counts, parts).T for counts in (good, bad)]
            dimensions[by] = naming_gate.by_day(days, split[0] + split[1], split[0])
        (whole,) = naming_gate.by_day(days, rows.sum(0, keepdims=True), hits.sum(0, keepdims=True))
        found, named = naming_gate.planted(history(COMPANIES[name], rng, 13, 2000), whole, dimensions)
        fallen = f"channel {[*SEGMENTS].index(which)}"
        said, right, wrong = said + found, right + (named[:1] == [fallen]), wrong + bool({*named} - {fallen})
    return said / reports, right / max(said, 1), wrong / max(said, 1)


def standing(name, reports, rng, **story):
    """How often a segment is said to be worse than all others, and how often that or a verdict or a past period."""
    out = said = right = 0
    for _ in range(reports):
        tickets = 2000 if name in ("C", "AR") else int(np.exp(rng.uniform(*np.log((300, 3000)))))
        draw = Draw(COMPANIES[name], rng, months(int(rng.integers(12, 19))))
        judged, found = looked(Cut(draw, tickets, tuple(SEGMENTS.values()), **story))
        out, said = out + bool(found), said + bool(found or any(claims(judged)))
        right += ("resolution_within", len(SEGMENTS) - 1) in found
    return out / reports, said / reports, right / reports


POWER = {
    "CSAT 85 → 80 % last month, 1,000 answers, A (≥ 65 %)": ("A", "csat", {"answers": 1000, "fall": (0.85, 0.8, 1)}),
    "the same, C (≥ 35 %)": ("C", "csat", {"answers": 1000, "fall": (0.85, 0.8, 1)}),
    "the same, C, 3,000 answers (≥ 75 %)": ("C", "csat", {"answers": 3000, "fall": (0.85, 0.8, 1)}),
    "three months ago, subject three months, 350 answers, A (≥ 60 %)": (
        "A", "csat", {"months": 15, "subject": 3, "answers": 350, "fall": (0.85, 0.8, 3)},
    ),
    "the same, 1,000 answers (≥ 95 %)": (
        "A", "csat", {"months": 15, "subject": 3, "answers": 1000, "fall": (0.85, 0.8, 3)},
    ),
    "the same, 350 answers, subject the latest month": (
        "A", "csat", {"months": 15, "answers": 350, "fall": (0.85, 0.8, 3)},
    ),
    "resolution + 20 %, 1,000 tickets, A (≥ 75 %)": ("A", "resolution", {"tickets": 1031, "slower": 1.2}),
}  # fmt: skip


def row(label, *figures):
    print(f"| {label} | {', '.join(f'{100 * figure:.1f} %' for figure in figures)} |", flush=True)


def of_power(reports, rng):
    for label, (name, family, story) in POWER.items():
        row(label, power(name, reports // 2, rng, family, **story))


def of_desk(reports, rng):
    for tickets in (240, 960, 2400, 7200):
        row(f"month pairs of a desk, {tickets:,} tickets (≤ 5 %)", month_pairs(tickets, reports, rng))


def of_segments(reports, rng):
    row(
        "chat (a fifth) falls by 10 points: named first (≥ 60 %), another named",
        *naming(reports, rng, "A", 0.1),
    )
    row("the same, C", *naming(reports, rng, "C", 0.1))
    row("social (a tenth) falls by 10 points, A", *naming(reports, rng, "A", 0.1, "social"))
    row("the same, C", *naming(reports, rng, "C", 0.1, "social"))
    row("the same by 15 points, A", *naming(reports, rng, "A", 0.15, "social"))
    for name in ("A", "B", "C"):
        row(f"named in stable reports, {name} (≤ 7 %)", naming(reports, rng, name)[1])


def of_dimensions(reports, rng):
    """Five dimensions of 25 segments in all."""
    for name in ("A", "C"):
        row(
            f"five dimensions, named in stable reports, {name} (≤ 7 %)",
            naming(reports, rng, name, among=DIMENSIONS)[1],
        )
    row("five dimensions, chat falls by 10 points, A", *naming(reports, rng, "A", 0.1, among=DIMENSIONS))
    row("five dimensions, chat falls by 15 points, A", *naming(reports, rng, "A", 0.15, among=DIMENSIONS))


def of_gate(reports, rng):
    """The default: whole reports, five dimensions, segments only below a change that was shown."""
    for name in COMPANIES:
        row(
            f"with the gate, stable {name}: anything said, a segment named (≤ 7 %)",
            *with_gate(name, reports, rng),
        )
    for answers, fall in ((1000, 0.15), (3000, 0.1)):
        text = f"with the gate, chat falls by {fall:.0%}, {answers:,} answers, A: said; of these named first, another"
        row(text, *planted("A", reports, rng, answers, fall))


def of_standing(reports, rng):
    """Segments that do not differ, each metric with a missed target; then one that does."""
    for own in (False, True):
        for name in COMPANIES:
            weeks = "of its own" if own else "of all"
            text = f"no segment differs, {name}, weeks {weeks}: one said to be worse; that or a verdict (≤ 5 %; AR ≤ 8 %)"
            row(text, *standing(name, reports, rng, own=own)[:2])
    for name in ("A", "C"):
        row(f"a tenth is worse by 10 points of 80, {name}: said", standing(name, reports, rng, worse=0.1)[2])


def of_stable(reports, rng):
    for name in COMPANIES:
        found = stable(name, reports, rng)
        row(
            f"stable {name}: anything said (≤ 5 %; AR ≤ 8 %), of the present, of the past",
            found.said,
            found.present,
            found.past,
        )
        row(f"stable {name}: latest point outside its range (≤ 2 %; AR ≤ 4 %)", found.outside)


PARTS = {
    "power": of_power,
    "desk": of_desk,
    "segments": of_segments,
    "dimensions": of_dimensions,
    "gate": of_gate,
    "stable": of_stable,
    "standing": of_standing,
}


def main():
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("reports", nargs="?", type=int, default=200)
    parser.add_argument("parts", nargs="*", help=f"of {', '.join(PARTS)}; all by default")
    parser.add_argument("--seed", type=int, default=11)
    asked = parser.parse_args()
    print(f"| must hold | found in {asked.reports} reports each |\n|---|---|")
    for name in asked.parts or PARTS:
        PARTS[name](asked.reports, np.random.default_rng(asked.seed))


if __name__ == "__main__":
    main()
