"""The console script: both packages' commands in one, loaded only when they are used."""

from __future__ import annotations

import os
import sys
import traceback
from pathlib import Path
from typing import NoReturn

import click

from inventory.errors import OUR_BUG, USAGE, DecantError
from inventory.model.cloud_calls import IN_ALL
from inventory.registry import Registry
from inventory.session import Session, tell_error
from migrate.cli._addition import Addition, with_addition

INVENTORY = Registry(package="inventory.cli", attribute="COMMAND", kind=click.Command)
MIGRATE = Registry(package="migrate.cli", attribute="COMMAND", kind=click.Command)
ADDED = Registry(package="migrate.cli.added", attribute="ADDITION", kind=Addition)
SECTIONS = (("What exists", INVENTORY), ("What to do about it", MIGRATE))

INTERRUPTED = 130
BROKEN_PIPE = 141
"""What a shell says of a program whose reader has left: nobody knows what it would have said."""
_FLOW = (
    *("init", "discover", "import", "servers", "show", "applications", "connections"),
    *("identity", "diff", "export", "reread", "sudoers", "ansible-inventory"),
    *("catalogue", "rules", "classify", "costs", "suppliers", "strategy"),
    *("playbook", "plan", "cloud", "landing"),
    *("test", "attest", "approve", "except", "revoke", "decommission"),
    *("status", "ledger"),
    *("report", "validate", "demo"),
)


class Commands(click.Group):
    """The commands, in the order of the flow; listing them imports none of them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name every command."""
        del ctx
        return [name for _, registry in SECTIONS for name in _in_order(registry)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load one command, with the option that the other package adds to it."""
        del ctx
        for _, registry in SECTIONS:
            if cmd_name in registry.names():
                command = registry.one(cmd_name).value
                if cmd_name not in ADDED.names():
                    return command
                return with_addition(command, ADDED.one(cmd_name).value)
        return None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write each section's commands with the first line of their files' docstrings."""
        del ctx
        for title, registry in SECTIONS:
            with formatter.section(title):
                formatter.write_dl([(name, registry.help(name)) for name in _in_order(registry)])


@click.command(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Exit codes: 0 fine, 1 findings, 2 usage, 3 partly unknown, 4 refused for safety, "
    "5 bad input or configuration, 70 our bug.",
)
@click.option(
    "--estate",
    type=click.Path(path_type=Path),
    help="Estate folder; otherwise DECANT_ESTATE, or the nearest one upwards from here.",
)
@click.option(
    "-v",
    "--verbose",
    is_flag=True,
    help="Show how often clouds were asked, and the traceback of an error.",
)
@click.option("-q", "--quiet", is_flag=True, help="Say nothing but results and errors.")
@click.version_option(package_name="decant", message="decant %(version)s")
@click.pass_context
def decant(ctx: click.Context, estate: Path | None, verbose: bool, quiet: bool) -> None:
    """Empty an on-premise data centre safely.

    \b
        decant init my-estate && cd my-estate
        decant discover ssh://root@10.0.0.4 --identity ~/.ssh/id_ed25519
        decant classify && decant report readiness

    Find every server and application, judge its readiness for the cloud, plan its move, and prove
    its replacement before anything old is switched off.
    """
    ctx.obj = Session(estate_folder=estate, verbose=verbose, quiet=quiet)
    if verbose:
        IN_ALL.clear()
        ctx.call_on_close(_tell_tally)


def _tell_tally() -> None:
    """Say on standard error which calls went to the clouds, where, and how often."""
    rows = IN_ALL.rows()
    if not rows:
        return
    words = "request" if IN_ALL.total == 1 else "requests"
    click.echo(f"the clouds were asked {IN_ALL.total:,} {words}:", err=True)
    place_wide = max(len(place) for place, _, _ in rows)
    call_wide = max(len(name) for _, name, _ in rows)
    for place, name, count in rows:
        click.echo(f"  {place:<{place_wide}}  {name:<{call_wide}}  {count:>7,}", err=True)


def main() -> NoReturn:
    """Run the command line and exit with its code."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Run one command line and return its exit code; the one place that puts errors into words."""
    try:
        code = decant.main(arguments, prog_name="decant", standalone_mode=False)
        sys.stdout.flush()
    except (BrokenPipeError, SystemExit):
        # Click turns a broken pipe into SystemExit(1), which would read as findings.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return BROKEN_PIPE
    except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 - all of them are put into words
        return _in_words(error, verbose=bool({"-v", "--verbose"} & set(arguments)))
    return code if isinstance(code, int) else 0


def _in_words(error: BaseException, *, verbose: bool) -> int:
    if verbose and isinstance(error, DecantError):
        traceback.print_exception(error)
    match error:
        case DecantError():
            tell_error(str(error), error.hint)
            return error.exit_code
        case click.exceptions.NoArgsIsHelpError():
            click.echo(error.format_message())
            return USAGE
        case click.ClickException():
            tell_error(_lower(error.format_message()), _usage_hint(error))
            return USAGE
        case click.Abort() | KeyboardInterrupt():
            tell_error("interrupted", "what was stored is kept; run the same command to go on")
            return INTERRUPTED
        case _:
            traceback.print_exception(error)
            tell_error(
                f"this is a bug of decant: {type(error).__name__}: {error}",
                "report it with the lines above; decant ledger show tells what was done",
            )
            return OUR_BUG


def _in_order(registry: Registry[click.Command]) -> list[str]:
    def place(name: str) -> tuple[int, str]:
        return (_FLOW.index(name) if name in _FLOW else len(_FLOW), name)

    return sorted(registry.names(), key=place)


def _lower(message: str) -> str:
    return f"{message[:1].lower()}{message[1:]}".rstrip(".")


def _usage_hint(error: click.ClickException) -> str:
    ctx = getattr(error, "ctx", None)
    return f"{ctx.command_path} --help" if ctx else "decant --help"
