"""From the words of the command line and `cxkpi.toml` to the options of a run."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, cast, get_args

from cx_kpi.cli.options.parse import one_of
from cx_kpi.model.errors import UsageProblem
from cx_kpi.model.options import Config, Lang, Options, Study
from cx_kpi.model.schema import TABLES

Tables = Mapping[str, Sequence[str] | None]


def run_options(
    files: Sequence[str] | None,
    tables: Tables,
    settings: Config,
    *,
    tz: str | None,
    source_tz: str | None,
    lang: str | None,
    dayfirst: bool | None = None,
    cohort: Mapping[str, str] | None = None,
    **more: Any,
) -> Options:
    """The options of a run; what the command line does not say is as configured. Raises `UsageProblem`."""
    return Options(
        paths=tuple(files or ()),
        explicit=tuple((table, path) for table, paths in tables.items() for path in paths or ()),
        timezone=tz or settings.timezone or "UTC",
        source_timezone=source_tz or settings.source_timezone,
        language=cast("Lang", one_of("--lang", lang, get_args(Lang)) or settings.language or spoken()),
        config=replace(
            settings,
            cohorts={**settings.cohorts, **(cohort or {})},
            dayfirst=settings.dayfirst if dayfirst is None else dayfirst,
        ),
        **more,
    )


def spoken() -> Lang:
    """The language that the environment asks for: `LC_ALL`, else `LC_MESSAGES`, else `LANG`; English if we lack it."""
    asked = next(filter(None, map(os.environ.get, ("LC_ALL", "LC_MESSAGES", "LANG"))), "")
    code = asked.replace("-", "_").partition("_")[0].partition(".")[0].lower()
    return cast("Lang", code) if code in get_args(Lang) else "en"


def by_table(said: Mapping[str, Any]) -> Tables:
    """The files that a command's options, each named as its table, say are of that table."""
    return {name: said[name] for name in TABLES}


def inputs(command: str, files: Sequence[str] | None, tables: Tables) -> list[str]:
    """Every path to read; raises `UsageProblem` where the command got none."""
    paths = [*(files or ()), *(path for paths in tables.values() for path in paths or ())]
    if not paths:
        raise UsageProblem(
            f"no files; name exports or a folder of them, for example: cxkpi {command} tickets.csv"
        )
    return paths


def read_settings(config: str | None, paths: Sequence[str]) -> Config:
    """The configuration named, else the one in use here.

    Paths in it are meant from the folder it is in.
    """
    from cx_kpi.normalise.config.read_config import NAME, read_config

    path = config or in_use(paths)
    return _placed(read_config(path), Path(path or NAME).parent)


def in_use(paths: Sequence[str]) -> str | None:
    """The configuration that a run with these paths reads when none is named; None where there is none.

    It is `cxkpi.toml` in the working folder, else in the one folder to read, else `pyproject.toml` here.
    """
    from cx_kpi.normalise.config.read_config import NAME, PROJECT, is_configured

    beside = [Path(paths[0]) / NAME] if len(paths) == 1 else []
    found = [str(path) for path in (Path(NAME), *beside) if path.is_file()]
    return next(iter(found), PROJECT if is_configured(Path(PROJECT)) else None)


def studies(path: str | None, settings: Config) -> tuple[Study, ...]:
    """The figures of other studies in the file named, else in that of the configuration; raises `UsageProblem`."""
    from cx_kpi.normalise.config.read_benchmarks import read_benchmarks

    file = path or settings.benchmarks
    return read_benchmarks(file) if file else ()


def _placed(settings: Config, folder: Path) -> Config:
    logo, benchmarks = settings.report.logo, settings.benchmarks
    return replace(
        settings,
        report=replace(settings.report, logo=str(folder / logo) if logo else ""),
        benchmarks=str(folder / benchmarks) if benchmarks else "",
    )
