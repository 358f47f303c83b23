"""What can be said of data without dates: the figures that are shown first, and the words of low ratings."""

from collections.abc import Collection, Iterator, Mapping

from cx_kpi.judge.verdicts.judged import family_of
from cx_kpi.metrics.registry import METRICS
from cx_kpi.model.report import Finding, Reading
from cx_kpi.model.values import Better, Status, Unit
from cx_kpi.wording.language import mark
from cx_kpi.wording.units import Words

MOST = 3  # figures
WORDS = 5
FEWEST = 5  # rows
STANDS = mark("{title}: {value} (n = {n}).")
COUNTED_SO = mark("{title}: {value} (n = {n}); {method}.")
AIMED = mark("{title}: {value} (n = {n}); the target {goal} is {status}.")
AIMED_DEFAULT = mark("{title}: {value} (n = {n}); the default target {goal} is {status}.")
LOW_WORDS = mark("{title}, above all in those with low ratings: {names}.")
MET = {Status.MET: mark("met"), Status.MISSED: mark("missed"), Status.INCONCLUSIVE: mark("too close to tell")}


def as_it_stands(
    metrics: Mapping[str, Reading], words: Words, defaults: Collection[str] = ()
) -> list[Finding]:
    """At most three of the figures shown first, and one sentence on words; `defaults`: whose target nobody set."""
    first = sorted((name for name in metrics if _rank(name)), key=_rank)
    known = [name for name in first if metrics[name].value is not None and metrics[name].n >= FEWEST]
    told = [_problem(name, metrics) for name in known[:MOST]]
    return [
        *(Finding(name, _stands(metrics[name], words, name in defaults)) for name in told),
        *_low_words(metrics, words),
    ]


def _rank(name: str) -> int:
    metric = METRICS.get(name)
    return metric.headline.rank if metric and metric.headline else 0


def _problem(name: str, metrics: Mapping[str, Reading]) -> str:
    """Of two shares of which one is the rest of the other, the one that is better low."""
    family = family_of(name)
    others = (other for other, each in metrics.items() if other != name and each.better is Better.LOWER)
    return next((other for other in others if family_of(other) == family), name)


def _stands(reading: Reading, words: Words, default: bool) -> str:
    currency, aimed = reading.details.get("currency", ""), reading.target and reading.status in MET
    method = reading.details.get("method", "")
    return words.language(
        (AIMED_DEFAULT if default else AIMED) if aimed else COUNTED_SO if method else STANDS,
        method=method,
        title=reading.title,
        value=_scaled(reading, words.value(reading.value, reading.unit, currency), words),
        n=words.numerals.decimal(reading.n),
        goal=words.target(reading.target, reading.unit, currency),
        status=words.language(MET[reading.status]) if reading.status in MET else "",
    )


def _scaled(reading: Reading, value: str, words: Words) -> str:
    """A mean score with the end of its scale: `8.35 of 10`."""
    scale = reading.details.get("scale")
    if reading.unit is not Unit.SCORE or not scale:
        return value
    return words.language("{value} of {most}", value=value, most=words.numerals.decimal(round(scale[1])))


def _low_words(metrics: Mapping[str, Reading], words: Words) -> Iterator[Finding]:
    for name, reading in metrics.items():
        low = reading.details.get("low")
        if reading.unit is Unit.LIST and low:
            yield Finding(
                name,
                words.language(LOW_WORDS, title=reading.title, names=words.value(low[:WORDS], Unit.LIST)),
            )
            return
