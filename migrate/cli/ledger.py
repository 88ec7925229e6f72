"""Verify, show and export the evidence."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

import click

from inventory.errors import RefusedError
from inventory.output import format_option, print_rows
from inventory.session import Session


@click.group()
def ledger() -> None:
    """Verify, show and export the evidence.

    \b
        decant ledger verify
        decant ledger show web-1

    Entries are only ever appended, and each is chained to the one before it.
    """


@ledger.command()
@click.option("--head", help="A head that was noted earlier: the ledger must still hold it.")
@click.pass_obj
def verify(session: Session, head: str | None) -> None:
    """Walk the whole chain and say whether it is whole.

    \b
        decant ledger verify --head 3f0c…

    Keep the head that it prints somewhere else: only against it does a cut tail show. Exit code 4
    when the ledger is not whole.
    """
    from inventory.store.chain import rows
    from migrate.ledger.chain import verify as walk

    with session.store(session.estate()) as store:
        found = walk(rows(store), known_head=head)
    if found.fault:
        raise RefusedError(
            f"the ledger is not whole after entry {found.entries}: {found.fault}",
            hint="restore the database from a copy; nothing is decommissioned until then",
        )
    click.echo(f"whole: {found.entries} entries, head {found.head}")


@ledger.command()
@click.argument("server", required=False)
@format_option()
@click.pass_obj
def show(session: Session, server: str | None, form: str) -> None:
    """List the entries, oldest first; all, or those about one server.

    \b
        decant ledger show web-1
    """
    from inventory.store.chain import rows
    from inventory.store.servers import find_server, servers

    with session.store(session.estate()) as store:
        names = {record: each.name for each in servers(store) for record in (each.id, *each.also)}
        asked_for = find_server(store, server) if server else None
        entries = rows(store)
    if asked_for:
        mine = {asked_for.id, *asked_for.also}
        entries = tuple(each for each in entries if each.subject in mine)
    columns = ("entry", "at", "kind", "server", "what")
    told = [
        {
            "entry": each.seq,
            "at": f"{each.at:%Y-%m-%d %H:%M:%S}",
            "kind": each.kind,
            "server": names.get(each.subject, each.subject),
            "what": _what(each.kind, json.loads(each.body)),
        }
        for each in entries
    ]
    print_rows(told, columns, form, empty="nothing has been entered yet")


@ledger.command()
@click.pass_obj
def export(session: Session) -> None:
    """Print every entry as one line of JSON, for keeping elsewhere.

    \b
        decant ledger export > ledger.jsonl
    """
    from inventory.store.chain import rows

    with session.store(session.estate()) as store:
        for row in rows(store):
            click.echo(
                json.dumps(
                    {**vars(row), "at": row.at.isoformat(timespec="microseconds")}, sort_keys=True
                )
            )


def _what(kind: str, body: Mapping[str, Any]) -> str:
    said = body.get("predicate", body)
    tell = _TELL.get(kind)
    return tell(said) if tell else ""


def _approval(said: Mapping[str, Any]) -> str:
    verb = "takes back" if said["withdrawn"] else "agrees to"
    return f"{said['person']} ({said['partner']}) {verb} {len(said['evidence'])} results"


_TELL: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "evidence": lambda said: f"{said['stage']}/{said['check']} {said['outcome']}: {said['detail']}",
    "approval": _approval,
    "intent": lambda said: f"begun: {said['what']}",
    "result": lambda said: f"{said['aftermath']}: {said['detail']}",
    "refusal": lambda said: f"{said['stage']} refused: {'; '.join(said['why'])}",
}


COMMAND = ledger
