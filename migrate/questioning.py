"""Ask a server something beside discovery's questions: one script, in bounded time."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from inventory.model.asking import Transport
from inventory.model.target import Target
from inventory.registry import Registry

if TYPE_CHECKING:
    from inventory.model.asking import Access, Limits, Reply


def ask_server(
    access: Access, limits: Limits, target: str, script: str, *, seconds: float, most_bytes: int
) -> Reply:
    """Run a script that changes nothing on a server, and return what it said.

    Raises:
        DecantError: the target cannot be read, is not reached, or does not let us in.

    """
    asked = Target.parse(target)
    transports = Registry(package="inventory.transports", attribute="TRANSPORT", kind=Transport)
    asker = transports.one(asked.transport).value.open(access)
    try:
        return asker.ask(
            asked, script, replace(limits, server_seconds=seconds, answer_bytes=most_bytes)
        )
    finally:
        asker.close()
