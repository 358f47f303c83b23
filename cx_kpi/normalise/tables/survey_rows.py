"""Surveys: one row per answer, from long files, wide ones, and the ratings ticket exports carry."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from types import MappingProxyType

import polars as pl

from cx_kpi.model.options import Question
from cx_kpi.normalise.mapping.available import RATED
from cx_kpi.normalise.mapping.reading_plan import SPELT, question_name
from cx_kpi.normalise.tables.exclusions import mask
from cx_kpi.normalise.values.answer_scales import ends_early, likely_scale, scale_by_scores, scales_by_scores
from cx_kpi.normalise.values.answers import answered
from cx_kpi.normalise.values.coerce import Oddity
from cx_kpi.normalise.vocabulary.dictionaries import meanings, plain

OWN = {"ticket_id", "sent_at", "responded_at", "kind", "score", "scale_min", "scale_max"}  # of a rating
Scales = Mapping[str, tuple[float, float]]
NO_SCALES: Scales = MappingProxyType({})
ENDS = ("scale_min", "scale_max")


def derive(frame: pl.DataFrame, questions: Sequence[Question], scales: Scales) -> pl.DataFrame:
    """Answers of one file, on the scales set for their kinds; those of a wide one follow question by question."""
    if questions:
        frame = pl.concat([_question(frame, place, questions) for place in range(len(questions))])
    else:
        frame = _scored(frame, "score")
    frame = frame.with_columns(_said(scales)) if scales else frame
    if "sent_at" in frame.columns and "responded_at" not in frame.columns:
        frame = frame.with_columns(responded_at=pl.when(pl.col("score").is_not_null()).then("sent_at"))
    return frame


def _said(scales: Scales) -> Iterator[pl.Expr]:
    """The scale set for a kind of survey, where neither a column nor an answer has one; it may be turned round."""
    kind, told = pl.col("kind").cast(pl.String), pl.col("scale_max").is_not_null()
    for name, end in (("scale_min", min), ("scale_max", max)):
        yield pl.col(name).fill_null(_by_kind(kind, {each: end(scale) for each, scale in scales.items()}))
    if turned := {each: worst + best for each, (worst, best) in scales.items() if worst > best}:
        score = pl.col("score")
        yield pl.when(told).then(score).otherwise(pl.coalesce(_by_kind(kind, turned) - score, score))


def scaled(answers: pl.DataFrame) -> pl.DataFrame:
    """The answers with the scale of each kind by all of them, where no file names it: a part may hold one end alone."""
    if not {"kind", "score"} <= set(answers.columns):
        return answers
    lacking = [pl.lit(None, pl.Float64).alias(name) for name in ENDS if name not in answers.columns]
    answers = answers.with_columns(lacking)
    kind = pl.col("kind").cast(pl.String)
    scales = scales_by_scores(_counted(answers))
    ends = {end: {name: scale[place] for name, scale in scales.items()} for place, end in enumerate(ENDS)}
    return answers.with_columns(pl.col(end).fill_null(_by_kind(kind, ends[end])) for end in ENDS)


def _counted(answers: pl.DataFrame) -> list[tuple[str, float, int]]:
    """How often each score of each kind was given, without scores that cannot be."""
    kind = pl.col("kind").cast(pl.String)
    counted = answers.drop_nulls("score").group_by(kind, "score").len()
    return counted.drop_nulls("kind").sort("kind", "score").rows()


def doubtful_scales(answers: pl.DataFrame) -> Iterator[Oddity]:
    """The kinds of survey whose scale no file names and their scores do not tell, or may well not have shown whole."""
    if not {"kind", "score"} <= set(answers.columns):
        return
    bare = answers.filter(pl.col("scale_max").is_null()) if "scale_max" in answers.columns else answers
    by_kind: dict[str, dict[float, int]] = {}
    for kind, score, times in _counted(bare):
        by_kind.setdefault(kind, {})[score] = times
    for kind, scores in by_kind.items():
        scale, rows = scale_by_scores(kind, scores), sum(scores.values())
        if scale is None:
            low, high = likely_scale(scores)
            yield Oddity("scale_untold", kind, rows, f"[{low:g}, {high:g}]")
        elif ends_early(scale, scores):
            yield Oddity("scale_ends_early", kind, rows, f"{max(scores):g}")


def _by_kind(kind: pl.Expr, numbers: Mapping[str, float]) -> pl.Expr:
    return kind.replace_strict(numbers, default=None, return_dtype=pl.Float64)


def _scored(frame: pl.DataFrame, name: str) -> pl.DataFrame:
    """The column of answers `name` as score and scale; a scale column goes before the scale of the answers."""
    read = answered(frame[name])
    said = {"scale_min": read["low"], "scale_max": read["high"]}
    scale = [
        frame[key].fill_null(low).alias(key) if key in frame.columns else low.alias(key)
        for key, low in said.items()
    ]
    return frame.drop(name).with_columns(read["score"].alias("score"), *scale)


def _question(frame: pl.DataFrame, place: int, questions: Sequence[Question]) -> pl.DataFrame:
    """The rows of one question of a wide file."""
    asked = questions[place]
    others = [question_name(k) for k in range(len(questions)) if k != place]
    rows = _scored(frame.drop(*others, "score", "kind", strict=False), question_name(place))
    said = {"journey_stage": asked.journey_stage, "question": asked.question}
    words = {
        key: pl.lit(word, pl.Categorical)
        for key, word in said.items()
        if any(getattr(q, key) for q in questions)
    }
    kind = pl.lit(meanings("kind")[plain(asked.kind)], pl.Categorical)
    rows = rows.with_columns(kind=kind, **words)
    if len(questions) > 1 and "response_id" in rows.columns:
        own = pl.struct("response_id", pl.lit(place)).hash(seed=0)
        rows = rows.with_columns(response_id=pl.when(pl.col("response_id").is_not_null()).then(own))
    return rows.select(sorted(rows.columns))


def with_own_ids(answers: pl.DataFrame) -> pl.DataFrame:
    """Answers of one response to several questions, each with an id of its own."""
    if answers["response_id"].drop_nulls().is_unique().all():
        return answers
    of = [name for name in ("kind", "question", "journey_stage") if name in answers.columns]
    own = pl.struct("response_id", *(pl.col(name).cast(pl.String) for name in of)).hash(seed=0)
    return answers.with_columns(response_id=pl.when(pl.col("response_id").is_not_null()).then(own))


def excluded(frame: pl.DataFrame) -> dict[str, pl.Series]:
    """Reason to rows, of answers that do not count; duplicates are another matter."""
    scored = pl.col("score").is_not_null()
    sent = pl.col("sent_at").is_not_null() if "sent_at" in frame.columns else pl.lit(value=False)
    masks = {
        "kindless": mask(frame, pl.col("kind").is_null()),
        "unscored": mask(frame, ~scored & ~sent),
    }
    if "responded_at" in frame.columns:
        masks["incomplete"] = mask(frame, scored & pl.col("responded_at").is_null())
    return masks


def ratings(tickets: pl.DataFrame, also: Collection[str] = (), scales: Scales = NO_SCALES) -> pl.DataFrame:
    """CSAT rows of the tickets that were asked, with columns `also` of these; unanswered ones are sent and unscored."""
    read = answered(tickets["satisfaction_score"])
    when = pl.coalesce(name for name in ("solved_at", "created_at") if name in tickets.columns)
    told = dict.fromkeys((*RATED, "ticket_id" + SPELT, *sorted({*also} - OWN)))
    kept = [name for name in told if name in tickets.columns]
    rows = tickets.select("ticket_id", *kept, sent_at=when).with_columns(
        read.rename({"low": "scale_min", "high": "scale_max"}),
        kind=pl.lit("csat", pl.Categorical),
        responded_at=pl.when(read["score"].is_not_null()).then("sent_at"),
    )
    rows = rows.filter("asked").drop("asked")
    return rows.with_columns(_said(scales)) if scales else rows


def known_sent(rows: pl.DataFrame) -> pl.DataFrame:
    """Without the dates sent, where no rating is known to be unanswered: it is not known which were sent."""
    return rows if rows["score"].null_count() else rows.drop("sent_at")


def on_stars(rows: pl.DataFrame) -> pl.DataFrame:
    """Numbers of which none leaves 1 to 5 are on that scale; those whose scale is known are not asked, nor is a bare 1."""
    bare = rows.filter(pl.col("scale_min").is_null())["score"].drop_nulls()
    if bare.is_empty() or not bare.is_between(1, 5).all() or (bare == 1).all():
        return rows
    open_scale = pl.col("scale_min").is_null() & pl.col("score").is_not_null()
    return rows.with_columns(
        scale_min=pl.when(open_scale).then(1.0).otherwise("scale_min"),
        scale_max=pl.when(open_scale).then(5.0).otherwise("scale_max"),
    )


def uncovered(rows: pl.DataFrame, surveys: pl.DataFrame | None) -> pl.DataFrame:
    """The ratings of tickets that no CSAT answer of the surveys is about."""
    if surveys is None or "ticket_id" not in surveys.columns:
        return rows
    covered = surveys.filter(pl.col("kind") == "csat")["ticket_id"].drop_nulls()
    return rows.filter(~pl.col("ticket_id").is_in(covered.implode()))
