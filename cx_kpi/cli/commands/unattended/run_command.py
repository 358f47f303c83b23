"""`cxkpi run`: a report that the configuration describes."""

from collections.abc import Iterator, Mapping
from contextlib import chdir
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cx_kpi.cli.commands.report_command import report
from cx_kpi.cli.options import arguments
from cx_kpi.cli.options.profiles import options_of
from cx_kpi.cli.options.settings import read_settings
from cx_kpi.model.errors import Exit, UsageProblem, nearest

if TYPE_CHECKING:
    from cx_kpi.cli.options.settings import Settings

Profile = Annotated[
    str | None,
    typer.Argument(metavar="NAME", help="That of [report.NAME] in the configuration.", show_default=False),
]


def run(
    profile: Profile = None,
    as_of: arguments.AsOf = None,
    tz: arguments.Tz = None,
    config: arguments.Configuration = None,
    lang: arguments.Language = None,
    quiet: arguments.Quiet = False,
    verbose: arguments.Verbose = False,
    no_color: arguments.NoColor = False,
) -> int:
    """Make a report that the configuration describes, or list them.

    Its paths start from the folder of the configuration.
    """
    settings = read_settings(config, ())
    if profile is None:
        from cx_kpi.cli.outputs.output import put

        put("".join(f"{line}\n" for line in _list(settings)), "table")
        return Exit.DONE
    said = options_of(described(profile, settings))
    own = {"as_of": as_of, "tz": tz, "lang": lang, "quiet": quiet, "verbose": verbose, "no_color": no_color}
    said |= {name: value for name, value in own.items() if value}
    file = Path(settings.path or "")
    with chdir(file.parent):
        try:
            return report(**said, config=file.name)
        except UsageProblem as problem:
            raise UsageProblem(_of(str(problem), file, settings.path or "", profile)) from None


def _of(problem: str, file: Path, path: str, profile: str) -> str:
    """A problem of a report with the path of its configuration, which is named once."""
    rest = problem.removeprefix(file.name)
    if rest != problem and rest.startswith(":"):
        return f"{path}{rest}"
    return f"{path}: report.{profile}: {problem}"


def described(profile: str, settings: "Settings") -> Mapping[str, Any]:
    """What the configuration says of a report; raises `UsageProblem` where it says nothing."""
    known = settings.config.report.profiles
    if not known:
        where = settings.path or "there is no cxkpi.toml here"
        raise UsageProblem(
            f"{where}: describes no report; write [report.NAME] into it, or name another --config"
        )
    if profile not in known:
        raise UsageProblem(f"{settings.path}: no report {profile!r}{nearest(profile, known)}")
    if not known[profile].get("files"):
        raise UsageProblem(f'{settings.path}: report.{profile}: files is missing; add files = ["exports/"]')
    return known[profile]


def _list(settings: "Settings") -> Iterator[str]:
    """A line for each report: its name and what is said of it."""
    known = settings.config.report.profiles
    wide = max(map(len, known), default=0)
    for name, said in known.items():
        shown = (f"{key} {_shown(value)}" if value is not True else key for key, value in said.items())
        yield f"{name:<{wide}}  {'; '.join(shown)}"


def _shown(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
