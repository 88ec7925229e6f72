"""Servers that are reached through SSH, verified by their host keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from inventory.model.asking import Transport

if TYPE_CHECKING:
    from inventory.model.asking import Access, Asker


def _open(access: Access) -> Asker:
    # paramiko takes a third of a second to import: only a run that asks pays for it.
    from inventory.ssh.asker import open_asker

    return open_asker(access)


TRANSPORT = Transport(open=_open)
