"""Answers of customers: satisfaction, loyalty, effort, the stages of their journey, and reviews."""

import polars as pl

from cx_kpi.metrics.definition.aggregations import (
    NOT_ON_SCALE,
    at_one_age,
    count,
    grouped,
    moments,
    net,
    only,
    score,
    share,
)
from cx_kpi.metrics.definition.clocks import RATED, SENT
from cx_kpi.metrics.definition.metric import (
    Aggregation,
    Companion,
    Contribution,
    Exclusion,
    Headline,
    Measure,
    Method,
    Metric,
    Sum,
    Terms,
    helper,
)
from cx_kpi.metrics.definition.scales import graded
from cx_kpi.metrics.definition.survey_aggregations import (
    REVIEWS,
    SCORE,
    gaps,
    mean_of_stages,
    review_sources,
    review_words,
)
from cx_kpi.model.sums import Quantity
from cx_kpi.model.values import Better, Target, Unit
from cx_kpi.wording.language import mark

LOW, HIGH = pl.col("scale_low"), pl.col("scale_high")
KIND = pl.col("kind")
RATES_CSAT = KIND == "csat"
RATES_NPS = KIND == "nps"
RATES_STAGE = KIND == "sps"
RATES_SELF = KIND == "self"
UPPER_HALF = SCORE > (LOW + HIGH) / 2
UNANSWERED = Exclusion(mark("not answered"), SCORE.is_null())
WORDLESS = Exclusion(mark("without a comment"), pl.col("comment").is_null())
STARS: dict[str, Measure] = {f"stars_{k}": Sum(REVIEWS & (SCORE == k)) for k in range(1, 6)}


def _other_than(condition: pl.Expr) -> tuple[Exclusion, ...]:
    """Rows of surveys of another kind do not count, nor do those without an answer."""
    return Exclusion(mark("another kind of survey"), ~condition.fill_null(value=False)), UNANSWERED


def _words_of(rows: pl.Expr) -> Method:
    """The words of the comments of some rows; low and high are the halves of their scales."""
    low, high = rows & (SCORE < (LOW + HIGH) / 2), rows & UPPER_HALF
    ids = ("ticket_id", "response_id")
    words = Terms(only(pl.col("comment"), rows), low, high, RATED.at, ids)
    contribution = Contribution(rows & pl.col("comment").is_not_null())
    return Method(
        RATED,
        Aggregation({"terms": words}, review_words, contribution=contribution),
        exclusions=(*_other_than(rows)[:1], WORDLESS),
    )


ONE_SIDED = mark("your own answers, and those to what one side alone rated")

METRICS = (
    Metric(
        id="csat",
        kind="csat",
        title=mark("Customer satisfaction (CSAT)"),
        group="satisfaction",
        about=mark(
            "Share of satisfied answers: the top two of five, the upper half of other scales. "
            "The latest answer about a ticket counts."
        ),
        formula=mark("satisfied answers ÷ answers"),
        unit=Unit.SHARE,
        better=Better.HIGHER,
        headline=Headline("customers", 1),
        target=Target(">=", 0.85),
        methods=(
            Method(
                RATED,
                share(
                    UPPER_HALF,
                    of=RATES_CSAT & SCORE.is_not_null(),
                    latest="about",
                ),
                exclusions=_other_than(RATES_CSAT),
            ),
        ),
        companions=(Companion("mean", "csat_score"), Companion("scale", "csat_score", "scale")),
    ),
    Metric(
        id="csat_score",
        title=mark("Satisfaction score"),
        group="satisfaction",
        about=mark(
            "Mean satisfaction on the scale customers saw; where there are several, the most used one."
        ),
        formula=mark("Σ scores ÷ answers"),
        unit=Unit.SCORE,
        better=Better.HIGHER,
        same_as="csat",
        headline=Headline("customers", 6),
        target=Target(">=", 4.0),
        target_scale=(1.0, 5.0),
        methods=(
            Method(
                RATED,
                graded(score(only(SCORE, RATES_CSAT & pl.col("main_scale")), LOW, HIGH, latest="about")),
                exclusions=(*_other_than(RATES_CSAT), Exclusion(NOT_ON_SCALE, ~pl.col("main_scale"))),
            ),
        ),
    ),
    Metric(
        id="response_rate",
        title=mark("Survey response rate"),
        group="satisfaction",
        about=mark(
            "Share of surveys sent that were answered; a low rate means the happy and the angry speak loudest."
        ),
        formula=mark("answered ÷ sent, by date sent"),
        unit=Unit.SHARE,
        better=Better.HIGHER,
        methods=(
            Method(
                SENT,
                at_one_age(share(SCORE.is_not_null(), of=pl.col("sent_at").is_not_null()), "responded_at"),
            ),
        ),
    ),
    Metric(
        id="nps",
        kind="nps",
        title=mark("Net promoter score (NPS)"),
        group="satisfaction",
        about=mark(
            "Promoters (9–10) less detractors (0–6) among all answers; the latest of a customer counts."
        ),
        formula=mark("% promoters − % detractors"),
        unit=Unit.POINTS,
        better=Better.HIGHER,
        headline=Headline("customers", 2),
        methods=(
            Method(
                RATED,
                net(
                    only(SCORE, RATES_NPS & pl.col("zero_to_ten")),
                    latest="respondent",
                    other_scale=only(SCORE, RATES_NPS & ~pl.col("zero_to_ten")),
                ),
                exclusions=_other_than(RATES_NPS),
            ),
        ),
    ),
    Metric(
        id="ces",
        kind="ces",
        title=mark("Low effort (CES)"),
        group="satisfaction",
        about=mark("Share of customers who agree, 5 to 7 of 7, that it was easy to get help."),
        formula=mark("answers of 5–7 ÷ answers on 1–7"),
        unit=Unit.SHARE,
        better=Better.HIGHER,
        headline=Headline("customers", 4),
        methods=(
            Method(
                RATED,
                share(
                    pl.col("ease") >= 5,
                    of=KIND == "ces",
                ),
                exclusions=(
                    *_other_than(KIND == "ces")[:1],
                    Exclusion(NOT_ON_SCALE, pl.col("ease").is_null()),
                ),
            ),
        ),
        companions=(Companion("mean", "ces_score"), Companion("scale", "ces_score", "scale")),
    ),
    helper("ces_score", Unit.SCORE, Method(RATED, score(only(pl.col("ease"), KIND == "ces"), LOW, HIGH))),
    Metric(
        id="sps",
        kind="sps",
        title=mark("Satisfaction by stage of the journey"),
        group="satisfaction",
        about=mark("Mean of the stage means, 1 to 5, so that a busy stage does not hide a weak one."),
        formula=mark("Σ stage means ÷ stages"),
        unit=Unit.SCORE,
        better=Better.HIGHER,
        headline=Headline("customers", 5),
        target=Target(">=", 4.0),
        methods=(
            Method(
                RATED,
                grouped(
                    "journey_stage",
                    {**moments(only(SCORE, RATES_STAGE)), "high": Sum(RATES_STAGE & (SCORE >= 4))},
                    mean_of_stages,
                    only(SCORE, RATES_STAGE),
                    quantity=Quantity.COMPOSITE,
                ),
                exclusions=_other_than(RATES_STAGE),
            ),
        ),
        not_by=frozenset({"journey_stage"}),
    ),
    Metric(
        id="review_rating",
        title=mark("Review rating"),
        group="satisfaction",
        about=mark("Mean rating of public reviews, with how many of each."),
        formula=mark("Σ ratings ÷ reviews"),
        unit=Unit.SCORE,
        better=Better.HIGHER,
        headline=Headline("customers", 7),
        methods=(
            Method(
                RATED, score(only(SCORE, REVIEWS), LOW, HIGH, None, **STARS), exclusions=_other_than(REVIEWS)
            ),
        ),
    ),
    Metric(
        id="review_volume",
        title=mark("Reviews"),
        group="satisfaction",
        about=mark("How many public reviews came, by the channel or platform they came from."),
        formula=mark("reviews, by date written"),
        unit=Unit.COUNT,
        better=Better.NEITHER,
        measured=REVIEWS.any(),
        methods=(Method(RATED, count(REVIEWS), exclusions=_other_than(REVIEWS)[:1]),),
        companions=(Companion("mean", "review_rating"), Companion("table", "review_sources", "table")),
    ),
    helper("review_sources", Unit.COUNT, Method(RATED, review_sources("channel"))),
    Metric(
        id="review_terms",
        title=mark("Words in reviews"),
        group="satisfaction",
        about=mark("The words most reviews mention, and those that set low ratings apart from high ones."),
        formula=mark("different reviews that hold the word"),
        unit=Unit.LIST,
        better=Better.NEITHER,
        methods=(_words_of(REVIEWS),),
    ),
    Metric(
        id="comment_terms",
        title=mark("Words in answers"),
        group="satisfaction",
        about=mark(
            "The words most comments on surveys mention, and those that set low scores apart from high ones. "
            'A negation and its word are one, such as "not working".'
        ),
        formula=mark("different comments that hold the word"),
        unit=Unit.LIST,
        better=Better.NEITHER,
        methods=(_words_of(KIND.is_in(["csat", "nps", "ces", "sps"])),),
    ),
    Metric(
        id="self_gap",
        title=mark("Own view against the customers'"),
        group="satisfaction",
        about=mark("How much better the team rates itself than customers rate it, stage by stage."),
        formula=mark("own score − customers' score, mean over stages"),
        unit=Unit.SCORE,
        better=Better.NEITHER,
        methods=(
            Method(
                RATED,
                grouped(
                    "stage_or_question",
                    {
                        **moments(only(SCORE, RATES_SELF), "self_"),
                        **moments(only(SCORE, RATES_STAGE), "customer_"),
                    },
                    gaps,
                    only(SCORE, RATES_SELF | RATES_STAGE),
                    ONE_SIDED,
                ),
                exclusions=_other_than(RATES_SELF | RATES_STAGE),
            ),
        ),
        not_by=frozenset({"journey_stage", "question"}),
    ),
)
