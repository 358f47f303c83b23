"""The metrics to show first: a few of each theme, by what they declare and what could be computed."""

from collections.abc import Mapping
from itertools import chain, zip_longest

from cx_kpi.metrics.definition.metric import Headline as Place
from cx_kpi.metrics.registry import HEADLINES, METRICS
from cx_kpi.model.report import Headline, Reading
from cx_kpi.model.values import Status
from cx_kpi.wording.language import Language, mark

FEWEST, MOST, OF_ONE, OWN = 6, 8, 3, 2
OTHERS = mark("Other figures")


def headlines(metrics: Mapping[str, Reading], language: Language) -> list[Headline]:
    """Six to eight metrics in all, no more than three of a theme unless there are few; fewer where there are.

    Those of the user's own that missed their target are among them, two at most: a column beside two of each theme.
    """
    shown = [*filter(lambda name: _is_figure(metrics[name]), metrics)]
    themes = [_ranked(theme, shown) for theme in HEADLINES]
    missed = [name for name in shown if name not in METRICS and _is_missed(metrics[name])][:OWN]
    room = MOST - OWN if missed else MOST
    kept = {*missed, *_dealt([names[:OF_ONE] for names in themes])[:room]}
    kept |= set(_dealt([names[OF_ONE:] for names in themes])[: max(FEWEST - len(kept), 0)])
    titled = dict(zip(HEADLINES.values(), themes, strict=True))
    rest = [name for name in shown if name not in {*chain(*themes), *missed}]
    titled[OTHERS] = [*missed, *rest[: max(FEWEST - len(kept), 0)]]
    kept |= set(titled[OTHERS])
    found = {title: [name for name in names if name in kept] for title, names in titled.items()}
    return _said(found, language)


def _said(found: Mapping[str, list[str]], language: Language) -> list[Headline]:
    return [Headline(language(title), names) for title, names in found.items() if names]


def _is_figure(reading: Reading) -> bool:
    """Whether there is a number that is not shown under its variant in the other clock."""
    return isinstance(reading.value, int | float) and reading.twin_of is None


def _is_missed(reading: Reading) -> bool:
    """Whether what is judged of a metric, or the whole of it, missed its target."""
    return Status.MISSED in (reading.status, reading.latest.status if reading.latest else None)


def _ranked(theme: str, shown: list[str]) -> list[str]:
    """The metrics of a theme that are there, first things first."""
    ranks = {name: said.rank for name in shown if (said := _first(name)) and said.title == theme}
    return sorted(ranks, key=ranks.__getitem__)


def _first(name: str) -> Place | None:
    """Where a metric of ours belongs among the first."""
    return METRICS[name].headline if name in METRICS else None


def _dealt(themes: list[list[str]]) -> list[str]:
    """The first of each theme, then the second of each, and so on."""
    return [name for names in zip_longest(*themes) for name in names if name is not None]
