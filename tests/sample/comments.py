"""What customers write under their answers, in English or Russian; some speak of the bad release."""

from random import Random

from .survey import Answer
from .world import STORY, WORDS, month_of, stream

_LOWEST, _HIGHEST = {"csat": 2, "nps": 6}, {"csat": 4, "nps": 9}  # a low mark and a high one
_WRITE = {"low": 0.6, "mid": 0.35, "high": 0.25}  # the unhappy write more
_OFTEN = 0.75  # of low answers of that month about the app


def with_comments(asked: list[Answer]) -> list[Answer]:
    """The answers, some of them with a comment; none has one that was not given."""
    rng = stream("comments")
    for answer in asked:
        if answer.kind in _LOWEST and answer.score is not None and rng.random() < _WRITE[_tone(answer)]:
            answer.comment = _comment(rng, answer)
    return asked


def _tone(answer: Answer) -> str:
    score = answer.score or 0
    if score <= _LOWEST[answer.kind]:
        return "low"
    return "high" if score >= _HIGHEST[answer.kind] else "mid"


def _comment(rng: Random, answer: Answer) -> str:
    tone = _tone(answer)
    of_app = answer.ticket is None or answer.ticket.category == "app"
    if tone == "low" and of_app and month_of(answer.moment).mood < -0.2 and rng.random() < _OFTEN:
        tone = "release"
    pool = WORDS["answers"][rng.choice(STORY["languages"])][tone]
    said = rng.sample(pool, 1 if tone == "mid" else rng.choice([1, 2]))
    return ". ".join(said) + rng.choice([".", "", "!" if tone == "high" else ""])
