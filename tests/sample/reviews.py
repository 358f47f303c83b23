"""Reviews in the shops: a mark and a sentence or two, in English or Russian."""

from collections.abc import Mapping
from random import Random

from .customers import Customer
from .survey import Answer
from .world import MONTHS, STORY, WORDS, Month, chance, pick, stream, within

_HIGH = {5: 70, 4: 30}
_LOW = {1: 58, 2: 42}


def reviews(everyone: list[Customer]) -> list[Answer]:
    """About sixteen a month, more of them after the bad release."""
    rng = stream("reviews")
    return [
        _review(rng, month, everyone)
        for month in MONTHS
        for _ in range(round(15 * (1 - month.mood)) + rng.randrange(4))
    ]


def _review(rng: Random, month: Month, everyone: list[Customer]) -> Answer:
    moment = within(rng, month.start, month.end)
    writer = rng.choice([c for c in everyone if c.active(moment)])
    draw = rng.random()
    content = chance(1.05 + 1.3 * month.mood)
    tone = "mid" if draw > 0.9 else "high" if draw < 0.9 * content else "low"
    score = 3 if tone == "mid" else int(pick(rng, _words(_HIGH if tone == "high" else _LOW)))
    return Answer(
        kind="review",
        score=score,
        responded_at=moment,
        customer=writer,
        comment=_comment(rng, WORDS["reviews"][rng.choice(["en", "ru", "ru"])], tone),
        product="Orvi App" if tone == "low" and month.mood < -0.2 else pick(rng, STORY["products"]),
    )


def _words(weights: Mapping[int, int]) -> dict[str, int]:
    return {str(mark): weight for mark, weight in weights.items()}


def _comment(rng: Random, language: dict[str, list[str]], tone: str) -> str:
    said = rng.sample(language[tone], rng.choice([1, 1, 2]))
    if tone != "mid" and rng.random() < 0.12:  # people are fair: a word of the other kind
        said.append(rng.choice(language["mid"]))
    return ". ".join(said) + rng.choice([".", "", "!"])
