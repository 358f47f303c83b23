"""The words of the report's closed vocabularies, marked for the catalogue. Data: no metric is named."""

from cx_kpi.model.frozen import dataclass
from cx_kpi.model.values import Better, Capability, Level, Status, Unit, Verdict
from cx_kpi.render.elements.report_view import Tone
from cx_kpi.wording.language import mark
from cx_kpi.wording.names import CHANNEL

STATUS = {
    Status.MET: mark("met"),
    Status.MISSED: mark("missed"),
    Status.INCONCLUSIVE: mark("inconclusive"),
    Status.NO_DATA: mark("no data"),
}
VERDICT = {
    Verdict.IMPROVED: mark("improved"),
    Verdict.WORSENED: mark("worsened"),
    Verdict.ROSE: mark("rose"),
    Verdict.FELL: mark("fell"),
    Verdict.CHANGED: mark("changed"),
    Verdict.UNCHANGED: mark("no change can be shown"),
}
STATUS_TONE = {Status.MET: Tone.GOOD, Status.MISSED: Tone.BAD, Status.INCONCLUSIVE: Tone.UNSURE}
VERDICT_TONE = {Verdict.IMPROVED: Tone.GOOD, Verdict.WORSENED: Tone.BAD, Verdict.UNCHANGED: Tone.UNSURE}
CAPABILITY = {
    Capability.RELIABLY: mark("reliably"),
    Capability.BY_LUCK: mark("now and then"),
    Capability.NOT: mark("not without changing how you work"),
    Capability.CANNOT_TELL: mark("cannot tell"),
}
CAPABILITY_TONE = {
    Capability.RELIABLY: Tone.GOOD,
    Capability.BY_LUCK: Tone.UNSURE,
    Capability.NOT: Tone.BAD,
    Capability.CANNOT_TELL: Tone.PLAIN,
}
LEVEL_TONE = {Level.WARNING: Tone.UNSURE, Level.INFO: Tone.PLAIN}
BETTER = {
    Better.HIGHER: mark("higher is better"),
    Better.LOWER: mark("lower is better"),
    Better.NEITHER: mark("neither direction is better"),
}
LEVEL = {Level.WARNING: mark("warning"), Level.INFO: mark("note")}
UNIT = {
    Unit.COUNT: mark("number"),
    Unit.SECONDS: mark("length of time"),
    Unit.SHARE: mark("share"),
    Unit.POINTS: mark("points, −100 to 100"),
    Unit.SCORE: mark("score"),
    Unit.RATIO: mark("ratio"),
    Unit.CURRENCY: mark("money"),
    Unit.NAME: mark("name"),
    Unit.LIST: mark("list"),
}
GRAIN = {
    "day": mark("by day"),
    "week": mark("by week"),
    "month": mark("by month"),
    "quarter": mark("by quarter"),
    "year": mark("by year"),
}
COHORT = {
    "created": mark("rows created in the period"),
    "solved": mark("rows solved in the period"),
    "event": mark("events in the period"),
    "stock": mark("what was there at one end of the period"),
}
TABLE = {
    "tickets": mark("tickets"),
    "surveys": mark("surveys"),
    "customers": mark("customers"),
    "customer_counts": mark("customer counts"),
    "orders": mark("orders"),
    "calls": mark("calls"),
    "ticket_events": mark("ticket events"),
}
VALUE = {
    "channel": CHANNEL,
    "priority": {
        "low": mark("Low"),
        "normal": mark("Normal"),
        "high": mark("High"),
        "urgent": mark("Urgent"),
    },
    "status": {
        "new": mark("New"),
        "open": mark("Open"),
        "pending": mark("Pending"),
        "on_hold": mark("On hold"),
        "solved": mark("Solved"),
        "closed": mark("Closed"),
    },
    "initiator": {
        "customer": mark("Customer"),
        "agent": mark("Agent"),
        "bot": mark("Bot"),
        "system": mark("System"),
    },
    "age": {
        "under 1 day": mark("under 1 day"),
        "1–3 days": mark("1–3 days"),
        "3–7 days": mark("3–7 days"),
        "7–30 days": mark("7–30 days"),
        "over 30 days": mark("over 30 days"),
    },
    "flow": {
        "open_start": mark("open at the start"),
        "created": mark("came in"),
        "reopened": mark("opened again"),
        "solved": mark("were solved"),
        "open_end": mark("open at the end"),
        "residual": mark("unexplained"),
    },
    "direction": {"inbound": mark("Inbound"), "outbound": mark("Outbound")},
    "rated_so": {"satisfied": mark("Satisfied"), "dissatisfied": mark("Dissatisfied")},
    "waited_for": {
        "us": mark("Us"),
        "customer": mark("Customer"),
        "third party": mark("Third party"),
    },
    "experience": {"first contact": mark("First contact"), "returning": mark("Returning")},
    "age_of_customer": {
        "under 30 days": mark("under 30 days"),
        "30–90 days": mark("30–90 days"),
        "90 days – 1 year": mark("90 days – 1 year"),
        "1–2 years": mark("1–2 years"),
        "over 2 years": mark("over 2 years"),
    },
    "weekday": {
        "Monday": mark("Monday"),
        "Tuesday": mark("Tuesday"),
        "Wednesday": mark("Wednesday"),
        "Thursday": mark("Thursday"),
        "Friday": mark("Friday"),
        "Saturday": mark("Saturday"),
        "Sunday": mark("Sunday"),
    },
    "working_time": {"in hours": mark("In hours"), "out of hours": mark("Out of hours")},
    "wait_band": {
        "under 1 min": mark("under 1 min"),
        "1–15 min": mark("1–15 min"),
        "15–60 min": mark("15–60 min"),
        "1–4 h": mark("1–4 h"),
        "4–24 h": mark("4–24 h"),
        "1–3 d": mark("1–3 d"),
        "over 3 d": mark("over 3 d"),
    },
    "complainant": {"customer": mark("Customer"), "employee": mark("Employee")},
}


@dataclass(frozen=True, slots=True)
class Detail:
    """What a key of a reading's details means: its label, its unit (None: the metric's own), and whether it
    belongs beside the value wherever there is room for a line; people are shown it from so many rows on.
    """

    label: str
    unit: Unit | None = None
    beside: bool = False
    fewest: int = 0


DETAIL = {
    "name": Detail(mark("name"), Unit.NAME),
    "n": Detail(mark("rows"), Unit.COUNT),
    "mean": Detail(mark("mean"), Unit.SCORE),
    "median": Detail(mark("median"), beside=True),
    "p90": Detail(mark("p90"), beside=True, fewest=10),
    "median_interval": Detail(mark("95% interval of the median")),
    "p90_interval": Detail(mark("95% interval of p90")),
    "maximum": Detail(mark("longest")),
    "pending": Detail(mark("pending"), Unit.COUNT, beside=True),
    "censored_median": Detail(mark("median with pending"), beside=True),
    "mean_seconds": Detail(mark("mean"), Unit.SECONDS),
    "assignments": Detail(mark("assignments"), Unit.COUNT),
    "first_solve": Detail(mark("to the first solve"), beside=True),
    "overdue": Detail(mark("overdue and unfinished"), Unit.COUNT, beside=True),
    "limit_seconds": Detail(mark("overdue after"), Unit.SECONDS),
    "limits_seconds": Detail(mark("overdue after, by priority"), Unit.SECONDS),
    "share_of_backlog": Detail(mark("share of the backlog"), Unit.SHARE),
    "share_of_tickets": Detail(mark("share of tickets"), Unit.SHARE),
    "per_1000_customers": Detail(mark("per 1,000 customers"), Unit.RATIO),
    "per_1000": Detail(mark("per 1,000"), Unit.RATIO),
    "share_of_hours": Detail(mark("share of handling hours"), Unit.SHARE),
    "after_complaint": Detail(mark("after a complaint"), Unit.SHARE),
    "without_contact": Detail(mark("without a contact"), Unit.SHARE),
    "inflow": Detail(mark("came in"), Unit.COUNT),
    "outflow": Detail(mark("were solved"), Unit.COUNT),
    "distinct": Detail(mark("different ones"), Unit.COUNT),
    "promoters": Detail(mark("promoters"), Unit.COUNT),
    "passives": Detail(mark("passives"), Unit.COUNT),
    "detractors": Detail(mark("detractors"), Unit.COUNT),
    "scale": Detail(mark("scale"), Unit.SCORE),
    "share": Detail(mark("share"), Unit.SHARE),
    "cumulative_share": Detail(mark("running share"), Unit.SHARE),
    "share_4_5": Detail(mark("rated 4 or 5"), Unit.SHARE),
    "top": Detail(mark("first"), Unit.NAME),
    "weakest": Detail(mark("weakest"), Unit.NAME, beside=True),
    "weakest_mean": Detail(mark("mean of the weakest"), Unit.SCORE),
    "widest": Detail(mark("widest gap"), Unit.NAME),
    "gap": Detail(mark("gap"), Unit.SCORE),
    "n_self": Detail(mark("own answers"), Unit.COUNT),
    "interval": Detail(mark("95% interval")),
    "shown": Detail(mark("more than chance")),
    "mean_self": Detail(mark("own score"), Unit.SCORE),
    "mean_customers": Detail(mark("customers' score"), Unit.SCORE),
    "abandon_rate": Detail(mark("abandoned"), Unit.SHARE, beside=True),
    "coverage": Detail(mark("rows with a known cost"), Unit.SHARE),
    "complaints": Detail(mark("complaints"), Unit.COUNT),
    "customers": Detail(mark("customers"), Unit.COUNT),
    "total": Detail(mark("total"), Unit.CURRENCY),
    "flow": Detail(mark("flow"), Unit.COUNT),
    "bands": Detail(mark("age"), Unit.COUNT),
    "low": Detail(mark("in low ratings"), Unit.LIST, beside=True),
    "high": Detail(mark("in high ratings"), Unit.LIST, beside=True),
    "new_words": Detail(mark("new in the latest period"), Unit.LIST, beside=True),
    "reviews_low": Detail(mark("low ratings"), Unit.COUNT),
    "reviews_high": Detail(mark("high ratings"), Unit.COUNT),
    "method": Detail(mark("method"), Unit.NAME),
    "cohort": Detail(mark("cohort"), Unit.NAME, beside=True),
    "value": Detail(mark("value")),
    "other_methods": Detail(mark("by other methods")),
    "read": Detail(mark("to read"), Unit.NAME),
    "term": Detail(mark("word"), Unit.LIST),
    "dissatisfaction": Detail(mark("what goes with low answers")),
    "share_low": Detail(mark("low answers"), Unit.SHARE),
    "against_others": Detail(mark("more than the others"), Unit.SHARE),
    "kept_after": Detail(mark("customers who stayed for a period, by what came before it")),
    "bought_after": Detail(mark("customers who bought again, by what came before it")),
    "share_others": Detail(mark("the others"), Unit.SHARE),
    "reasons": Detail(mark("reasons of dissatisfaction by channel")),
    "reason": Detail(mark("reason"), Unit.NAME),
    "expected": Detail(mark("expected"), Unit.RATIO),
    "residual": Detail(mark("standardised residual"), Unit.RATIO),
    "certain": Detail(mark("more than chance"), Unit.NAME, beside=True),
    "dissatisfaction_names": Detail(mark("low answers go with"), Unit.NAME, beside=True),
    "importance_names": Detail(mark("first to improve"), Unit.NAME, beside=True),
    "fair_agent_names": Detail(mark("agents beyond what chance allows"), Unit.NAME, beside=True),
    "fair_team_names": Detail(mark("teams beyond what chance allows"), Unit.NAME, beside=True),
    "fair_product_names": Detail(mark("products beyond what chance allows"), Unit.NAME, beside=True),
    "fair_agent": Detail(mark("fair table by agent")),
    "fair_team": Detail(mark("fair table by team")),
    "fair_product": Detail(mark("fair table by product")),
    "fair_value": Detail(mark("fair value")),
    "funnel": Detail(mark("what chance allows")),
    "who_answered": Detail(mark("who answered")),
    "asked": Detail(mark("asked"), Unit.COUNT),
    "if_all_answered": Detail(mark("if every channel had answered equally")),
    "importance": Detail(mark("importance"), Unit.RATIO),
    "first_to_improve": Detail(mark("first to improve")),
    "elsewhere": Detail(mark("other studies"), Unit.NAME, beside=True),
    "benchmarks": Detail(mark("other studies")),
    "study": Detail(mark("study"), Unit.NAME),
    "ours": Detail(mark("ours")),
    "statistic": Detail(mark("statistic"), Unit.NAME),
    "year": Detail(mark("year"), Unit.NAME),
    "country": Detail(mark("country"), Unit.NAME),
    "industry": Detail(mark("industry"), Unit.NAME),
    "definition": Detail(mark("definition"), Unit.NAME),
    "ahead": Detail(mark("what comes"), Unit.NAME, beside=True),
    "pace": Detail(mark("pace"), Unit.NAME, beside=True),
} | {f"stars_{k}": Detail("★" * k, Unit.COUNT) for k in range(1, 6)}
SILENT = {
    "top",
    "hits",
    "currency",
    "allocated",
    "refused",
    "lower_bound",
    "approximate",
    "error",
    "calendar",
    "unknown",
}  # shown in another place, or machinery
