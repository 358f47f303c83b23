"""Questions to the user at the terminal, about what a file leaves open."""

import sys
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cx_kpi.normalise.config.unknown_words import Unknown
    from cx_kpi.normalise.tables.combine import Tally
    from cx_kpi.wording.language import Language

MOST = 20  # words asked about
OPEN = "-"  # the answer that decides nothing


def may_ask() -> bool:
    """Whether somebody is there to answer."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def ask(
    tallies: "Sequence[Tally]",
    unknown: "Mapping[tuple[str, str], Sequence[Unknown]]",
    language: "Language",
) -> tuple[dict[str, Any], dict[tuple[str, str, str], Any]]:
    """What could not be decided, asked: settings, and words of a table and field; raises `KeyboardInterrupt`."""
    try:
        return _day_first(tallies, language), _meanings(unknown, language)
    except typer.Abort:
        raise KeyboardInterrupt from None


def day_unsure(tallies: "Sequence[Tally]") -> "Any | None":
    """The plan of a file whose dates fit both orders of day and month; None where there is none."""
    return next((each.plan for each in tallies if not each.plan.order.sure and each.plan.ambiguous), None)


def _day_first(tallies: "Sequence[Tally]", language: "Language") -> dict[str, Any]:
    """Ask for the order of day and month, where the dates of a file fit both."""
    unsure = day_unsure(tallies)
    if unsure is None:
        return {}
    question = language(
        "{file}: does the day come first in dates such as 03/04/2026?", file=unsure.mapped.source.path
    )
    return {"dayfirst": typer.confirm(question, default=unsure.order.dayfirst, err=True)}


def _meanings(
    unknown: "Mapping[tuple[str, str], Sequence[Unknown]]", language: "Language"
) -> dict[tuple[str, str, str], Any]:
    """The meaning of unknown words of closed vocabularies; those left open are not there."""
    words = [(place, each) for place, found in unknown.items() for each in found if each.known]
    answers = {(*place, each.word): _meaning(place[1], each, language) for place, each in words[:MOST]}
    return {place: answer for place, answer in answers.items() if answer != OPEN}


def _meaning(field: str, unknown: "Unknown", language: "Language") -> str:
    from cx_kpi.render.elements.sanitise import clean

    question = language(
        '{field}: what does "{word}" mean ({choice}; {open} leaves it open)?',
        field=field,
        word=clean(unknown.word),
        choice=", ".join(unknown.known),
        open=OPEN,
    )
    nearest = unknown.nearest if isinstance(unknown.nearest, str) else OPEN
    while True:
        answer: str = typer.prompt(question, default=nearest, err=True)
        if answer in (OPEN, *unknown.known):
            return answer
