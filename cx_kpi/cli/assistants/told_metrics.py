"""What an assistant is told of the metrics there are: a short list, a line on each of one group, all about one."""

from typing import Any

from cx_kpi.cli.assistants.asked_folder import Desk, cuts
from cx_kpi.metrics.definition.metric import Metric
from cx_kpi.model.errors import UsageProblem, nearest
from cx_kpi.model.options import Config
from cx_kpi.wording.language import Language

Plain = dict[str, Any]


def of_metrics(desk: Desk, group: str = "", metric: str = "") -> Plain:
    """The metrics by group, those of the configuration too; raises `UsageProblem` for a group or an id there is not."""
    from cx_kpi.metrics import registry

    config, language = _settled(desk)
    if metric:
        return _page(registry.metric(metric, config), config, language)
    groups, public = registry.known_groups(config), registry.public_metrics(config)
    if group and group not in groups:
        raise UsageProblem(f"no group {group!r}{nearest(group, groups, most=20)}")
    if group:
        return {"group": group, "title": language(groups[group]), "metrics": _lines(group, public, language)}
    return {
        "metrics": {each: _names(each, public, language) for each in groups},
        "more": "list_metrics with group: a line on each of its metrics; with metric: all about one",
        "cuts": cuts(),
    }


def _settled(desk: Desk) -> tuple[Config, Language]:
    """The configuration and the language of the answers, as the commands that are asked have them."""
    from cx_kpi import api
    from cx_kpi.cli.options.settings import read_settings, run_options

    settings = read_settings(desk.config, (str(desk.folder),))
    options = run_options((), {}, settings, tz=None, source_tz=None, lang=desk.language)
    return api.settled(options).config, Language(options.language)


def _names(group: str, public: dict[str, Metric], language: Language) -> Plain:
    """The title and unit of each metric of a group."""
    return {
        name: f"{language(each.title)} ({each.unit})" for name, each in public.items() if each.group == group
    }


def _lines(group: str, public: dict[str, Metric], language: Language) -> Plain:
    return {
        name: {"title": language(each.title), "unit": each.unit, "about": language(each.about)}
        for name, each in public.items()
        if each.group == group
    }


def _page(metric: Metric, config: Config, language: Language) -> Plain:
    """All about one metric, as `cxkpi metrics ID` tells it."""
    from cx_kpi.cli.commands.metrics_command import facts

    words = {"title": language(metric.title), "about": language(metric.about), "group": metric.group}
    judged = {"unit": metric.unit, "better": metric.better}
    return {"metric": metric.id, **words, **judged, "facts": dict(facts(metric, config, language))}
