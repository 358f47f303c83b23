"""Facts about surveys, calls, customers and totals that metrics read."""

from collections import Counter

import polars as pl

from cx_kpi.engine.facts.fact import Context, Fact
from cx_kpi.engine.facts.of_customers.purchases import LINKED, returned, turn, uncontacted
from cx_kpi.normalise.values.answer_scales import scales_by_scores

OFFERED = ("answered", "abandoned", "voicemail", "callback")


def _scales(context: Context) -> dict[str, tuple[float, float]]:
    """The scale of each kind of survey, as far as the scores show it."""
    given = context.known["scores"].items()
    return scales_by_scores((kind, score, times) for (kind, _low, _high, score), times in given)


def _scale(end: int, given: str) -> Fact:
    def build(context: Context) -> pl.Expr:
        inferred = {kind: scale[end] for kind, scale in _scales(context).items()}
        default = (
            pl.col("kind").cast(pl.String).replace_strict(inferred, default=None, return_dtype=pl.Float64)
        )
        return pl.coalesce(context.optional(given, pl.Float64), default)

    return Fact(build, ("kind", "score"), (given,), knows=("scores",))


def _answer(_: Context) -> pl.Expr:
    """The score where it is on its scale; a typing error outside it is no answer."""
    inside = pl.col("score").is_between(pl.col("scale_low"), pl.col("scale_high"))
    return pl.when(inside).then(pl.col("score"))


def _on_scale(low: float, high: float) -> pl.Expr:
    return (pl.col("scale_low") == low) & (pl.col("scale_high") == high)


def _main_scale(context: Context) -> pl.Expr:
    """Whether a CSAT answer is on the scale most of them are on."""
    inferred = _scales(context).get("csat", (None, None))
    scales = Counter[tuple[float, float]]()
    for (kind, *given, score), times in context.known["scores"].items():
        low, high = (end if end is not None else usual for end, usual in zip(given, inferred, strict=True))
        if kind == "csat" and low is not None and high is not None and low <= score <= high:
            scales[low, high] += times
    if not scales:
        return pl.lit(value=True)
    return _on_scale(*max(scales, key=lambda scale: (scales[scale], scale[1])))


def _ease(context: Context) -> pl.Expr:
    on_seven = pl.when(_on_scale(1.0, 7.0)).then(pl.col("answer"))
    return 8 - on_seven if context.config.ces_reversed else on_seven


def _own(column: str) -> Fact:
    """A key per column and kind of survey; answers without one, and unanswered rows, get a key each."""

    def build(context: Context) -> pl.Expr:
        key = context.optional(column, pl.UInt64)
        known = key.is_not_null() & pl.col("answer").is_not_null()
        return (
            pl.when(known).then(pl.struct(key, "kind").hash()).otherwise(pl.int_range(pl.len()).hash(seed=1))
        )

    return Fact(build, ("kind", "answer"), (column,), together=column)


def _rates(what: str, *needs: str) -> Fact:
    def build(context: Context) -> pl.Expr:
        return pl.col("ticket_id").is_in(context.known[what].implode()).fill_null(value=False)

    return Fact(build, ("ticket_id", "tickets.ticket_id", *needs), knows=(what,))


def _stage_or_question(context: Context) -> pl.Expr:
    stage = context.optional("journey_stage", pl.Categorical).cast(pl.String)
    return pl.coalesce(stage, context.optional("question", pl.Categorical).cast(pl.String))


def _offered(context: Context) -> pl.Expr:
    outbound = context.optional("direction", pl.Categorical).cast(pl.String) == "outbound"
    queued = pl.col("disposition").cast(pl.String).is_in(OFFERED).fill_null(value=False)
    return queued & ~outbound.fill_null(value=False)


def _new_totals(context: Context) -> pl.Expr:
    lost = context.optional("lost_count", pl.Int64)
    new = context.optional("new_count", pl.Int64)
    return pl.coalesce(new, pl.col("end_count") - pl.col("start_count") + lost)


def _lost_totals(context: Context) -> pl.Expr:
    lost = context.optional("lost_count", pl.Int64)
    new = context.optional("new_count", pl.Int64)
    return pl.coalesce(lost, pl.col("start_count") + new - pl.col("end_count"))


SURVEYS = {
    "scale_low": _scale(0, "scale_min"),
    "scale_high": _scale(1, "scale_max"),
    "answer": Fact(_answer, ("scale_low", "scale_high", "score")),
    "one_to_five": Fact(lambda _: _on_scale(1.0, 5.0), ("scale_low", "scale_high")),
    "zero_to_ten": Fact(  # a scale from 1 to 10 gives the same score
        lambda _: _on_scale(0.0, 10.0) | _on_scale(1.0, 10.0), ("scale_low", "scale_high")
    ),
    "main_scale": Fact(_main_scale, ("answer",), ("scale_min", "scale_max"), knows=("scores",)),
    "ease": Fact(_ease, ("answer",), reads=("ces_reversed",)),
    "about": _own("ticket_id"),
    "respondent": _own("customer_id"),
    "rates_complaint": _rates("complaints", "tickets.is_complaint"),
    "rates_solved_complaint": _rates("solved_complaints", "tickets.is_complaint", "tickets.is_solved"),
    "came_back": returned("responded_at", LINKED),
    "satisfied": Fact(
        lambda _: pl.col("answer") > (pl.col("scale_low") + pl.col("scale_high")) / 2, ("answer",)
    ),
    "return_turn": turn("kind", "satisfied"),
    "stage_or_question": Fact(
        _stage_or_question, (("journey_stage", "question"),), ("journey_stage", "question")
    ),
}
ORDERS = {
    "came_back": returned("ordered_at"),
    "uncontacted": uncontacted("ordered_at"),
    "return_turn": turn("uncontacted"),
}
CALLS = {"offered": Fact(_offered, ("disposition",), ("direction",))}
CUSTOMER_COUNTS = {
    "new_totals": Fact(
        _new_totals, ("start_count", "end_count", ("new_count", "lost_count")), ("new_count", "lost_count")
    ),
    "lost_totals": Fact(
        _lost_totals, ("start_count", "end_count", ("new_count", "lost_count")), ("new_count", "lost_count")
    ),
}
