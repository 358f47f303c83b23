"""The exhibits, each declared once; they are shown in this order."""

from cx_kpi.metrics.definition.aggregations import share
from cx_kpi.metrics.definition.chart import (
    ChartDefinition,
    Hours,
    Part,
    Parts,
    Values,
    Waits,
    Weeks,
    Whole,
    counts,
    details,
    table,
)
from cx_kpi.metrics.definition.metric import Aggregation
from cx_kpi.metrics.families.backlog import BANDS
from cx_kpi.metrics.families.speed import AGE, UNSOLVED, WORK
from cx_kpi.model.chart_data import ChartKind
from cx_kpi.model.figures import Figure
from cx_kpi.model.values import Unit
from cx_kpi.wording.language import mark
from cx_kpi.wording.names import CHANNEL

MINUTE, HOUR, DAY = 60.0, 3_600.0, 86_400.0
LIMITS = (1, 3, 7, 28)  # days
QUARTER = 13  # weeks
WAITS = (
    *(10.0, MINUTE, 5 * MINUTE, 15 * MINUTE, HOUR, 4 * HOUR, 8 * HOUR),
    *(DAY, 3 * DAY, 7 * DAY, 28 * DAY, 90 * DAY, 365 * DAY),
)
QUEUE = (10.0, 20.0, MINUTE, 2 * MINUTE, 4 * MINUTE, 10 * MINUTE, 30 * MINUTE)
STARS = {f"stars_{k}": "★" * k for k in range(1, 6)}
FIVE = [1.0, 5.0]


def _solved_within(days: int) -> Aggregation:
    """Share solved so soon among the tickets at least so old, whether solved or not."""
    limit = days * DAY
    old = (AGE >= limit) & (WORK.is_not_null() | UNSOLVED)
    return share((WORK <= limit).fill_null(value=False), of=old)


def _stars(figure: Figure) -> dict[str | None, Part]:
    """Ratings by stars; nothing where they are on another scale."""
    return dict(details(*STARS)(figure)) if figure.details.get("scale") == FIVE else {}


CHARTS = (
    ChartDefinition(
        id="first_response_waits",
        title=mark("Waits for the first response"),
        about=mark(
            "How many first responses came after how long; a second hump often is a queue or a night."
        ),
        kind=ChartKind.BARS,
        unit=Unit.COUNT,
        metric="first_response_time",
        source=Waits(WAITS, mark("first responses")),
    ),
    ChartDefinition(
        id="first_response_misses",
        title=mark("When first responses are late"),
        about=mark(
            "Share of tickets not answered within target, by weekday and hour of creation, local time; "
            "fewer than 5 tickets in a cell say nothing."
        ),
        kind=ChartKind.HEAT,
        unit=Unit.SHARE,
        metric="first_response_within_target",
        source=Hours(missed=True),
    ),
    ChartDefinition(
        id="resolution_waits",
        title=mark("Times to resolution"),
        about=mark("How many solved tickets took how long; the long tail is what the mean is made of."),
        kind=ChartKind.BARS,
        unit=Unit.COUNT,
        metric="resolution_time",
        source=Waits(WAITS, mark("solved tickets")),
    ),
    ChartDefinition(
        id="maturity",
        title=mark("Solved within days, by week of creation"),
        about=mark(
            "Share of the tickets of a week solved within so many days, of those at least that old, solved or not; "
            "a cell is young until all tickets of its week are. The last 13 weeks up to the end of the window."
        ),
        kind=ChartKind.HEAT,
        unit=Unit.SHARE,
        metric="resolution_time",
        source=Weeks(QUARTER, {days: _solved_within(days) for days in LIMITS}),
    ),
    ChartDefinition(
        id="flow",
        title=mark("Created, solved and open"),
        about=mark(
            "Where more tickets are created than solved, the number still open at the end of the period grows."
        ),
        kind=ChartKind.LINES,
        unit=Unit.COUNT,
        metric="backlog",
        source=Values(("tickets_created", "tickets_solved", "backlog")),
    ),
    ChartDefinition(
        id="ageing",
        title=mark("Backlog by age"),
        about=mark(
            "Open tickets at the end of each period by how long they have waited; a thick band of old ones is work nobody touches."
        ),
        kind=ChartKind.STACK,
        unit=Unit.COUNT,
        metric="backlog_age",
        source=Parts(counts("bands"), {name: name for name in BANDS}),
        scale="ordered",
    ),
    ChartDefinition(
        id="arrivals",
        title=mark("When tickets come"),
        about=mark(
            "Tickets created in the window by weekday and hour, local time: the stronger the colour, the more of the team is needed."
        ),
        kind=ChartKind.HEAT,
        unit=Unit.COUNT,
        metric="tickets_created",
        source=Hours(),
    ),
    ChartDefinition(
        id="channel_mix",
        title=mark("Contacts by channel"),
        about=mark("How many contacts came by each channel in each period."),
        kind=ChartKind.STACK,
        unit=Unit.COUNT,
        metric="channel_share",
        source=Parts(table("n"), CHANNEL, ranked=True),
    ),
    ChartDefinition(
        id="complaint_products",
        title=mark("Complaints by product"),
        about=mark(
            "Complaints of the window, the product with most first; the first few usually make up most of them."
        ),
        kind=ChartKind.PARETO,
        unit=Unit.COUNT,
        metric="complaints_by_product",
        source=Whole(table("n"), mark("complaints"), {}),
    ),
    ChartDefinition(
        id="call_waits",
        title=mark("Waits on the phone"),
        about=mark(
            "How many answered calls waited how long in the queue; callers who gave up are not in it."
        ),
        kind=ChartKind.BARS,
        unit=Unit.COUNT,
        metric="call_wait_time",
        source=Waits(QUEUE, mark("answered calls")),
    ),
    ChartDefinition(
        id="nps_split",
        title=mark("Promoters, passives and detractors"),
        about=mark(
            "Answers of 9–10, of 7–8 and of 0–6 in each period: the score alone hides which of them moved."
        ),
        kind=ChartKind.STACK,
        unit=Unit.COUNT,
        metric="nps",
        source=Parts(
            details("promoters", "passives", "detractors"),
            {name: name for name in (mark("promoters"), mark("passives"), mark("detractors"))},
        ),
        scale="net",
    ),
    ChartDefinition(
        id="sps_stages",
        title=mark("Satisfaction by stage"),
        about=mark(
            "Mean score of each stage of the journey, 1 to 5; stages with fewer than 5 answers show none."
        ),
        kind=ChartKind.BARS,
        unit=Unit.SCORE,
        metric="sps",
        source=Whole(table("mean"), mark("mean score"), {}),
    ),
    ChartDefinition(
        id="review_stars",
        title=mark("Reviews by stars"),
        about=mark(
            "How many reviews gave how many stars: two humps and a mean between them are no middling product."
        ),
        kind=ChartKind.BARS,
        unit=Unit.COUNT,
        metric="review_rating",
        source=Whole(_stars, mark("reviews"), STARS),
    ),
)
