"""A report made by hand: every unit, status, verdict and kind of detail; nothing computed it."""

from dataclasses import replace
from math import sin
from typing import Any

from cx_kpi.model.report import (
    Account,
    Cause,
    Compared,
    Finding,
    Latest,
    LeftOut,
    Notice,
    Point,
    Reading,
    Report,
    Segment,
    Source,
    Tool,
    Usual,
    Window,
)
from cx_kpi.model.values import Better, Capability, Level, Span, Status, Target, Unit, Verdict
from cx_kpi.wording.language import Language

GROUPS = {
    "speed": "Speed",
    "flow": "Backlog and flow",
    "channels": "Channels",
    "complaints": "Complaints",
    "calls": "Calls",
    "satisfaction": "Satisfaction and loyalty",
    "customers": "Customers",
}
MONTHS = [f"{year}-{month:02}-01" for year in (2025, 2026) for month in range(1, 13)][:19]
CHANNELS = {"email": 0.52, "chat": 0.21, "phone": 0.15, "web": 0.09, "social": 0.02, None: 0.01}
C, S, H, P, K, R, M, N, L = Unit  # in the order of the enumeration
UP, DOWN, FLAT = Better.HIGHER, Better.LOWER, Better.NEITHER
MET, MISSED, UNSURE, NO_DATA = Status
BETTER, WORSE, ROSE, FELL, *_, SAME = Verdict
TABLE = [
    {"name": channel, "n": round(16470 * share), "share": share, "cumulative_share": 0.5}
    for channel, share in CHANNELS.items()
]
STAGES = [
    {"name": name, "n": n, "mean": mean, "share_4_5": share}
    for name, n, mean, share in (
        ("Order", 310, 4.41, 0.88),
        ("Delivery", 290, 3.62, 0.55),
        ("Return of a product bought in a shop", 12, 4.0, 1.0),
    )
]
LATER = {"median": 2880.0, "p90": 28_920.0, "pending": 14, "censored_median": 3060.0}
GAPS = [{"name": "Order", "mean_self": 4.8, "mean_customers": 4.41, "gap": 0.39, "n": 310}]
TERMS = [{"name": "delivery", "n": 61, "share": 0.21}, {"name": "refund", "n": 33, "share": 0.11}]

# id, title, group, unit, better, value, n, interval, target, status, change, verdict, details
METRICS: list[tuple[Any, ...]] = [
    (
        "first_response_time",
        "First response time",
        "speed",
        S,
        DOWN,
        8040.0,
        15_980,
        (7810.0, 8270.0),
        None,
        None,
        -412.0,
        BETTER,
        LATER,
    ),
    (
        "first_response_within_target",
        "Answered within target",
        "speed",
        H,
        UP,
        0.8214,
        16_020,
        (0.8154, 0.8273),
        0.9,
        MISSED,
        -0.0213,
        WORSE,
        {"hits": 13159, "overdue": 31, "pending": 14},
    ),
    (
        "resolution_time",
        "Resolution time",
        "speed",
        S,
        DOWN,
        101_220.0,
        15_020,
        (99_000.0, 103_000.0),
        -86400.0,
        MISSED,
        5040.0,
        WORSE,
        LATER | {"first_solve": 95_000.0},
    ),
    (
        "resolution_within_target",
        "Solved within target",
        "speed",
        H,
        UP,
        0.8991,
        15_400,
        (0.894, 0.9038),
        0.9,
        UNSURE,
        0.004,
        SAME,
        {"hits": 13846},
    ),
    ("tickets_created", "Tickets created", "flow", C, FLAT, 16_470, 16_470, None, None, None, 112, ROSE, {}),
    ("tickets_solved", "Tickets solved", "flow", C, FLAT, 16_012, 16_012, None, None, None, -40, FELL, {}),
    ("backlog", "Backlog", "flow", C, DOWN, 458, 458, None, None, None, 31, WORSE, {}),
    (
        "backlog_overdue",
        "Overdue backlog",
        "flow",
        C,
        DOWN,
        207,
        207,
        None,
        None,
        None,
        0,
        SAME,
        {"limit_seconds": 101_220.0, "share_of_backlog": 0.452},
    ),
    (
        "backlog_age",
        "Age of the backlog",
        "flow",
        S,
        DOWN,
        190_000.0,
        458,
        None,
        None,
        None,
        None,
        None,
        {
            "maximum": 9_900_000.0,
            "p90": 900_000.0,
            "bands": {"under 1 day": 120, "1–3 days": 201, "over 30 days": 137},
        },
    ),
    (
        "repeat_contact_rate",
        "Repeat contacts",
        "flow",
        H,
        DOWN,
        0.1312,
        9800,
        (0.1247, 0.138),
        None,
        None,
        None,
        None,
        {"hits": 1286},
    ),
    (
        "reopen_rate",
        "Reopened",
        "flow",
        H,
        DOWN,
        0.00002,
        90_000,
        (0.000005, 0.00009),
        None,
        None,
        0.00001,
        SAME,
        {"hits": 2},
    ),
    (
        "one_touch_rate",
        "Solved in one touch",
        "flow",
        H,
        UP,
        1.0,
        3,
        (0.4385, 1.0),
        None,
        None,
        None,
        None,
        {"hits": 3},
    ),
    (
        "channel_share",
        "Share of the main channel",
        "channels",
        H,
        FLAT,
        0.52,
        16_470,
        (0.512, 0.528),
        None,
        None,
        0.01,
        ROSE,
        {"top": "email", "table": TABLE},
    ),
    (
        "preferred_channel",
        "Preferred channel",
        "channels",
        N,
        FLAT,
        "email",
        9321,
        None,
        None,
        None,
        None,
        None,
        {"share": 0.49, "table": TABLE},
    ),
    (
        "contacts_per_customer",
        "Contacts per customer",
        "channels",
        R,
        DOWN,
        1.767,
        16_470,
        None,
        None,
        None,
        0.02,
        None,
        {"distinct": 9321},
    ),
    (
        "complaints",
        "Complaints",
        "complaints",
        C,
        DOWN,
        812,
        812,
        None,
        None,
        None,
        -12,
        BETTER,
        {"share_of_tickets": 0.0493, "per_1000_customers": 21.9},
    ),
    (
        "complaint_processing_time",
        "Complaint processing time",
        "complaints",
        S,
        DOWN,
        80_100.0,
        700,
        (76_000.0, 92_000.0),
        -86400.0,
        UNSURE,
        None,
        None,
        LATER,
    ),
    (
        "complaint_within_target",
        "Complaints solved within target",
        "complaints",
        H,
        UP,
        0.71,
        800,
        (0.68, 0.74),
        0.9,
        MISSED,
        0.002,
        SAME,
        {"hits": 568},
    ),
    (
        "complaint_satisfaction",
        "Satisfaction after a complaint",
        "complaints",
        K,
        UP,
        3.1,
        4,
        (1.9, 4.3),
        4.0,
        None,
        None,
        None,
        {"scale": [1, 5]},
    ),
    (
        "complaint_recommend_rate",
        "Would recommend after a solved complaint",
        "complaints",
        H,
        UP,
        None,
        0,
        None,
        None,
        None,
        None,
        None,
        {},
    ),
    (
        "complaint_repeat_rate",
        "Repeated complaints",
        "complaints",
        H,
        DOWN,
        0.031,
        640,
        (0.0201, 0.0474),
        -0.05,
        MET,
        -0.004,
        SAME,
        {"hits": 20},
    ),
    (
        "cost_per_complaint",
        "Cost per complaint",
        "complaints",
        M,
        DOWN,
        18.4,
        612,
        (17.1, 19.7),
        None,
        None,
        1.1,
        WORSE,
        {"currency": "EUR", "coverage": 0.87, "total": 11_260.8},
    ),
    (
        "complaints_by_product",
        "Complaints about the top product",
        "complaints",
        H,
        FLAT,
        0.4,
        812,
        (0.37, 0.43),
        None,
        None,
        None,
        None,
        {
            "top": "Card <Gold>",
            "table": [
                {"name": "Card <Gold>", "n": 325, "share": 0.4, "per_1000": 12.2},
                {"name": None, "n": 487, "share": 0.6, "per_1000": None},
            ],
        },
    ),
    (
        "call_wait_time",
        "Wait on the phone",
        "calls",
        S,
        DOWN,
        67.5,
        800,
        (61.0, 74.0),
        -240.0,
        MET,
        -3.2,
        BETTER,
        {"median": 0.0, "p90": 180.0, "abandon_rate": 0.081},
    ),
    (
        "call_abandon_rate",
        "Calls abandoned",
        "calls",
        H,
        DOWN,
        0.081,
        870,
        (0.065, 0.101),
        None,
        None,
        0.0,
        SAME,
        {"hits": 70},
    ),
    (
        "csat",
        "Customer satisfaction (CSAT)",
        "satisfaction",
        H,
        UP,
        0.8856,
        813,
        (0.862, 0.906),
        0.85,
        MET,
        0.0146,
        SAME,
        {"mean": 4.33, "scale": [1, 5], "hits": 720},
    ),
    (
        "nps",
        "Net promoter score (NPS)",
        "satisfaction",
        P,
        UP,
        30.0,
        1204,
        (26.1, 33.8),
        None,
        None,
        -4.5,
        WORSE,
        {"promoters": 602, "passives": 361, "detractors": 241},
    ),
    (
        "sps",
        "Satisfaction by stage of the journey",
        "satisfaction",
        K,
        UP,
        4.01,
        612,
        None,
        4.0,
        MET,
        None,
        None,
        {"scale": [1.0, 5.0], "weakest": "Delivery", "weakest_mean": 3.62, "table": STAGES},
    ),
    ("review_rating", "Review rating", "satisfaction", K, UP, None, 0, None, 4.0, NO_DATA, None, None, {}),
    (
        "review_terms",
        "Words in reviews",
        "satisfaction",
        L,
        FLAT,
        ["delivery", "refund", "courier"],
        290,
        None,
        None,
        None,
        None,
        None,
        {"low": ["late", "rude"], "high": ["kind", "quick"], "table": TERMS},
    ),
    (
        "self_gap",
        "Own view against the customers'",
        "satisfaction",
        K,
        FLAT,
        0.39,
        310,
        None,
        None,
        None,
        None,
        None,
        {"widest": "Order", "table": GAPS},
    ),
    (
        "retention_rate",
        "Customers retained",
        "customers",
        H,
        UP,
        0.9,
        1000,
        (0.88, 0.917),
        None,
        None,
        None,
        None,
        {
            "hits": 900,
            "method": "by identity",
            "other_methods": [{"method": "from totals", "value": 0.87, "n": 1000}],
        },
    ),
    (
        "churn_rate",
        "Customers lost (churn)",
        "customers",
        H,
        DOWN,
        0.1,
        1000,
        (0.083, 0.12),
        None,
        None,
        None,
        None,
        {"hits": 100},
    ),
]
ABOUT = "How long customers wait for the first answer. Tickets opened by agents or bots are left out."
FORMULA = "Σ (first response − created) ÷ first responses"


def company(code: str = "en") -> Report:
    """The report in this language, titles through the catalogue."""
    language = Language(code)
    metrics = {fields[0]: _reading(fields, language) for fields in METRICS}
    return Report(
        schema_version=1,
        tool=Tool("cxkpi", "0.1.0"),
        as_of="2026-07-10T18:00:00+03:00",
        timezone="Europe/Moscow",
        language=code,
        window=Window("2025-01-01", "2026-08-01", "month"),
        sources=[
            Source("exports/tickets-2025.csv", "tickets", "zendesk", 16_481, 16_470, 8, 3, "utf-8"),
            Source("exports/survey answers.csv", "surveys", "generic", 3120, 3120, encoding="windows-1251"),
            Source("exports/calls.parquet", "calls", "generic", 1, 1),
        ],
        groups={group: language(title) for group, title in {**GROUPS, "empty": "Nothing here"}.items()},
        metrics=metrics,
        series=[point for fields in METRICS for point in _series(fields)],
        segments=[segment for fields in METRICS for segment in _segments(fields)],
        left_out=_left_out(language),
        notices=_notices(),
        findings=_findings(code),
    )


def _reading(fields: tuple[Any, ...], language: Language) -> Reading:
    metric, title, group, unit, better, value, n, interval, target, status, change, verdict, details = fields
    previous = value - change if isinstance(value, float | int) and change is not None else None
    current = Span("2026-06-01", "2026-07-01", value, n // 18)
    before = Span("2026-05-01", "2026-06-01", previous, n // 18)
    return Reading(
        title=language(title),
        group=group,
        unit=unit,
        better=better,
        value=value,
        n=n,
        interval=interval,
        clock="created",
        cohort="created",
        about=language(ABOUT),
        formula=language(FORMULA),
        target=_goal(target),
        status=status,
        previous=previous,
        change=change,
        verdict=verdict,
        compared=None if change is None else Compared(current, before, change, None, 0.03),
        details=details,
        latest=_latest(fields, before),
        account=_account(change) if metric == "first_response_within_target" and change else None,
    )


def _latest(fields: tuple[Any, ...], before: Span) -> Latest:
    """The reading's own figures once more, as those of a month."""
    _, _, _, _, _, value, n, interval, target, status, change, verdict, _ = fields
    number = isinstance(value, float | int)
    return Latest(
        start="2026-06-01",
        end="2026-07-01",
        value=value,
        n=n // 18,
        interval=interval,
        target=_goal(target),
        status=status,
        change=change,
        verdict=verdict,
        baseline=replace(before, start="2025-06-01", value=None) if change is not None else None,
        baseline_without=["2026-01-01"] if verdict is WORSE else [],
        usual=_usual(value) if number and change is not None else None,
        since="2026-05-01" if verdict is WORSE else None,
        can_meet=Capability.BY_LUCK if target else None,
    )


def _usual(value: float) -> Usual:
    return Usual(value * 0.92, value * 1.08, value)


def _account(change: float) -> Account:
    """A change in which one segment stands out."""
    causes = [
        Cause({"channel": "chat"}, 0.61, 0.88, 3_400, change * 0.7, change * 0.1, named=True),
        Cause({"channel": None}, None, 0.9, 0, change * 0.1, change * 0.1, named=False),
    ]
    return Account("channel", change, change * 0.7, change * 0.2, change * 0.1, causes)


def _goal(target: float | None) -> Target | None:
    return None if target is None else Target(">=" if target > 0 else "<=", abs(target))


def _series(fields: tuple[Any, ...]) -> list[Point]:
    metric, value, n = fields[0], fields[5], fields[6]
    points = []
    for place, start in enumerate(MONTHS):
        end = [*MONTHS, "2026-08-01"][place + 1]
        known = isinstance(value, int | float) and not (metric == "nps" and place in (3, 4))
        wave = value * (1 + 0.1 * sin(place * 1.7 + len(metric))) if known else None
        shown = min(wave, 1.0) if wave is not None and fields[3] is H else wave
        point = Point(metric, start, end, start == MONTHS[-1], shown, n // 18 if known else 0)
        usual = _usual(value) if known and not point.partial and fields[10] is not None else None
        outside = bool(usual and shown and not usual.low <= shown <= usual.high)
        points.append(replace(point, usual=usual, outside=outside, details=fields[12] if known else {}))
    return points


def _segments(fields: tuple[Any, ...]) -> list[Segment]:
    metric, value, n, interval, target, status = (fields[place] for place in (0, 5, 6, 7, 8, 9))
    if fields[2] in ("calls", "customers"):
        return []
    return [
        Segment(
            metric, {"channel": channel}, value if rows >= 5 else None, rows, interval, _goal(target), status
        )
        for channel, share in CHANNELS.items()
        if (rows := round(n * share))
    ]


def _left_out(language: Language) -> list[LeftOut]:
    why = "the files have no column for reply_count"
    return [
        LeftOut(
            "escalation_rate",
            language("Escalated"),
            ["escalation_level"],
            "the files have no column for escalation_level",
        ),
        LeftOut("ces", language("Low effort (CES)"), ["kind", "score"], why),
        LeftOut("csat_score", language("Satisfaction score"), ["kind", "score"], why),
    ]


def _notices() -> list[Notice]:
    return [
        Notice(
            Level.WARNING,
            "sentinel_date",
            "solved_at holds a date that stands for none: read as empty",
            "tickets",
            "solved_at",
            2067,
            "1900-01-01",
        ),
        Notice(
            Level.WARNING,
            "duplicate",
            "the same ticket came twice: the latest counts",
            "tickets",
            "ticket_id",
            8,
        ),
        Notice(Level.INFO, "timezone", "dates without a time zone were read as Europe/Moscow"),
    ]


def _findings(code: str) -> list[Finding]:
    texts = {
        "en": [
            "Answered within target missed its target: 82.1% against ≥ 90%, and fell by 2.1 points from May to June.",
            "Net promoter score fell by 4.5 points, to +30, from May to June 2026.",
        ],
        "ru": [
            "«Отвечено в срок» — цель не достигнута: 82,1 % при цели ≥ 90 %; с мая по июнь снижение на 2,1 п. п.",
            "Индекс NPS снизился на 4,5 пункта, до +30, с мая по июнь 2026.",
        ],
    }
    metrics = ("first_response_within_target", "nps")
    accounts = (_account(-0.0213), None)
    return [Finding(*each) for each in zip(metrics, texts[code], accounts, strict=True)]


def empty(code: str = "en") -> Report:
    """A report of nothing: no rows, no metrics, no window."""
    return replace(
        company(code),
        as_of=None,
        window=None,
        sources=[],
        metrics={},
        series=[],
        segments=[],
        left_out=[],
        notices=[],
        findings=[],
    )
