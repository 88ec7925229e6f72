"""Agree, for one partner, to exactly what was proved."""

from __future__ import annotations

import click

from inventory.session import Session


@click.command()
@click.argument("server")
@click.option("--as", "person", required=True, metavar="PERSON", help="Who agrees.")
@click.option("--partner", required=True, help="The partner for whom they speak.")
@click.option("--withdraw", is_flag=True, help="Take an approval back.")
@click.pass_obj
def approve(session: Session, server: str, person: str, partner: str, withdraw: bool) -> None:
    """Agree, for one partner, to exactly what was proved.

    \b
        decant approve web-1 --as "Jane Doe" --partner SBC

    The approval names the evidence that counts now, and counts for nothing else: when a check is
    run again, or a server changes, it has to be given again. Who may speak for a partner stands in
    decant.toml. Exit code 4 when there is nothing to agree to yet.
    """
    from migrate.selection import one_move
    from migrate.stages.approve import run
    from migrate.workbench import open_workbench

    with open_workbench(session) as bench:
        move = one_move(bench.store, server)
        approval = run(bench, move, person=person, partner=partner, withdraw=withdraw)
    if approval.withdrawn:
        click.echo(f"{approval.person} ({approval.partner}) takes back the approval of {server}")
        return
    count = len(approval.evidence)
    what = "1 result" if count == 1 else f"{count} results"
    click.echo(
        f"{approval.person} ({approval.partner}) agrees to {what} for "
        f"{server}; counts until {approval.expires:%Y-%m-%d %H:%M} UTC"
    )


COMMAND = approve
