"""See which records are one server, and decide where it is not clear."""

from __future__ import annotations

import getpass
from typing import TYPE_CHECKING, Any

import click

from inventory.amount import amount
from inventory.output import format_option, print_rows
from inventory.session import Session

if TYPE_CHECKING:
    from inventory.identity.decisions import Ruling
    from inventory.store.store import Store

_USUAL = ("undecided", "merged", "decided")
_KINDS = (*_USUAL, "shared")


@click.group(invoke_without_command=True)
@click.option(
    "--only", "kinds", type=click.Choice(_KINDS), multiple=True, help="List these; repeatable."
)
@format_option()
@click.pass_context
def identity(ctx: click.Context, /, kinds: tuple[str, ...], form: str) -> None:
    """See which records are one server, and decide where it is not clear.

    \b
        decant identity
        decant identity --only undecided --format csv
        decant identity same web-1 3f9a --because "renamed in May"

    What one source knows of a server is a record. Listed are pairs of records: those left
    undecided, with what would decide them; those merged, with what agrees and what it weighs
    (60 points of two independent kinds merge); and what was decided. "shared" are values that
    several servers show, and which therefore weigh nothing. Nothing is lost by a merge: decant
    show NAME tells what each source says.
    """
    if ctx.invoked_subcommand is None:
        _list(ctx.obj, kinds or _USUAL, form)


def _deciding(command: Any) -> Any:
    """Give a command its two records, and who decides and why."""
    for decorate in (
        click.pass_obj,
        click.option("--by", default=getpass.getuser, show_default="you", help="Who decides."),
        click.option("--because", "why", required=True, help="Why, for whoever asks later."),
        click.argument("other", metavar="B"),
        click.argument("one", metavar="A"),
    ):
        command = decorate(command)
    return command


@identity.command()
@_deciding
def same(session: Session, one: str, other: str, why: str, by: str) -> None:
    """Decide that two records are one server.

    \b
        decant identity same web-1 3f9a --because "renamed in May"

    A and B are names of servers, or ids of servers or records, of which the beginning is enough.
    It holds when their exports are imported anew, until it is undone.
    """
    from inventory.identity.decisions import Ruling

    _decide(session, Ruling.SAME, one, other, by=by, why=why)


@identity.command()
@_deciding
def different(session: Session, one: str, other: str, why: str, by: str) -> None:
    """Decide that two records are two servers.

    \b
        decant identity different 3f9a 77c0 --because "a restored copy"

    A merge of them is undone. Records of one server are named by their ids: decant identity --only
    merged --format csv.
    """
    from inventory.identity.decisions import Ruling

    _decide(session, Ruling.DIFFERENT, one, other, by=by, why=why)


@identity.command()
@click.argument("one", metavar="A")
@click.argument("other", metavar="B")
@click.pass_obj
def undo(session: Session, one: str, other: str) -> None:
    """Take back what was decided about two records.

    \b
        decant identity undo web-1 3f9a

    What agrees then decides again.
    """
    from inventory.store.choosing import decision_on
    from inventory.store.identities import undo as take_back

    with session.store(session.estate()) as store:
        made = decision_on(store, one, other)
        take_back(store, made, at=session.now())
    session.say(f"no longer decided: {made.one} and {made.other} {made}")


def _decide(session: Session, ruling: Ruling, one: str, other: str, *, by: str, why: str) -> None:
    from inventory.identity.decisions import decision
    from inventory.store.choosing import records_named
    from inventory.store.identities import decide

    with session.store(session.estate()) as store:
        pair = records_named(store, one, other)
        made = decision(ruling, *pair, by=by, at=session.now(), why=why)
        decide(store, made)
        session.say(f"{made.one} and {made.other} {made}")
        session.say(_standing(store))


def _standing(store: Store) -> str:
    from inventory.store.servers import servers

    return f"the inventory now holds {amount(len(servers(store, only=())), 'server')}"


def _list(session: Session, kinds: tuple[str, ...], form: str) -> None:
    from inventory.cli._identity_rows import COLUMNS, EXACT, rows_of
    from inventory.store.identities import decisions, resolved

    with session.store(session.estate()) as store:
        rows = list(rows_of(resolved(store), decisions(store), kinds))
    if form == "table":
        rows = [{**row, **_named(row)} for row in rows]
    empty = (
        "every record is a server of its own, and nothing is in doubt"
        if kinds == _USUAL
        else f"nothing is {' or '.join(kinds)}"
    )
    print_rows(rows, COLUMNS if form == "table" else EXACT, form, empty=empty)


def _named(row: dict[str, Any]) -> dict[str, str]:
    """Return both records as people name them: by name, beginning of the id, and source."""
    named = {}
    for side in ("one", "other"):
        if row.get(side):
            parts = (str(row.get(f"{side}_id") or "")[:8], row.get(f"{side}_source") or "")
            named[side] = f"{row[side]} ({' '.join(part for part in parts if part)})"
    return named


COMMAND = identity
