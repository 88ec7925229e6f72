"""Say what becomes of each application, decide otherwise with a reason, and why some stay."""

from __future__ import annotations

import getpass
from typing import TYPE_CHECKING

import click

from inventory.output import format_option, print_rows

if TYPE_CHECKING:
    from datetime import datetime

    from inventory.session import Session
    from migrate.model.strategy import Decision, Override
    from migrate.stages.strategy import Decided

COLUMNS = ("application", "servers", "strategy", "to", "row", "confidence", "decided")
MORE_COLUMNS = (
    *COLUMNS,
    *("key", "reason", "confirm", "find_out", "open_rows", "stale"),
    *("proposed", "source", "source_date"),
)
SERVER_COLUMNS = ("server", "strategy", "because", "confirm")
STRATEGIES = ("retire", "retain", "rehost", "relocate", "replatform", "repurchase", "refactor")


@click.group(invoke_without_command=True)
@click.option("--servers", is_flag=True, help="Say what becomes of each server instead.")
@click.option(
    "--why-not-cloud", is_flag=True, help="Tell of each application that stays why, and the gaps."
)
@format_option("markdown")
@click.pass_context
def strategy(ctx: click.Context, /, servers: bool, why_not_cloud: bool, form: str) -> None:
    """Say what becomes of each application: one of the seven Rs, and where to.

    \b
        decant strategy
        decant strategy --why-not-cloud --format markdown
        decant strategy set payroll repurchase --because "council decision 12" --by "Jane Doe"

    A decision table proposes: its first row that holds. What is not known holds no row; rows that
    it leaves open lower the confidence, and "find out" says what would settle most of them. What
    people decide goes before the table, until it is undone; an exclamation mark says that the
    verdicts or the proposal have changed since. An application is never better than its worst
    server. decant strategy show NAME tells everything of one. Why one stays is told with what it
    costs over five years where it stands and in each cloud, where that is known (decant costs).
    """
    if ctx.invoked_subcommand is not None:
        return
    session: Session = ctx.obj
    if why_not_cloud:
        _print_why_not_cloud(session, form)
    elif servers:
        _print_servers(_decided(session), form)
    else:
        _print(session, _decided(session), form)


@strategy.command()
@click.argument("name", metavar="APPLICATION")
@click.pass_obj
def show(session: Session, name: str) -> None:
    """Tell everything of one application: verdicts, inputs, rows, and who decided what.

    \b
        decant strategy show payroll
    """
    from migrate.cli._strategy_shown import shown_lines
    from migrate.stages.strategy import run
    from migrate.strategy.keeping import overrides_of
    from migrate.strategy.overriding import find_application

    estate = session.estate()
    with session.store(estate) as store:
        found = find_application(run(store, estate, at=session.now()).decisions, name)
        history = overrides_of(store, found.application.key)
    click.echo("\n".join(shown_lines(found, history)))


@strategy.command(name="set")
@click.argument("name", metavar="APPLICATION")
@click.argument("chosen", metavar="R", type=click.Choice(STRATEGIES))
@click.option("--to", type=click.Choice(["aws", "azure", "hub"]), help="Where to, if R leaves it.")
@click.option("--because", required=True, help="Why, for whoever asks later.")
@click.option("--by", default=getpass.getuser, show_default="you", help="Who decides.")
@click.pass_obj
def decide(session: Session, name: str, chosen: str, to: str | None, because: str, by: str) -> None:
    """Decide about an application, whatever the table proposes.

    \b
        decant strategy set payroll retain --because "renewed until 2029" --by "Jane Doe"

    APPLICATION is its name, the beginning of it, its key, or the name of a server that is an
    application by itself. It holds until it is undone; when what it rests on changes, decant
    strategy says so.
    """
    from migrate.model.plan import Destination
    from migrate.model.strategy import Strategy
    from migrate.stages.strategy import run
    from migrate.strategy.keeping import save_override
    from migrate.strategy.overriding import find_application, override

    estate = session.estate()
    with session.store(estate) as store:
        found = find_application(run(store, estate, at=session.now()).decisions, name)
        destination = Destination(to) if to else None
        made = override(
            found, Strategy(chosen), to=destination, because=because, by=by, at=session.now()
        )
        save_override(store, made)
    session.say(f"{made.name}: {_made(made)}; the table proposes {_proposed(found)}")


@strategy.command()
@click.argument("name", metavar="APPLICATION")
@click.option("--because", default="", help="Why, for whoever asks later.")
@click.option("--by", default=getpass.getuser, show_default="you", help="Who takes it back.")
@click.pass_obj
def undo(session: Session, name: str, because: str, by: str) -> None:
    """Take back what was decided about an application; the table decides again.

    \b
        decant strategy undo payroll --because "the contract was not renewed"

    That it was decided, and taken back, stays on record.
    """
    from inventory.errors import UsageError
    from migrate.stages.strategy import run
    from migrate.strategy.keeping import save_override, standing_overrides, withdrawn
    from migrate.strategy.overriding import find_application, standing

    estate = session.estate()
    with session.store(estate) as store:
        made = standing(standing_overrides(store).values(), name)
        if made is None:
            # Its name may have changed since: it is what was found to run there.
            made = find_application(run(store, estate, at=session.now()).decisions, name).override
        if made is None:
            raise UsageError(f"nothing was decided about {name!r}", hint="see decant strategy")
        save_override(store, withdrawn(made, by=by, because=because, at=session.now()))
    session.say(f"no longer decided: {made.name}: {_made(made)}")


@strategy.command()
@click.option("--inputs", is_flag=True, help="Print what a row may ask for instead.")
@click.pass_obj
def table(session: Session, inputs: bool) -> None:
    """Print the decision table that holds: the shipped one, or the estate's strategy.yaml.

    \b
        decant strategy table > strategy.yaml

    Put into the estate folder, that file stands in place of the shipped table. It is checked
    whenever it is read: every row must decide its own example.
    """
    from migrate.stages.strategy import table_of
    from migrate.strategy.inputs import INPUTS
    from migrate.strategy.reading import table_path

    if inputs:
        rows = [
            {"input": name, "words": each.values or "any", "means": each.help}
            for name, each in INPUTS.items()
        ]
        print_rows(rows, ("input", "words", "means"), "table", empty="")
        return
    estate = session.estate()
    table_of(estate)
    click.echo(table_path(estate.folder).read_text(encoding="utf-8"), nl=False)


def _decided(session: Session) -> Decided:
    from migrate.stages.strategy import run

    estate = session.estate()
    with session.store(estate) as store:
        return run(store, estate, at=session.now())


def _print_why_not_cloud(session: Session, form: str) -> None:
    from migrate.cli._why_not_cloud import costs_of, print_records
    from migrate.stages.strategy import run

    estate = session.estate()
    with session.store(estate) as store:
        decided = run(store, estate, at=session.now())
        costs = costs_of(store, estate, decided)
    print_records(decided, costs, form)


def _print(session: Session, decided: Decided, form: str) -> None:
    from inventory.session import tell_warning
    from migrate.cli._markdown import print_any

    rows = [_row(each) for each in decided.decisions]
    columns = COLUMNS if form in {"table", "markdown"} else MORE_COLUMNS
    print_any(rows, columns, form, empty="no servers yet; run decant discover first")
    table_used = decided.seen.table
    for each in decided.decisions:
        if each.stale:
            tell_warning(f"{each.application.name}: {'; '.join(each.stale)} since it was decided")
    for made in decided.gone:
        tell_warning(f"{made.name} is not there any more; it was decided: {_made(made)}")
    if rows:
        session.say(f"decision table: {table_used.origin}, {table_used.version}")


def _print_servers(decided: Decided, form: str) -> None:
    from migrate.cli._markdown import print_any
    from migrate.strategy.servers import server_strategies

    rows = [
        {
            "server": each.server,
            "strategy": each.strategy.value,
            "because": each.because,
            "confirm": each.confirm,
        }
        for each in server_strategies(decided.decisions)
    ]
    print_any(rows, SERVER_COLUMNS, form, empty="no servers yet; run decant discover first")


def _row(decision: Decision) -> dict[str, object]:
    proposal, made = decision.proposal, decision.override
    return {
        "application": decision.application.name,
        "servers": [each.server for each in decision.application.components],
        "strategy": decision.strategy.value,
        "to": " or ".join(each.value for each in decision.destinations),
        "row": "" if made else proposal.row,
        "confidence": "" if made else proposal.confidence.value,
        "decided": f"{'! ' if decision.stale else ''}{_who(made.by, made.at)}" if made else "",
        "key": decision.application.key,
        "reason": made.because if made else proposal.reason,
        "confirm": "" if made else proposal.confirm,
        "find_out": proposal.find_out,
        "open_rows": [each.row for each in proposal.open_rows],
        "stale": decision.stale,
        "proposed": _proposed(decision),
        "source": proposal.source,
        "source_date": proposal.source_date,
    }


def _proposed(decision: Decision) -> str:
    row = f" (row {decision.proposal.row})" if decision.proposal.row else ""
    return f"{decision.proposal.strategy.value}{row}"


def _who(by: str, at: datetime) -> str:
    return f"{by}, {at:%Y-%m-%d}"


def _made(made: Override) -> str:
    to = f" to {made.destination.value}" if made.destination else ""
    return f"{made.strategy.value}{to}, says {_who(made.by, made.at)}: {made.because}"


COMMAND = strategy
