"""The commands, and the one place where problems become a line on stderr and an exit code."""

import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from functools import cache
from importlib import import_module

import typer

from cx_kpi.cli.commands import report_command as _  # noqa: F401 - its options are keys of the configuration
from cx_kpi.cli.options.plain_command import PlainCommand, PlainGroup
from cx_kpi.cli.outputs.overlap import release
from cx_kpi.model.errors import CxkpiError, Exit

COMPLETE = "_CXKPI_COMPLETE"  # set by the shell that asks what may follow
LONGEST = 2_000  # characters of a problem

COMMANDS = {  # where each is
    "report": "commands.report_command",
    "run": "commands.unattended.run_command",
    "schedule": "commands.unattended.schedule_command",
    "compare": "commands.comparing.compare_command",
    "reconcile": "commands.comparing.reconcile_command",
    "check": "commands.check_command",
    "explain": "commands.explain_command",
    "history": "commands.unattended.history_command",
    "init": "commands.init_command",
    "demo": "commands.demo_command",
    "store": "commands.keeping.store_command",
    "build": "commands.keeping.build_command",
    "merge": "commands.keeping.merge_command",
    "metrics": "commands.metrics_command",
    "self-check": "commands.self_check_command",
    "schema": "commands.schema_command",
    "guide": "commands.guide_command",
    "mcp": "assistants.mcp_command",
}


@cache
def app_of(*names: str) -> typer.Typer:
    """The app with these commands: typer looks through every option of each."""
    app = typer.Typer(
        name="cxkpi",
        cls=PlainGroup,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
        epilog="Start with: cxkpi demo   or: cxkpi report FOLDER -o report.html",
    )
    app.callback(invoke_without_command=True)(_root)
    for name in names:
        module = import_module(f"cx_kpi.cli.{COMMANDS[name]}")
        app.command(name, cls=PlainCommand)(getattr(module, name.replace("-", "_")))
    return app


def whole() -> typer.Typer:
    """The app with all commands."""
    return app_of(*COMMANDS)


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

            offer(whole(), os.environ[COMPLETE])
        first = arguments[0] if arguments else ""
        app = app_of(first) if first in COMMANDS else whole()
        code = app(list(arguments), prog_name="cxkpi", standalone_mode=False)
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
