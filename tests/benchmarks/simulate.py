"""Drives the whole procedure of judging over simulated companies: `python tests/benchmarks/simulate.py [reports]`."""

import sys
import time

import numpy as np
from companies import COMPANIES, history

from cx_kpi.judge.statistics.procedure import judge_report
from cx_kpi.report import Verdict


def said(judgements):
    """What a report says: of the present, and of past periods."""
    present = {name for name, each in judgements.items() if each.verdict not in (None, Verdict.UNCHANGED)}
    past = {(name, event.period) for name, each in judgements.items() for event in each.events}
    return present, past


def stable(name, reports, rng):
    """In how many stable reports anything is said, and how often the latest point is out of its range."""
    present = past = either = outside = points = 0
    for _ in range(reports):
        tickets = 2000 if name == "C" else int(np.exp(rng.uniform(np.log(300), np.log(3000))))
        judged = judge_report(*history(COMPANIES[name], rng, int(rng.integers(12, 19)), tickets))
        now, before = said(judged)
        if "-v" in sys.argv and (now or before):
            print(name, tickets, now, before)
        present, past, either = present + bool(now), past + bool(before), either + bool(now or before)
        ranges = [each.usual for each in judged.values() if each.usual and not each.usual.trial]
        points += len(ranges)
        outside += sum(len(each.limits) - 1 in each.outside for each in ranges)
    return present / reports, past / reports, either / reports, outside / points


def power(name, reports, rng, metric, subject=1, number=13, **story):
    """In how many reports the planted change is said."""
    found = 0
    for _ in range(reports):
        judged = judge_report(*history(COMPANIES[name], rng, number, 2000, **story), subject=subject)
        now, _ = said(judged)
        found += bool(now & metric)
    return found / reports


def main():
    reports = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    rng = np.random.default_rng(11)
    for name in COMPANIES:
        start = time.time()
        print(
            "stable",
            name,
            *(f"{x:.4f}" for x in stable(name, reports, rng)),
            f"{time.time() - start:.0f} s",
            flush=True,
        )
    csat, res = {"csat", "csat_score"}, {"resolution", "resolution_business"}
    few = max(50, reports // 2)
    for label, *rest, story in (
        ("1,000 A", "A", csat, 1, 13, {"answers": 1000, "fall": (0.85, 0.8, 1)}),
        ("1,000 C", "C", csat, 1, 13, {"answers": 1000, "fall": (0.85, 0.8, 1)}),
        ("3,000 C", "C", csat, 1, 13, {"answers": 3000, "fall": (0.85, 0.8, 1)}),
        ("350 A, three months", "A", csat, 3, 15, {"answers": 350, "fall": (0.85, 0.8, 3)}),
        ("1,000 A, three months", "A", csat, 3, 15, {"answers": 1000, "fall": (0.85, 0.8, 3)}),
        ("350 A, latest", "A", csat, 1, 15, {"answers": 350, "fall": (0.85, 0.8, 3)}),
        ("1,000 A, latest", "A", csat, 1, 15, {"answers": 1000, "fall": (0.85, 0.8, 3)}),
        ("resolution +20 % A", "A", res, 1, 13, {"slower": 1.2}),
    ):
        name, metric, subject, number = rest
        if "slower" in story:
            rate = power_at(name, few, rng, metric, 1000 / 0.97, number, story)
        else:
            rate = power(name, few, rng, metric, subject, number, **story)
        print(label, f"{rate:.3f}", flush=True)


def power_at(name, reports, rng, metric, tickets, number, story):
    found = 0
    for _ in range(reports):
        now, _ = said(judge_report(*history(COMPANIES[name], rng, number, tickets, **story)))
        found += bool(now & metric)
    return found / reports


if __name__ == "__main__":
    main()
