"""`cxkpi self-check`: what the team thinks of itself, asked stage by stage."""

import sys
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, cast, get_args

import typer

from cx_kpi.cli.options import arguments
from cx_kpi.cli.options.parse import day, one_of
from cx_kpi.cli.options.settings import read_settings, run_options, spoken
from cx_kpi.model.errors import Exit, UsageProblem
from cx_kpi.model.options import Lang
from cx_kpi.wording.language import mark

if TYPE_CHECKING:
    from cx_kpi.normalise.config.read_questionnaire import Statement
    from cx_kpi.render.documents.questionnaire import Form

FORMATS = {"csv": (".csv",), "xlsx": (".xlsx",), "html": (".html", ".htm")}
SKIP = "-"
SKIPPED = mark("{choice}; {skip} leaves it out")


def self_check(
    files: arguments.Files = None,
    format: Annotated[
        str | None, typer.Option("--format", "-f", metavar="FORMAT", help="csv (the default), xlsx or html.")
    ] = None,
    output: arguments.Output = None,
    ask: Annotated[
        bool, typer.Option("--ask", help="Ask here and now, and write the answers as CSV.")
    ] = False,
    stages: Annotated[
        str | None, typer.Option(metavar="FILE", help="Stages and statements of your own, as TOML.")
    ] = None,
    date: Annotated[
        str | None,
        typer.Option(metavar="DATE", help="The day of the answers; by default the last of FILES, or today."),
    ] = None,
    config: arguments.Configuration = None,
    lang: arguments.Language = None,
) -> int:
    """Print a questionnaire on how good the team thinks it is.

    With FILES, it asks about the stages that customers were asked about.
    """
    from cx_kpi.cli.outputs import output as out
    from cx_kpi.normalise.config.read_questionnaire import questionnaire
    from cx_kpi.render.documents.questionnaire import Form

    chosen = out.planned("self-check", format, [output] if output else [], FORMATS)[0][1]
    chosen = "csv" if chosen == "table" else chosen
    if ask and chosen != "csv":
        raise UsageProblem(
            f"self-check: answers are written as CSV, not as {chosen}; leave out --ask or the format"
        )
    out.check_file(output, files or ())
    language = cast("Lang", one_of("--lang", lang, get_args(Lang)) or spoken())
    known, last = _rated(files, config, language) if files else ([], None)
    asked = questionnaire(stages, language, known)
    on = day("--date", date) or (last or datetime.now().astimezone()).date()
    answers = _answers(asked, language) if ask else ()
    form = Form([(each.stage, each.text) for each in asked], on.isoformat(), language, answers)
    _write(form, chosen, output)
    return Exit.DONE


def _rated(files: Sequence[str], config: str | None, language: Lang) -> tuple[list[str], datetime | None]:
    """The stages that customers were asked about in some files, and the last day of these."""
    from cx_kpi import api

    settings = read_settings(config, files)
    options = run_options(
        files, {}, settings, tz=None, source_tz=None, lang=language, metrics=("sps",), by=()
    )
    report = api.make_report(options)
    reading = report.metrics.get("sps")
    found = [str(row["name"]) for row in reading.details.get("table", ()) if row["name"]] if reading else []
    if not found:
        raise UsageProblem("self-check: the files hold no customers' answers by stage of the journey")
    return found, datetime.fromisoformat(report.as_of) if report.as_of else None


def _answers(asked: "Sequence[Statement]", language: Lang) -> list[int | None]:
    """The answers typed at the terminal; raises `KeyboardInterrupt`."""
    from cx_kpi.render.documents.questionnaire import HIGHEST, HOW, LOWEST
    from cx_kpi.wording.language import Language

    words, found, stage = Language(language), list[int | None](), ""
    known = [str(each) for each in range(LOWEST, HIGHEST + 1)]
    how = words(SKIPPED, choice=", ".join(known), skip=SKIP)
    sys.stderr.write(f"{words(HOW)}\n")
    for each in asked:
        if each.stage != stage:
            stage = each.stage
            sys.stderr.write(f"\n{stage}\n")
        answer = ""
        while answer not in (SKIP, *known):
            answer = _line(f"{each.text} ({how}): ") or SKIP
        found.append(None if answer == SKIP else int(answer))
    return found


def _line(question: str) -> str:
    """What is typed after a question, which goes to stderr: stdout is for the answers."""
    sys.stderr.write(question)
    sys.stderr.flush()
    line = sys.stdin.readline()
    if not line:
        raise KeyboardInterrupt
    return line.strip()


def _write(form: "Form", format: str, output: str | None) -> None:
    from cx_kpi.cli.outputs import output as out
    from cx_kpi.render.documents import questionnaire as documents
    from cx_kpi.render.files.atomic_write import write_whole
    from cx_kpi.render.xlsx.questionnaire_sheet import as_workbook

    makers: dict[str, Callable[[Form], str | bytes]] = {
        "csv": documents.as_csv,
        "xlsx": as_workbook,
        "html": documents.as_form,
    }
    content = makers[format](form)
    if output and output != out.STDOUT:
        write_whole(output, content, ())
    elif format == "xlsx" and sys.stdout.isatty():
        raise UsageProblem("--format xlsx is not for a terminal; name a file: -o self_check.xlsx")
    else:
        out.put(content, format)
