"""`cxkpi schedule`: what makes a described report by the clock."""

import shutil
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from cx_kpi.cli.commands.unattended.run_command import described
from cx_kpi.cli.options import arguments
from cx_kpi.cli.options.settings import read_settings, spoken
from cx_kpi.model.errors import Exit

if TYPE_CHECKING:
    from cx_kpi.cli.commands.unattended.job_forms import Job
    from cx_kpi.cli.commands.unattended.occasions import Occasion
    from cx_kpi.cli.options.settings import Settings
    from cx_kpi.model.options import Lang

ELSEWHERE = ("github", "gitlab")  # run on another computer
SCHEDULERS = ("cron", "systemd", *ELSEWHERE)


def schedule(
    profile: Annotated[
        str, typer.Argument(metavar="NAME", help="That of [report.NAME] in the configuration.")
    ],
    scheduler: Annotated[
        str,
        typer.Option(
            "--for", metavar="WHAT", help=f"{arguments.either(('cron (the default)', *SCHEDULERS[1:]))}."
        ),
    ] = "cron",
    at: Annotated[
        str, typer.Option("--at", metavar="TIME", help="The time of day in the zone of the report.")
    ] = "06:00",
    tz: arguments.Tz = None,
    config: arguments.Configuration = None,
    lang: arguments.Language = None,
) -> int:
    """Print what a scheduler needs to make a described report.

    It is due on the first day after its period: daily, on Mondays, or on the first of a month, quarter or year.
    """
    from cx_kpi.cli.commands.unattended.job_forms import FORMS
    from cx_kpi.cli.options.parse import one_of
    from cx_kpi.cli.outputs.output import put
    from cx_kpi.normalise.vocabulary.zones import check_zone
    from cx_kpi.wording.language import LANGUAGES, Language

    chosen = FORMS[one_of("--for", scheduler, SCHEDULERS) or ""]
    settings = read_settings(config, ())
    said = described(profile, settings)
    zone = tz or said.get("timezone") or settings.config.timezone or "UTC"
    code = one_of("--lang", lang or said.get("language") or settings.config.language, LANGUAGES) or spoken()
    check_zone(zone)
    _check_inside(profile, said, Path(settings.path or "").absolute(), scheduler)
    job = _job(profile, said, settings, _occasion(said, settings, at, zone), code)
    put("".join(f"{line}\n" for line in chosen(job, Language(cast("Lang", code)))), "md")  # paths as they are
    return Exit.DONE


def _check_inside(name: str, said: "Mapping[str, Any]", configuration: Path, scheduler: str) -> None:
    """Raises `UsageProblem` for a file that a copy of the repository does not hold, where the job runs on one."""
    from cx_kpi.model.errors import UsageProblem

    whole = _repository(configuration).resolve()
    for path in _texts(said, "files"):
        here = (configuration.parent / path.partition("#")[0]).resolve()
        if scheduler in ELSEWHERE and "://" not in path and not here.is_relative_to(whole):
            raise UsageProblem(
                f"report.{name}.files: {path} lies outside the repository, which is all that the job finds there;"
                " put it inside, or name an address"
            )


def _occasion(said: "Mapping[str, Any]", settings: "Settings", at: str, zone: str) -> "Occasion":
    """When the report is due, by its window, else by its periods; daily where neither says."""
    from cx_kpi.cli.commands.unattended.occasions import Occasion, time_of_day
    from cx_kpi.engine.time.periods import parse_length, year_start

    last = said.get("last")
    grain = parse_length(str(last))[1] if last else said.get("period") or settings.config.period or "day"
    return Occasion(grain, time_of_day("--at", at), zone, year_start(settings.config.fiscal_year_starts))


def _job(
    name: str, said: "Mapping[str, Any]", settings: "Settings", occasion: "Occasion", code: str
) -> "Job":
    from cx_kpi import __version__
    from cx_kpi.cli.commands.unattended.job_forms import Job

    file = Path(settings.path or "").absolute()
    inside = file.relative_to(_repository(file))
    kept = said.get("record") or settings.config.record
    history = (inside.parent / kept).as_posix() if kept and not Path(kept).is_absolute() else ""
    return Job(
        name=name,
        version=__version__,
        command=_command(),
        configuration=file,
        inside=inside,
        arguments=("--lang", code, "--tz", occasion.zone),
        occasion=occasion,
        variables=tuple(dict.fromkeys(_variables(said, settings))),
        extras=tuple(_extras(said)),
        results=tuple(_results(said, inside.parent, history)),
        folders=tuple(_folders(said, inside.parent, history)),
        history=history,
    )


def _command() -> tuple[str, ...]:
    """How this very program is started, whatever the path of whoever does."""
    beside = Path(sys.executable).with_name("cxkpi")
    found = str(beside) if beside.is_file() else shutil.which("cxkpi")
    return (found,) if found else (sys.executable, "-m", "cx_kpi")


def _repository(file: Path) -> Path:
    """The folder of the repository that a file lies in, else its own."""
    return next((folder for folder in file.parents if (folder / ".git").exists()), file.parent)


def _texts(said: "Mapping[str, Any]", key: str) -> list[str]:
    value = said.get(key) or []
    return value if isinstance(value, list) else [str(value)]


def _variables(said: "Mapping[str, Any]", settings: "Settings") -> Iterator[str]:
    """The variables of the environment that hold addresses to send to."""
    for whom in _texts(said, "notify"):
        kind, _, name = settings.config.notify.get(whom, whom).partition(":")
        if kind == "env":
            yield name


_SOURCES = {  # how addresses begin or files end that need a package
    "postgres": ("postgresql:", "postgres:"),
    "mysql": ("mysql:", "mariadb:"),
    "duckdb": (".duckdb", ".ddb"),
    "cloud": ("s3:", "gs:", "az:"),
}


def _extras(said: "Mapping[str, Any]") -> Iterator[str]:
    if said.get("notify"):
        yield "notify"
    if said.get("format") == "openmetrics" or any(path.endswith(".prom") for path in _texts(said, "output")):
        yield "prometheus"
    for extra, marks in _SOURCES.items():
        if any(
            path.startswith(marks) or path.partition("#")[0].endswith(marks) for path in _texts(said, "files")
        ):
            yield extra


def _results(said: "Mapping[str, Any]", folder: Path, history: str) -> Iterator[str]:
    """The files it writes, as patterns, by their paths in the repository."""
    from cx_kpi.cli.outputs.dated_names import pattern

    yield from ((folder / pattern(path)).as_posix() for path in _files(said))
    yield from (history,) if history else ()


def _folders(said: "Mapping[str, Any]", folder: Path, history: str) -> Iterator[str]:
    """The folders of those files that are not made by the day, nor there with the configuration."""
    from cx_kpi.cli.outputs.dated_names import beforehand

    found = [(folder / beforehand(path)).parent for path in _files(said)]
    needed = dict.fromkeys([*found, *([Path(history).parent] if history else [])])
    yield from (each.as_posix() for each in needed if each not in (folder, Path()))


def _files(said: "Mapping[str, Any]") -> list[str]:
    known = [path for key in ("output", "rows", "rejects") for path in _texts(said, key)]
    return [path for path in known if path not in ("", "-")]
