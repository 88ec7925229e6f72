"""Verify, show, export and anchor the evidence."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from inventory.amount import amount
from inventory.errors import (
    FINE,
    PARTLY_UNKNOWN,
    BadInputError,
    Place,
    RefusedError,
    StoreError,
    UsageError,
)
from inventory.output import format_option, print_rows
from inventory.session import Session

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from inventory.store.chain import ChainRow
    from migrate.ledger.anchors import Holding
    from migrate.ledger.audit import Audit
    from migrate.ledger.trust import Trust

_SHORT = 12
"""How much of an entry's digest a table shows."""
_MINUTE = len("2026-11-23 09:30")
"""How much of a time a table shows."""
_RESTORE = "restore the database from a copy; nothing is decommissioned until then"


@click.group()
def ledger() -> None:
    """Verify, show, export and anchor the evidence.

    \b
        decant ledger verify
        decant ledger show web-1

    Entries are only ever appended, each is chained to the one before it, and each is signed.
    """


@ledger.command()
@click.option("--head", help="A head that was noted earlier: the ledger must still hold it.")
@click.option("--strict", is_flag=True, help="Refuse entries by keys that decant.toml distrusts.")
@click.option("--no-anchors", is_flag=True, help="Do not ask the anchors that decant.toml names.")
@click.pass_obj
def verify(session: Session, head: str | None, strict: bool, no_anchors: bool) -> int:
    """Verify chain, places, signatures and anchors of every entry.

    \b
        decant ledger verify
        decant ledger verify --head 3f0c…

    It says how many entries each key signed. An entry by a key that decant.toml does not trust is
    named: it proves nothing, and is no fault unless --strict says so. Exit code 4 when the ledger
    is not whole, with the first entry that is wrong; 3 when an anchor cannot vouch for it. Without
    anchors keep the head that it prints somewhere else: only against it does a cut tail show.
    """
    from migrate.anchoring import holdings
    from migrate.ledger.trust import trust_of

    estate = session.estate()
    trust = trust_of(estate)
    found = _audited(session, trust)
    _refuse_lost(found, head)
    held = () if no_anchors else holdings(estate, found.verification, trust)
    _tell_signers(found, trust)
    _tell_strangers(session, found)
    doubted = _tell_anchors(held)
    if strict and found.strangers:
        are = amount(len(found.strangers), "entry is", "entries are")
        raise RefusedError(
            f"{are} not signed by keys that may say what they say",
            hint="find out whose keys they are; a key that was trusted then may stay in trusted",
        )
    return PARTLY_UNKNOWN if doubted else FINE


@ledger.command()
@click.argument("server", required=False)
@format_option()
@click.pass_obj
def show(session: Session, server: str | None, form: str) -> None:
    """List the entries, oldest first; all, or those about one server.

    \b
        decant ledger show web-1

    By whom an entry is signed is what it says of itself: decant ledger verify verifies it. In a
    table it is told where it is neither the tool nor the person who speaks; JSON and CSV tell all.
    """
    from inventory.store.chain import rows
    from inventory.store.servers import find_server, roster
    from migrate.ledger.trust import trust_of

    estate = session.estate()
    trust = trust_of(estate)
    with session.store(estate) as store:
        names = {record: each.name for each in roster(store) for record in (each.id, *each.also)}
        asked_for = find_server(store, server) if server else None
        entries = rows(store)
    if asked_for:
        mine = {asked_for.id, *asked_for.also}
        entries = tuple(each for each in entries if each.subject in mine)
    told = [_row(each, names, trust) for each in entries]
    columns: tuple[str, ...] = ("entry", "at", "kind", "server", "signer", "what", "id")
    if form == "table":
        told = [_short(each) for each in told]
        columns = ("entry", "at", *(() if asked_for else ("server",)), "what", "id")
    print_rows(told, columns, form, empty="nothing has been entered yet")


@ledger.command()
@click.option(
    "--bundle",
    type=click.Path(path_type=Path, file_okay=False),
    help="A new folder, for public tools: an envelope a file, public keys, how to verify them.",
)
@click.pass_obj
def export(session: Session, bundle: Path | None) -> None:
    """Print every entry as one line of JSON, or write a bundle that public tools verify.

    \b
        decant ledger export > ledger.jsonl
        decant ledger export --bundle evidence && sh evidence/verify.sh

    A bundle needs nothing of Decant to be verified; its README.md says how.
    """
    from inventory.store.chain import each_row
    from migrate.ledger.bundle import write_bundle
    from migrate.ledger.statements import UnreadableError
    from migrate.ledger.trust import trust_of

    estate = session.estate()
    with session.store(estate) as store:
        if bundle is None:
            for row in each_row(store):
                line = asdict(row)
                line["at"] = line.pop("moment")
                click.echo(json.dumps(line, sort_keys=True, ensure_ascii=False))
            return
        try:
            count = write_bundle(each_row(store), trust_of(estate), bundle)
        except UnreadableError as error:
            raise StoreError(f"an entry cannot be read: {error}", hint=_RESTORE) from error
    session.say(f"wrote {amount(count, 'entry', 'entries')}; verify them: sh {bundle}/verify.sh")
    click.echo(bundle)


@ledger.command()
@click.pass_obj
def anchor(session: Session) -> None:
    """Keep the ledger's head in every place that decant.toml names, signed and locked.

    \b
        decant ledger anchor

    Run it from cron, and after each act. The ledger is verified first. From then on nothing is
    decommissioned unless the ledger still holds every head that is kept. The places:

    \b
        [ledger]
        anchors = ["file:/mnt/worm/decant.heads", "s3://BUCKET/PREFIX?days=2557",
                   "azblob://ACCOUNT/CONTAINER"]

    Exit code 4 when the ledger is not whole, 3 when a place does not answer or refuses.
    """
    from migrate.anchoring import holdings, open_anchors
    from migrate.ledger.anchors import keep_head
    from migrate.ledger.trust import trust_of
    from migrate.workbench import tool_signer

    estate = session.estate()
    trust, anchors = trust_of(estate), open_anchors(estate)
    if not anchors:
        raise BadInputError(
            "no place is named in which a head could be kept",
            hint='[ledger] anchors = ["file:PATH"]; see decant ledger anchor --help',
            place=Place(file=estate.file, field="ledger.anchors"),
        )
    signer = tool_signer(estate)
    found = _audited(session, trust).verification
    faults = [each.fault for each in holdings(estate, found, trust) if each.fault]
    if faults:
        raise _not_whole(found.entries, faults[0])
    for each in keep_head(anchors, found, at=session.now(), signer=signer):
        click.echo(each)


def _audited(session: Session, trust: Trust) -> Audit:
    from migrate.ledger.audit import audit

    with session.store(session.estate()) as store:
        try:
            found = audit(store, trust)
        except StoreError as error:
            raise RefusedError(f"the ledger is not whole: {error}", hint=_RESTORE) from error
    if found.verification.fault:
        raise _not_whole(found.verification.entries, found.verification.fault)
    return found


def _refuse_lost(found: Audit, head: str | None) -> None:
    if head is None:
        return
    if head.endswith("…"):
        raise UsageError("a head is given whole", hint="as decant ledger verify printed it")
    lost = found.verification.lacking([head])
    if lost:
        why = f"it does not hold {lost[0]}: its tail was cut or rewritten"
        raise _not_whole(found.verification.entries, why)


def _not_whole(entries: int, fault: str) -> RefusedError:
    return RefusedError(
        f"the ledger is not whole after entry {entries}: {fault}",
        hint="restore the database from a copy; nothing is decommissioned until then",
    )


def _tell_signers(found: Audit, trust: Trust) -> None:
    from migrate.ledger.audit import holder_of

    whole = found.verification
    click.echo(f"whole: {amount(whole.entries, 'entry', 'entries')}, head {whole.head}")
    for key, count in sorted(found.signed.items(), key=lambda each: -each[1]):
        click.echo(f"{count:7} signed by {holder_of(key, trust)}, {key}")


def _tell_strangers(session: Session, found: Audit) -> None:
    from inventory.store.servers import roster

    if not found.strangers:
        return
    with session.store(session.estate()) as store:
        names = {record: each.name for each in roster(store) for record in (each.id, *each.also)}
    click.echo(f"{len(found.strangers):7} by keys that may not say it; they prove nothing:")
    for each in found.strangers:
        server = names.get(each.server_id, each.server_id)
        click.echo(f"        entry {each.seq}, {each.kind} of {server}, {each.key}: {each.why}")


def _tell_anchors(held: Iterable[Holding]) -> bool:
    doubted = False
    for each in held:
        if each.fault:
            raise RefusedError(f"the ledger is not whole: {each.fault}", hint=_RESTORE)
        if each.newest is not None:
            heads = amount(each.heads, "head")
            click.echo(f"{each.where}: all of {heads} are in it, up to entry {each.newest.entries}")
        if each.unknown:
            doubted = True
            click.echo(f"not vouched for: {each.unknown}", err=True)
    return doubted


def _row(row: ChainRow, names: Mapping[str, str], trust: Trust) -> dict[str, object]:
    from migrate.cli._ledger_told import told
    from migrate.ledger.audit import holder_of
    from migrate.ledger.statements import UnreadableError, entry_of, read_envelope

    try:
        signed = read_envelope(row.body)
        signer = holder_of(signed.key, trust)
        what = told(entry_of(signed, row.digest, signed.key))
    except UnreadableError as error:
        signer, what = "", f"cannot be read: {error}"
    return {
        "entry": row.seq,
        "at": row.moment[:19].replace("T", " "),
        "kind": row.kind,
        "server": names.get(row.subject, row.subject),
        "signer": signer,
        "what": what,
        "id": row.digest,
    }


def _short(row: Mapping[str, object]) -> dict[str, object]:
    """Return an entry as it fits a terminal: to the minute, with the beginning of its id."""
    signer, what = str(row["signer"]), str(row["what"])
    speaks = what.startswith(signer.partition(" (")[0])
    return {
        **row,
        "at": str(row["at"])[:_MINUTE],
        "what": what if speaks or signer == "the tool" else f"{what} [signed by {signer}]",
        "id": str(row["id"])[:_SHORT],
    }


COMMAND = ledger
