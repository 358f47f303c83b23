"""The commands, and the one place where problems become a line on stderr and an exit code."""

import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from copy import copy
from functools import cache

import typer

from cx_kpi.cli.assistants import mcp_command as mcp
from cx_kpi.cli.commands import check_command as check
from cx_kpi.cli.commands import demo_command as demo
from cx_kpi.cli.commands import explain_command as explain
from cx_kpi.cli.commands import guide_command as guide
from cx_kpi.cli.commands import init_command as init
from cx_kpi.cli.commands import metrics_command as metrics
from cx_kpi.cli.commands import report_command as report
from cx_kpi.cli.commands import schema_command as schema
from cx_kpi.cli.commands import self_check_command as self_check
from cx_kpi.cli.commands.comparing import compare_command as compare
from cx_kpi.cli.commands.comparing import reconcile_command as reconcile
from cx_kpi.cli.commands.keeping import build_command, merge_command, store_command
from cx_kpi.cli.commands.unattended import history_command as history
from cx_kpi.cli.commands.unattended import run_command, schedule_command
from cx_kpi.cli.options.plain_command import PlainCommand, PlainGroup
from cx_kpi.cli.outputs.overlap import release
from cx_kpi.model.errors import CxkpiError, Exit

COMPLETE = "_CXKPI_COMPLETE"  # set by the shell that asks what may follow
LONGEST = 2_000  # characters of a problem

app = typer.Typer(
    name="cxkpi",
    cls=PlainGroup,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Start with: cxkpi demo   or: cxkpi report FOLDER -o report.html",
)
app.command("report", cls=PlainCommand)(report.report)
app.command("run", cls=PlainCommand)(run_command.run)
app.command("schedule", cls=PlainCommand)(schedule_command.schedule)
app.command("compare", cls=PlainCommand)(compare.compare)
app.command("reconcile", cls=PlainCommand)(reconcile.reconcile)
app.command("check", cls=PlainCommand)(check.check)
app.command("explain", cls=PlainCommand)(explain.explain)
app.command("history", cls=PlainCommand)(history.history)
app.command("init", cls=PlainCommand)(init.init)
app.command("demo", cls=PlainCommand)(demo.demo)
app.command("store", cls=PlainCommand)(store_command.store)
app.command("build", cls=PlainCommand)(build_command.build)
app.command("merge", cls=PlainCommand)(merge_command.merge)
app.command("metrics", cls=PlainCommand)(metrics.metrics)
app.command("self-check", cls=PlainCommand)(self_check.self_check)
app.command("schema", cls=PlainCommand)(schema.schema)
app.command("guide", cls=PlainCommand)(guide.guide)
app.command("mcp", cls=PlainCommand)(mcp.mcp)


@app.callback(invoke_without_command=True)
def _root(
    context: typer.Context,
    version: bool = typer.Option(False, "--version", "-V", help="Print the version and leave."),
) -> None:
    """Customer-service KPIs you can trust, from the exports a support team already has."""
    from cx_kpi import __version__

    if version:
        typer.echo(f"cxkpi {__version__}")
        raise typer.Exit
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


def run(arguments: Sequence[str]) -> int:
    """Run the command line and give its exit code; problems are one line on stderr."""
    try:
        if COMPLETE in os.environ:
            from cx_kpi.cli.completion import offer

            offer(app, os.environ[COMPLETE])
        code = with_command(*arguments[:1])(list(arguments), prog_name="cxkpi", standalone_mode=False)
        sys.stdout.flush()
    except CxkpiError as problem:
        return _say(str(problem), problem.code)
    except BrokenPipeError:
        return _let_go(Exit.DONE)
    except OSError as problem:
        _say(f"the report could not be written: {problem.strerror or 'stdout is closed'}", Exit.OUTPUT)
        return _let_go(Exit.OUTPUT)
    except BaseException as problem:  # noqa: BLE001 - polars panics are no Exceptions
        return _other(problem)
    finally:
        release()
    return code if isinstance(code, int) else Exit.DONE


@cache
def with_command(name: str = "") -> typer.Typer:
    """The app with the command of this name alone, else with all: typer looks through every option of each."""
    named = copy(app)
    named.registered_commands = [each for each in app.registered_commands if each.name == name]
    return named if named.registered_commands else app


def _other(problem: BaseException) -> int:
    """Ctrl-C, Typer's own problems with the options, a wish to leave, or a fault of ours."""
    if isinstance(problem.__cause__ or problem, KeyboardInterrupt):  # Python 3.11 wraps it amid a class
        return Exit.INTERRUPTED
    if isinstance(problem, SystemExit) and isinstance(problem.__context__, BrokenPipeError):
        return _let_go(Exit.DONE)  # which Typer takes for a failure
    if isinstance(problem, SystemExit):
        return problem.code if isinstance(problem.code, int) else Exit.DONE
    explain = getattr(problem, "format_message", None)
    if explain is not None:
        from cx_kpi.read.raw.redaction import redacted

        return _say(f"{redacted(explain().rstrip('.'))}; see cxkpi --help", Exit.USAGE)
    if os.environ.get("CXKPI_DEBUG"):
        raise problem
    kind = type(problem).__name__
    return _say(
        f"internal error ({kind}); run again with CXKPI_DEBUG=1 and report what it prints", Exit.INTERNAL
    )


def _say(message: str, code: Exit) -> int:
    from cx_kpi.render.elements.sanitise import clean

    line = " ".join(clean(message).split())
    line = line if len(line) <= LONGEST else f"{line[:LONGEST]}…"
    with suppress(OSError):
        sys.stderr.write(f"cxkpi: error: {line}\n")
    return code


def _let_go(code: Exit) -> int:
    """Nothing more can be written: keep the interpreter from trying again as it closes."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return code
