"""What a configuration says of sums: kept with a part, and compared when parts are added."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any

from cx_kpi.model.options import Config

if TYPE_CHECKING:
    from pydantic import TypeAdapter

SAME = (  # what a figure means: it has to be the same in all parts
    "metric",
    "cohorts",
    "repeat_days",
    "complaint_repeat_days",
    "inactivity_days",
    "repurchase_days",
    "ces_reversed",
    "backlog_age",
    "backlog_age_by_priority",
)
OWN = ("calendar", "targets", "target", "costs", "complaints")  # each part is counted by its own
GOALS = ("targets", "target")


@cache
def _shape() -> "TypeAdapter[Config]":
    from pydantic import TypeAdapter

    return TypeAdapter(Config)


def kept(config: Config) -> dict[str, Any]:
    """What of a configuration shapes sums, as plain values; what is as usual is left out."""
    plain = _shape().dump_python(config, mode="json", exclude_defaults=True)
    return {name: plain[name] for name in (*SAME, *OWN) if name in plain}


def of_parts(config: Config, settings: Sequence[Mapping[str, Any]]) -> Config:
    """The configuration for the report of several parts: the parts' own where they agree; goals as `config` says, if it does."""
    agreed = {
        name: settings[0][name] for name in (*SAME, *OWN) if _agree(name, settings) and name in settings[0]
    }
    theirs = _shape().validate_python(agreed)
    says = any(getattr(config, name) for name in GOALS)
    taken = {name: getattr(theirs, name) for name in (*SAME, *OWN) if not (says and name in GOALS)}
    return replace(config, **taken)


def differing(settings: Sequence[Mapping[str, Any]], names: Sequence[str]) -> Iterator[str]:
    """The settings of these names in which parts differ."""
    return (name for name in names if not _agree(name, settings))


def _agree(name: str, settings: Sequence[Mapping[str, Any]]) -> bool:
    return all(each.get(name) == settings[0].get(name) for each in settings)
