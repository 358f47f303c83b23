"""Questions to whoever sits at the terminal, about what a file leaves open."""

import sys
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cx_kpi.language import Language
    from cx_kpi.normalise.assemble import Tally
    from cx_kpi.normalise.unknown_words import Unknown

MOST = 20  # words asked about


def may_ask() -> bool:
    """Whether somebody is there to answer."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def ask(
    tallies: "Sequence[Tally]",
    unknown: "Mapping[tuple[str, str], Sequence[Unknown]]",
    language: "Language",
) -> tuple[dict[str, Any], dict[tuple[str, str, str], Any]]:
    """What could not be decided, asked; an empty answer leaves it open."""
    settings: dict[str, Any] = {}
    unsure = next((each for each in tallies if not each.plan.order.sure and each.plan.ambiguous), None)
    if unsure:
        settings["dayfirst"] = typer.confirm(
            language(
                "{file}: does the day come first in dates such as 03/04/2026?",
                file=unsure.plan.mapped.source.path,
            ),
            default=unsure.plan.order.dayfirst,
            err=True,
        )
    words = [(place, each) for place, found in unknown.items() for each in found if each.known]
    decided = {(*place, each.word): _ask(place[1], each, language) for place, each in words[:MOST]}
    return settings, {place: answer for place, answer in decided.items() if answer}


def _ask(field: str, unknown: "Unknown", language: "Language") -> str:
    from cx_kpi.render.safe import clean

    question = language('{field}: what does "{word}" mean?', field=field, word=clean(unknown.word))
    nearest = unknown.nearest if isinstance(unknown.nearest, str) else ""
    while True:
        choice = ", ".join(unknown.known)
        answer: str = typer.prompt(f"{question} ({choice})", default=nearest, err=True)
        if not answer or answer in unknown.known:
            return answer
