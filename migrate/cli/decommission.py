"""Take an old server out of service, one act at a time, when the gate allows it."""

from __future__ import annotations

from typing import Any

import click

from inventory.session import Session
from migrate.cli._acting import carry_on, options


@click.command()
@options
def decommission(session: Session, server: str, **given: Any) -> int:
    """Take an old server out of service, one act at a time, when the gate allows it.

    \b
        decant decommission web-1
        decant decommission web-1 --explain
        decant decommission web-1 --apply

    The next act of the playbook is tried: stopping services, closing the firewall, powering off.
    Both servers and the cloud resource are looked at now. Only when every condition of the
    playbook is met by fresh, passed, signed evidence for exactly what stands there, agreed to by
    the partners, is it done; there is no flag that skips this. Without --apply nothing is changed.
    --undo takes the last act back, which needs nobody's leave. A run that was cut off loses
    nothing: the next one looks what became of it, and says so. One run is at work at a time.
    Acts of migration services are done by decant migrate, and not by this.
    Exit code 4 when it is refused, 3 when what became of it cannot be told.
    """
    return carry_on(session, server, migrating=False, **given)


COMMAND = decommission
