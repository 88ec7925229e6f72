"""Show where every server stands, what blocks it, and what comes next."""

from __future__ import annotations

import click

from inventory.output import format_option, print_rows
from inventory.session import Session


@click.command()
@format_option()
@click.pass_obj
def status(session: Session, form: str) -> None:
    """Show where every server stands, what blocks it, and what comes next.

    \b
        decant status

    It tells what the record says and looks at no server; whether a server has changed since its
    tests is seen by decant decommission, which looks afresh.
    """
    from migrate.stages.status import run
    from migrate.workbench import open_workbench

    with open_workbench(session) as bench:
        standings = run(bench)
    columns = ("wave", "server", "to", "state", "blocks", "next")
    rows = [vars(each) for each in standings]
    print_rows(rows, columns, form, empty="no server is known yet: run decant discover")


COMMAND = status
