"""Agree, for one partner, to exactly what was proved."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from inventory.amount import amount
from inventory.session import Session
from migrate.cli._signing import own_key, signing_options
from migrate.model.event import Event, Happening

if TYPE_CHECKING:
    from migrate.model.evidence import Approval
    from migrate.stages.approve import Agreed


@click.command()
@click.argument("server")
@click.option("--as", "person", required=True, metavar="PERSON", help="Who agrees.")
@click.option("--stage", help="Stage of the playbook; the first that lacks this person's word.")
@click.option("--withdraw", is_flag=True, help="Take an approval back.")
@signing_options
@click.pass_obj
def approve(
    session: Session,
    server: str,
    person: str,
    stage: str | None,
    withdraw: bool,
    key: str | None,
    passphrase_from: str | None,
) -> None:
    """Agree, for one partner, to exactly what was proved.

    \b
        decant approve web-1 --as "Jane Doe"
        decant approve web-1 --as "Jane Doe" --key file:~/.ssh/jane

    The approval is signed by the person's own key, from ssh-agent, DECANT_KEY or ~/.ssh unless
    --key names another place. It names the evidence that counts now, and counts for nothing else:
    when a check is run again, or a server changes, it has to be given again. Who may speak for a
    partner stands in decant.toml. What stands already is not entered twice. Exit code 4 when there
    is nothing to agree to yet.
    """
    from migrate.notify.telling import notify
    from migrate.selection import one_move
    from migrate.stages.approve import run
    from migrate.workbench import open_workbench

    sign = own_key(key, passphrase_from)
    with open_workbench(session) as bench:
        move = one_move(bench.store, server)
        agreed = run(bench, move, person=person, sign=sign, stage_name=stage, withdraw=withdraw)
        if agreed.entered:
            notify(bench.estate, (_event(move.server, agreed.approval),))
    click.echo(_words(agreed, server))


def _words(agreed: Agreed, server: str) -> str:
    approval = agreed.approval
    who = f"{approval.person} ({approval.partner})"
    if approval.withdrawn:
        return f"{who} takes back the approval of {server}"
    what = f"{amount(len(approval.evidence), 'result')} for {server}"
    ends = f"counts until {approval.expires:%Y-%m-%d %H:%M} UTC"
    if agreed.entered:
        return f"{who} agrees to {what}; {ends}"
    return (
        f"{who} agreed to {what} already, on {approval.at:%Y-%m-%d %H:%M} UTC; {ends}; "
        "nothing was entered"
    )


def _event(server: str, approval: Approval) -> Event:
    does = "takes the approval back" if approval.withdrawn else "agrees"
    return Event(
        happening=Happening.APPROVED,
        server=server,
        stage=approval.stage,
        words=f"{approval.person} ({approval.partner}) {does}",
        at=approval.at,
    )


COMMAND = approve
