"""Servers that are reached through SSH, verified by their host keys."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from inventory.model.asking import Transport

if TYPE_CHECKING:
    from inventory.model.asking import Access, Asker


def _open(access: Access) -> Asker:
    # paramiko takes a third of a second to import: only a run that asks pays for it.
    with _without("invoke"):
        from inventory.ssh.asker import open_asker
    return open_asker(access)


@contextmanager
def _without(module: str) -> Iterator[None]:
    """Keep a module from being imported meanwhile, unless it is there already.

    paramiko would import invoke, for commands in ssh_config that Decant never runs, and does
    without it when it is not installed. It takes a quarter of the time of importing paramiko.
    """
    if module in sys.modules:
        yield
        return
    sys.modules[module] = None  # type: ignore[assignment]  # how Python is told that there is none
    try:
        yield
    finally:
        sys.modules.pop(module, None)


TRANSPORT = Transport(open=_open)
