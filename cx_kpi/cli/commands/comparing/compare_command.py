"""`cxkpi compare`: two reports, files, folders or periods, the second judged against the first."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cx_kpi.cli.options import arguments
from cx_kpi.cli.options.parse import cuts, day, listed, pairs, period
from cx_kpi.cli.options.settings import Settings, read_settings, run_options
from cx_kpi.model.errors import UsageProblem
from cx_kpi.render.formats import FORMATS

if TYPE_CHECKING:
    from cx_kpi.model.report import Report

SIDE = "a report saved as JSON, a file, a folder, or a period such as 2026-03 or 2026-01-01..2026-03-01"


def compare(
    before: Annotated[str, typer.Argument(metavar="A", help=f"What to compare with: {SIDE}.")],
    now: Annotated[str, typer.Argument(metavar="B", help="What is judged: the same kinds.")],
    files: arguments.Files = None,
    format: Annotated[str | None, arguments.formats(FORMATS)] = None,
    output: arguments.Outputs = None,
    by: arguments.By = None,
    metrics: arguments.Metrics = None,
    since: arguments.Since = None,
    until: arguments.Until = None,
    last: arguments.Last = None,
    as_of: arguments.AsOf = None,
    cohort: arguments.Cohorts = None,
    where: arguments.Where = None,
    tz: arguments.Tz = None,
    source_tz: arguments.SourceTz = None,
    dayfirst: arguments.DayFirst = None,
    config: arguments.Configuration = None,
    lang: arguments.Language = None,
    fail_on: arguments.FailOn = None,
    no_color: arguments.NoColor = False,
    allow_remote: arguments.AllowRemote = False,
) -> int:
    """Judge one report, file, folder or period against another."""
    from cx_kpi.cli.options import appearance as looks
    from cx_kpi.cli.outputs import gate
    from cx_kpi.cli.outputs import output as out
    from cx_kpi.judge.additions.against import compared_with

    held = gate.gate(fail_on, None, only_news=False, quiet=False)
    outputs = output or [out.STDOUT]
    settings = read_settings(config, files or _exports(now))
    look = looks.appearance_of(settings, out.asked_for(format, outputs), charts=None, template=None, to=None)
    said: dict[str, Any] = {
        "tz": tz,
        "source_tz": source_tz,
        "dayfirst": dayfirst,
        "lang": lang,
        "metrics": listed("--metrics", metrics),
        "cohort": pairs("--cohort", cohort or ()),
        "by": cuts(by),
        "as_of": as_of,
        "where": where,
        "allow_remote": allow_remote,
    }
    window = {"since": day("--since", since), "until": day("--until", until), "last": last}
    spans = [period(each) for each in (before, now)]
    _check_sides(before, now, spans, files)
    out.check(format, outputs, files or [each for each in (before, now) if not _is_report(each)])
    if all(spans):
        made = _phases(spans, window, files or (), settings, said)
    else:
        earlier, later = (_side(each, settings, said | window) for each in (before, now))
        made = compared_with(later, earlier, before)
    out.write(made, format, outputs, color=not no_color, look=look)
    return held.told(gate.news(made), outputs, made.language)


def _exports(side: str) -> Sequence[str]:
    """The side, where it is no period."""
    return [] if period(side) else [side]


def _phases(
    spans: Sequence[Any],
    window: dict[str, Any],
    files: Sequence[str],
    settings: Settings,
    said: dict[str, Any],
) -> "Report":
    """The report on the second period, judged against the first; raises `UsageProblem`."""
    if any(window.values()):
        raise UsageProblem(
            "compare: the periods say where the windows are; leave out --since, --until and --last"
        )
    since, until = spans[1]
    return _read(files, settings, said | {"since": since, "until": until, "phase": spans[0]})


def _check_sides(before: str, now: str, spans: Sequence[object], files: Sequence[str] | None) -> None:
    """Raises `UsageProblem` unless the two sides are of one kind and no other files are named."""
    if all(spans):
        return
    if any(spans):
        other = now if spans[0] else before
        raise UsageProblem(f"compare: {other!r} is no period such as 2026-03 or 2026-01-01..2026-03-01")
    if files:
        raise UsageProblem(f"compare: {before!r} and {now!r} are no periods, so {files[0]!r} is one too many")


def _is_report(path: str) -> bool:
    """Whether a path is that of a report of ours, by its first bytes."""
    if Path(path).suffix.lower() != ".json" or not Path(path).is_file():
        return False
    with Path(path).open("rb") as file:
        head = file.read(200)
    return b'"schema_version"' in head and b'"cxkpi"' in head


def _side(path: str, settings: Settings, said: dict[str, Any]) -> "Report":
    from cx_kpi.read.containers.saved_report import saved_report

    return saved_report(path) if _is_report(path) else _read([path], settings, said)


def _read(files: Sequence[str], settings: Settings, said: dict[str, Any]) -> "Report":
    from cx_kpi import api

    return api.make_report(run_options(files, {}, settings, **said))
