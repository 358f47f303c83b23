"""What can be said of data without dates: the figures that are shown first, and the words of low ratings."""

from collections.abc import Iterator, Mapping

from cx_kpi.metrics.registry import METRICS
from cx_kpi.model.report import Finding, Reading
from cx_kpi.model.values import Status, Unit
from cx_kpi.wording.language import mark
from cx_kpi.wording.units import Words

MOST = 3  # figures
WORDS = 5
STANDS = mark("{title}: {value} (n = {n}).")
AIMED = mark("{title}: {value} (n = {n}); the target {goal} is {status}.")
LOW_WORDS = mark("{title} that set low ratings apart: {names}.")
MET = {Status.MET: mark("met"), Status.MISSED: mark("missed"), Status.INCONCLUSIVE: mark("too close to tell")}


def as_it_stands(metrics: Mapping[str, Reading], words: Words) -> list[Finding]:
    """At most three of the figures shown first, and one sentence on words."""
    first = sorted((name for name in metrics if _rank(name)), key=_rank)
    known = [name for name in first if metrics[name].value is not None and metrics[name].n]
    return [
        *(Finding(name, _stands(metrics[name], words)) for name in known[:MOST]),
        *_low_words(metrics, words),
    ]


def _rank(name: str) -> int:
    metric = METRICS.get(name)
    return metric.headline.rank if metric and metric.headline else 0


def _stands(reading: Reading, words: Words) -> str:
    currency, aimed = reading.details.get("currency", ""), reading.target and reading.status in MET
    return words.language(
        AIMED if aimed else STANDS,
        title=reading.title,
        value=words.value(reading.value, reading.unit, currency),
        n=words.numerals.decimal(reading.n),
        goal=words.target(reading.target, reading.unit, currency),
        status=words.language(MET[reading.status]) if reading.status in MET else "",
    )


def _low_words(metrics: Mapping[str, Reading], words: Words) -> Iterator[Finding]:
    for name, reading in metrics.items():
        low = reading.details.get("low")
        if reading.unit is Unit.LIST and low:
            yield Finding(name, words.language(LOW_WORDS, title=reading.title, names=", ".join(low[:WORDS])))
            return
