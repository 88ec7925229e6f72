"""Launch, cut over and finalise by a migration service, when the gate allows it."""

from __future__ import annotations

from typing import Any

import click

from inventory.session import Session
from migrate.cli._acting import carry_on, options


@click.command()
@options
def migrate(session: Session, server: str, **given: Any) -> int:
    """Do the next act of a migration service for a server, when the gate allows it.

    \b
        decant migrate web-1
        decant migrate web-1 --explain
        decant migrate web-1 --apply

    AWS Application Migration Service: launch a copy to test, mark as ready, start the cut-over,
    finalise. Azure Site Recovery: test failover, clean up, failover, commit. It is the next act of
    the server's playbook, behind the same gate as decant decommission, and never one on the old
    server itself. Launches take long: this waits two minutes, or as long as the move says, and the
    next run looks at the service what became of it. Nothing is sent twice. --undo takes the last
    act back where the service can, which needs nobody's leave. Without --apply nothing is changed.
    Exit code 4 when it is refused, 3 when it is not over yet or cannot be told.
    """
    return carry_on(session, server, migrating=True, **given)


COMMAND = migrate
