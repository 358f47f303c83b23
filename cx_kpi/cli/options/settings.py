"""From the words of the command line and `cxkpi.toml` to the options of a run."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from pathlib import Path
from typing import Any, cast, get_args

from cx_kpi.cli.options.arguments import CONFIGURED
from cx_kpi.cli.options.parse import one_of, size
from cx_kpi.cli.options.profiles import check_profiles
from cx_kpi.cli.options.table_options import Tables
from cx_kpi.model.errors import UsageProblem
from cx_kpi.model.frozen import dataclass
from cx_kpi.model.options import Config, Lang, Options, Quantiles, Study
from cx_kpi.model.schema import TABLES

HOW_TO_READ = (*TABLES, "presets", "complaints", "timezone", "source_timezone", "dayfirst", "ces_reversed")


@dataclass(frozen=True, slots=True)
class Settings:
    """A configuration, the file it is from, and what of it was not taken up."""

    config: Config
    path: str | None = None
    left_out: tuple[str, ...] = ()


def run_options(
    files: Sequence[str] | None,
    tables: Tables,
    settings: Settings,
    *,
    tz: str | None,
    source_tz: str | None,
    lang: str | None,
    dayfirst: bool | None = None,
    quantiles: str | None = None,
    memory: str | None = None,
    cohort: Mapping[str, str] | None = None,
    **more: Any,
) -> Options:
    """The options of a run: those of the command line, else as configured. Raises `UsageProblem`."""
    said = settings.config
    return Options(
        paths=tuple(files or ()),
        explicit=tuple((table, path) for table, paths in tables.items() for path in paths or ()),
        timezone=chosen("tz", tz, said) or "UTC",
        source_timezone=chosen("source_tz", source_tz, said),
        language=cast("Lang", chosen("lang", one_of("--lang", lang, get_args(Lang)), said) or spoken()),
        config=replace(
            said,
            cohorts={**said.cohorts, **(cohort or {})},
            dayfirst=chosen("dayfirst", dayfirst, said),
            quantiles=chosen("quantiles", one_of("--quantiles", quantiles, get_args(Quantiles)), said),
        ),
        memory=size("--memory", chosen("memory", memory, said) or None),
        configuration=settings.path,
        left_out=settings.left_out,
        **more,
    )


def spoken() -> Lang:
    """The language that the environment asks for: `LC_ALL`, else `LC_MESSAGES`, else `LANG`; English if we lack it."""
    asked = next(filter(None, map(os.environ.get, ("LC_ALL", "LC_MESSAGES", "LANG"))), "")
    code = asked.replace("-", "_").partition("_")[0].partition(".")[0].lower()
    return cast("Lang", code) if code in get_args(Lang) else "en"


def chosen(option: str, said: Any, settings: Config) -> Any:
    """An option of the command line, else of the configuration; None where neither sets it."""
    return getattr(settings, CONFIGURED[option]) if said is None or said == "" else said


def inputs(command: str, files: Sequence[str] | None, tables: Tables) -> list[str]:
    """Every path to read; raises `UsageProblem` where the command got none."""
    paths = [*(files or ()), *(path for paths in tables.values() for path in paths or ())]
    if not paths:
        raise UsageProblem(
            f"no files; name exports or a folder of them, for example: cxkpi {command} tickets.csv"
        )
    return paths


def read_settings(config: str | None, paths: Sequence[str]) -> Settings:
    """The configuration named, else the one in use here.

    The one found may come with the data from a stranger. So only its rules for reading are used; targets, looks
    and addresses count only where the user names the file.
    """
    from cx_kpi.normalise.config.read_config import read_config

    path = config or in_use(paths)
    if path is None:
        return Settings(Config())
    found = _beside(read_config(path), path)
    if config or Path(path).parent == Path():
        check_profiles(found.report.profiles, path)
        return Settings(found, path)
    taken = {name: getattr(found, name) for name in HOW_TO_READ}
    said = (each.name for each in fields(Config) if getattr(found, each.name) != getattr(Config(), each.name))
    return Settings(Config(**taken), path, tuple(name for name in said if name not in taken))


def _beside(config: Config, path: str) -> Config:
    """The configuration with the presets it names, which lie beside it; `UsageProblem` for what is wrong of them or its metrics."""
    from cx_kpi.normalise.preset.presets import read_preset

    folder, found = Path(path).parent, list[str]()
    if config.metric:
        _check_metrics(config, path)
    for name in config.presets:
        file = folder / name
        if not file.resolve().is_relative_to(folder.resolve()):
            raise UsageProblem(
                f"{path}: presets: {name!r} is outside the folder of the configuration; put it there"
            )
        try:
            found.append(str(file))
            read_preset(str(file))
        except UsageProblem as problem:
            raise UsageProblem(f"{path}: presets: {problem}") from None
    return replace(config, presets=found)


def _check_metrics(config: Config, path: str) -> None:
    from cx_kpi.metrics.registry import known_metrics
    from cx_kpi.normalise.config.config_lines import config_placed

    with config_placed(config, path):
        known_metrics(config)


def in_use(paths: Sequence[str]) -> str | None:
    """The configuration that a run with these paths reads when none is named; None where there is none."""
    from cx_kpi.normalise.config.config_lines import PROJECT
    from cx_kpi.normalise.config.read_config import NAME, is_configured

    beside = [Path(paths[0]) / NAME] if len(paths) == 1 else []
    found = [str(path) for path in (Path(NAME), *beside) if path.is_file()]
    return next(iter(found), PROJECT if is_configured(Path(PROJECT)) else None)


def history_file(path: str | None, settings: Settings, *, must_exist: bool = False) -> str | None:
    """The history named, else that of the configuration, which lies beside it; None where there is none."""
    said = settings.config.record
    found = path or (str(Path(settings.path or "").parent / said) if said else None)
    if must_exist and found and not Path(found).exists():
        raise UsageProblem(
            f"{found}: there is no such history; write one with: cxkpi report --record {found}"
        )
    return found


def studies(path: str | None, settings: Settings) -> tuple[Study, ...]:
    """The figures of other studies in the file named, else in that of the configuration; raises `UsageProblem`."""
    from cx_kpi.normalise.config.read_benchmarks import read_benchmarks

    said = settings.config.benchmarks
    beside = Path(settings.path or "").parent
    file = path or (str(beside / said) if said else "")
    return read_benchmarks(file) if file else ()


def with_others(name: str, settings: Settings) -> tuple[str, ...]:
    """A metric and all that a report shows, with which it shares the error budget."""
    from cx_kpi.metrics.registry import public_metrics

    public = public_metrics(settings.config)
    shown = (other for other, each in public.items() if each.setting(settings.config))
    return (name, *(other for other in shown if other != name))
